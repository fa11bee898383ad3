"""What people of the demonstration said of the last weeks' sessions, and two letters to the director."""

import random
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import func, select

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.attendance.models import CAME, Attendance
from center.demo.scene import Scene
from center.feedback import answering, complaints, rules
from center.feedback.models import Following, Liking
from center.feedback.rules import Said
from center.feedback.tickets import hold_round, ticket_for
from center.organisations.models import Organisation
from center.people.models import Person

SESSIONS, LEAST_CAME = 14, 6
ANSWER_OF_TEN = 7  # of those who were asked
LIKINGS = (*(Liking.VERY_GOOD,) * 5, *(Liking.GOOD,) * 4, *(Liking.SO_SO,) * 2, Liking.NOT_GOOD)
HOW_FOLLOWED = (*(Following.YES,) * 6, *(Following.PARTLY,) * 2, Following.NO)
WORDS = (
    "老师讲得耐心，下次还来。",
    "后排听不太清，话筒声音可以大一点。",
    "椅子有点硬，坐久了腰疼。",
    "认识了好几位邻居。",
    "开始得有点晚，等了一刻钟。",
    "字幕太小，眼睛看着累。",
)
COMPLAINT = "三楼厕所的扶手松了，说过两次还没有修，老人怕摔。"
OLD_COMPLAINT = "活动结束后乐器没有收好，过道堵了一晚上。"
ANSWER = "谢谢您告诉我们。已经和艺术团约定：散场十五分钟内把乐器收进库房，由当晚值班的人检查。"


def hear_people(scene: Scene) -> None:
    """Ask those who came to some sessions of the last weeks; most of them answered, a few under their name."""
    chance = random.Random(f"feedback {scene.today}")  # noqa: S311
    for session in _sessions(scene):
        _ask_and_answer(scene, session, chance)
    _write_to_the_director(scene)
    scene.session.flush()


def _sessions(scene: Scene) -> Sequence[Session]:
    """The latest sessions with enough people, each of another activity where there are so many."""
    came = select(func.count()).select_from(Attendance).where(
        Attendance.session_id == Session.id, Attendance.status.in_(CAME)
    )  # fmt: skip
    query = (
        select(Session)
        .join(Session.activity)
        .where(
            Session.ends_at <= scene.now - rules.ASK_WITHIN,
            Session.ends_at > scene.now - timedelta(days=45),
            Session.state != SessionState.CANCELLED,
            Activity.state == ActivityState.PUBLISHED,
            ~Activity.is_confined,
            came.scalar_subquery() >= LEAST_CAME,
        )
        .order_by(Session.ends_at.desc(), Session.id)
    )
    found = scene.session.scalars(query).all()
    first: dict[int, Session] = {}
    for each in found:
        first.setdefault(each.activity_id, each)
    rest = [each for each in found if each not in first.values()]
    return [*first.values(), *rest][:SESSIONS]


def _ask_and_answer(scene: Scene, session: Session, chance: random.Random) -> None:
    asked_at = session.ends_at + timedelta(hours=2)
    found = hold_round(session, now=asked_at)
    query = select(Person).join(Attendance, Attendance.person_id == Person.id)
    came = query.where(Attendance.session_id == session.id, Attendance.status.in_(CAME)).order_by(Person.id)
    tickets = [ticket_for(found, person) for person in scene.session.scalars(came)]
    scene.session.flush()
    for number, ticket in enumerate(tickets):
        if chance.randrange(10) >= ANSWER_OF_TEN:
            continue
        words = chance.choice(WORDS) if chance.randrange(3) == 0 else ""
        said = Said(
            liking=chance.choice(LIKINGS), following=chance.choice(HOW_FOLLOWED), words=words, is_named=number % 9 == 4
        )
        answering.answer(ticket, said, now=asked_at)
    if found.closes_at <= scene.now:
        answering.close(found, now=scene.now)


def _write_to_the_director(scene: Scene) -> None:
    """One letter about the centre waits; one about a troupe, without a name, is answered."""
    centre, troupe = (
        scene.session.get_one(Organisation, scene.organisations[slug]) for slug in ("centre", "red-culture-troupe")
    )
    complaints.complain(centre, COMPLAINT, person=scene.person("resident"), now=scene.now - timedelta(days=1))
    old = complaints.complain(troupe, OLD_COMPLAINT, person=None, now=scene.now - timedelta(days=12))
    complaints.answer(old, ANSWER, by=scene.person("director"), now=scene.now - timedelta(days=10))
