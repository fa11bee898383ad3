"""The demonstration's wishes: who comes to the told films in a wheelchair, with a companion, and is picked up."""

import random
from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session as DbSession

from center.demo.scene import Scene
from center.kernel.i18n import local_date
from center.organisations.models import MemberRole, Membership
from center.people.models import Person
from center.signups.answers import NO, YES
from center.signups.models import Answer, Pool, PoolKind, Question, QuestionKind, Roster, SignUp, SignUpState
from center.signups.models.attendee_lists import Driver

FILMS = "told-films"
SEATS = ("靠前", "靠走道", "都可以")
NOTES = ("眼睛怕强光，想坐暗一点。", "听力不好，请大声一点。", "第一次来，请在门口接一下。")
COMPANIONS, PICK_UPS, ANSWER_SHARE = 5, 4, 0.9


def add_film_wishes(scene: Scene, *, chance: random.Random) -> None:
    """Two questions with answers, seats for companions and wheelchairs, pick-ups, and who drives."""
    session = scene.session
    session.flush()
    query = select(Roster).join(Roster.activity).join(Roster.session)
    films = session.scalars(query.where(Roster.activity.has(slug=FILMS)).order_by(Roster.id)).all()
    ahead = [roster for roster in films if roster.session is not None and roster.session.starts_at > scene.now]
    for roster in ahead:
        questions = _ask(session, roster)
        confirmed = _confirmed(session, roster)
        if not confirmed:
            continue
        _seat_in_wheelchair(scene, roster, confirmed)
        for sign_up in chance.sample(confirmed, min(COMPANIONS, len(confirmed))):
            _seat_companion(roster, sign_up)
        fetched = [each for each in confirmed if _has_door(session, each)][:PICK_UPS]
        for sign_up in fetched:
            sign_up.wants_pick_up = True
        for sign_up, words in zip(confirmed[-len(NOTES) :], NOTES, strict=False):
            sign_up.note = words
        for sign_up in confirmed:
            _answer(session, sign_up, questions, chance)
    _name_driver(scene, ahead)
    session.flush()


def _ask(session: DbSession, roster: Roster) -> list[Question]:
    facts = (
        (QuestionKind.YES_NO, "要借耳机吗？", "Would you like to borrow headphones?", ""),
        (QuestionKind.CHOICE, "想坐哪里？", "Where would you like to sit?", "\n".join(SEATS)),
    )
    made = [
        Question(roster_id=roster.id, kind=kind, words=words, words_en=english, choices=choices, position=n)
        for n, (kind, words, english, choices) in enumerate(facts, start=1)
    ]
    session.add_all(made)
    session.flush()
    return made


def _confirmed(session: DbSession, roster: Roster) -> Sequence[SignUp]:
    query = select(SignUp).where(SignUp.roster_id == roster.id, SignUp.state == SignUpState.CONFIRMED)
    return session.scalars(query.order_by(SignUp.queue_order)).all()


def _pool(roster: Roster, kind: PoolKind) -> Pool:
    return next(pool for pool in roster.pools if pool.kind is kind)


def _seat_in_wheelchair(scene: Scene, roster: Roster, confirmed: Sequence[SignUp]) -> None:
    """The man of the cast who uses a wheelchair comes to each film; one more at a place for wheelchairs."""
    places = _pool(roster, PoolKind.WHEELCHAIR)
    who = scene.cast["wheelchair"]
    is_there = any(each.person_id == who for each in confirmed)
    for n, sign_up in enumerate(confirmed[:2]):
        if n == 0 and not is_there:
            sign_up.person_id = who
            scene.session.flush()
            scene.session.expire(sign_up, ["person"])
        if sign_up.pool is not None and sign_up.pool.kind is not PoolKind.WHEELCHAIR and places.left:
            sign_up.pool.taken -= 1
            places.taken += 1
            sign_up.pool = places
        sign_up.uses_wheelchair = True


def _seat_companion(roster: Roster, sign_up: SignUp) -> None:
    seats = _pool(roster, PoolKind.COMPANION)
    if seats.left:
        seats.taken += 1
        sign_up.companion_pool_id, sign_up.wants_companion = seats.id, True


def _has_door(session: DbSession, sign_up: SignUp) -> bool:
    person = session.get_one(Person, sign_up.person_id)
    return bool(person.building_id and person.door)


def _answer(session: DbSession, sign_up: SignUp, questions: Sequence[Question], chance: random.Random) -> None:
    for question in questions:
        if chance.random() < ANSWER_SHARE:
            says = chance.choice((YES, NO) if question.kind is QuestionKind.YES_NO else SEATS)
            session.add(Answer(sign_up_id=sign_up.id, question_id=question.id, says=says))


def _name_driver(scene: Scene, rosters: Sequence[Roster]) -> None:
    """The grid worker helps the organisation out, and drives to the next films."""
    if not rosters:
        return
    driver, activity = scene.cast["grid"], rosters[0].activity
    since = local_date(scene.now - timedelta(days=200))
    who = {"organisation_id": activity.organisation_id, "person_id": driver}
    scene.session.add(Membership(**who, role=MemberRole.MEMBER, starts_on=since))
    for roster in rosters[:2]:
        assert roster.session_id is not None
        row = {"session_id": roster.session_id, "person_id": driver}
        scene.session.add(Driver(**row, named_by_id=activity.created_by_id, named_at=scene.now - timedelta(days=1)))
