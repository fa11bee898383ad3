"""A month of the troupe's volunteers: certified hours, some that wait, a forgotten end, and a day that is too long."""

import random
from collections.abc import Sequence
from datetime import date, timedelta

from sqlalchemy import select

from center.activities.kinds import all_kinds
from center.activities.models import Activity, ActivityChange, ActivityEvent, ActivityState, Session, SessionState
from center.activities.titles import reading
from center.attendance.models import Register, RegisterState
from center.attendance.models.hours import Shift, ShiftState
from center.demo.bookings import references_by
from center.demo.population import GROWN
from center.demo.scene import Scene
from center.organisations.models import Organisation
from center.people.acting import Ground
from center.signups.models import Audience, Channel, Mode, Pool, PoolKind, Roster, SignUp, SignUpGroup, SignUpState
from center.signups.models.attendee_lists import PlaceHeld
from center.signups.models.history import SignUpChange, SignUpEvent

TROUPE = "red-culture-troupe"
TITLE, TITLE_EN, SLUG = "周末巡演志愿服务", "Helping at the weekend shows", "weekend-show-helpers"
SUMMARY, SUMMARY_EN = "搬道具、引座、照看老人。", "Carrying props, showing people to their seats, looking after elders."
PLACE, PLACE_EN = "小区各广场", "The squares of the estate"
WEEKS_BACK, WEEKS_AHEAD = 5, 2
HELPERS = 5
USUAL = (((9, 0), (11, 30)), ((14, 0), (17, 0)))
LONG = (((8, 30), (12, 0)), ((13, 0), (18, 30)))  # nine hours for whoever stays


def give_hours(scene: Scene) -> None:
    """The activity with its dates, its volunteers, and what they gave on each."""
    _Giving(scene).run()


class _Giving:
    def __init__(self, scene: Scene) -> None:
        self.session, self.scene, self.now = scene.session, scene, scene.now
        self.lead, self.desk, self.resident = scene.leads[TROUPE], scene.cast["clerk"], scene.cast["resident"]
        self.references = references_by(random.Random(f"hours {scene.today}"))  # noqa: S311

    def run(self) -> None:
        """Dates every Saturday; the latest one that is over is a long day, and one end of it was forgotten."""
        saturday = self.scene.today - timedelta(days=(self.scene.today.weekday() - 5) % 7 or 7)
        days = [saturday + timedelta(weeks=week) for week in range(-WEEKS_BACK, WEEKS_AHEAD + 1)]
        activity = self._activity(made_on=days[0] - timedelta(days=7))
        sessions = [
            self._session(activity, day, hours) for day in days for hours in (LONG if day == saturday else USUAL)
        ]
        volunteers = self._volunteers()
        self._sign_up(activity, volunteers, sessions[0])
        self.session.flush()
        over = [each for each in sessions if each.ends_at <= self.now]
        for number, session in enumerate(over):
            self._sign_register(session)
            self._give(session, volunteers, back=len(over) - 1 - number)
        self.session.flush()

    def _activity(self, *, made_on: date) -> Activity:
        made_at = self.scene.at(made_on, 10)
        kind = next(each.id for each in all_kinds())
        activity = Activity(
            organisation=self.session.get_one(Organisation, self.scene.organisations[TROUPE]), kind_id=kind,
            slug=SLUG, title=TITLE, title_en=TITLE_EN, sort_key=reading(TITLE), summary=SUMMARY,
            summary_en=SUMMARY_EN, place=PLACE, place_en=PLACE_EN, expected=20, state=ActivityState.PUBLISHED,
            created_by_id=self.lead, created_at=made_at, submitted_at=made_at,
            published_at=made_at + timedelta(hours=5), changed_at=made_at + timedelta(hours=5),
        )  # fmt: skip
        self.session.add(activity)
        self.session.flush()
        for hours, by, what in (
            (0, self.lead, ActivityChange.CREATED),
            (0, self.lead, ActivityChange.SUBMITTED),
            (5, self.scene.cast["director"], ActivityChange.PUBLISHED),
        ):
            at = made_at + timedelta(hours=hours)
            self.session.add(ActivityEvent(activity_id=activity.id, at=at, by_id=by, what=what))
        return activity

    def _session(self, activity: Activity, day: date, hours: tuple[tuple[int, int], tuple[int, int]]) -> Session:
        starts_at, ends_at = (self.scene.at(day, *clock) for clock in hours)
        state = SessionState.HELD if ends_at <= self.now else SessionState.SCHEDULED
        facts = {"starts_at": starts_at, "ends_at": ends_at, "state": state, "changed_at": activity.changed_at}
        made = Session(activity=activity, **facts)
        self.session.add(made)
        return made

    def _volunteers(self) -> list[int]:
        """The resident who signs in, and grown-ups without a part."""
        busy = {*self.scene.cast.values(), *self.scene.leads.values()}
        grown = [each.id for each in self.scene.everybody if GROWN <= each.age < 75 and each.id not in busy]
        step = max(1, len(grown) // HELPERS)
        return [self.resident, *grown[::step][:HELPERS]]

    def _sign_up(self, activity: Activity, volunteers: Sequence[int], first: Session) -> None:
        roster = Roster(
            activity=activity, audience=Audience.VOLUNTEERS, mode=Mode.FIRST_COME, first_at=first.starts_at,
            last_order=len(volunteers),
        )  # fmt: skip
        pool = Pool(kind=PoolKind.GENERAL, capacity=10, position=0, taken=len(volunteers))
        roster.pools = [pool]
        self.session.add(roster)
        self.session.flush()
        known = set(self.session.scalars(select(SignUp.reference)))
        for order, person in enumerate(volunteers, start=1):
            at = activity.changed_at + timedelta(hours=order)
            key = f"demo-volunteer-{order}"
            group = SignUpGroup(roster_id=roster.id, signed_by_id=person, request_key=key, made_at=at)
            reference = next(each for each in self.references if each not in known)
            sign_up = SignUp(
                reference=reference, roster=roster, person_id=person, group=group, pool=pool,
                state=SignUpState.CONFIRMED, queue_order=order, signed_by_id=person, ground=Ground.SELF,
                channel=Channel.ONLINE, made_at=at, changed_at=at,
            )  # fmt: skip
            sign_up.held.add(PlaceHeld(from_at=at))
            what = SignUpChange.CONFIRMED
            self.session.add_all(
                [sign_up, SignUpEvent(sign_up=sign_up, at=at, by_id=person, what=what, channel=Channel.ONLINE)]
            )

    def _sign_register(self, session: Session) -> None:
        """Nobody signs up to look on; the lead has closed the empty register."""
        opened_at, closed_at = session.starts_at, min(session.ends_at + timedelta(minutes=10), self.now)
        self.session.add(
            Register(
                session_id=session.id, state=RegisterState.CLOSED, opened_at=opened_at, opened_by_id=self.lead,
                closed_at=closed_at, closed_by_id=self.lead, remark="观众自由来去，没有点名。",
            )
        )  # fmt: skip

    def _give(self, session: Session, volunteers: Sequence[int], *, back: int) -> None:
        """What each gave: the last three dates wait, earlier ones are certified; nobody came every time."""
        for number, person in enumerate(volunteers):
            is_long_day, stays = back < 2, number == 1  # on that day one helps all day long, the others half of it
            if (not stays and number % 2 == back) if is_long_day else (number + back) % 4 == 3:
                continue
            shift = self._shift(session, person, late=5 * number, is_forgotten=(number, back) == (3, 0))
            if back >= 3 and shift.out_at is not None:
                shift.state = ShiftState.CERTIFIED
                shift.certified_by_id, shift.certified_at = self.lead, session.ends_at + timedelta(days=1)
            if (number, back) == (0, 4):
                shift.state, shift.certified_by_id, shift.certified_at = ShiftState.REFUSED, None, None
                shift.refused_by_id, shift.refused_at = self.lead, session.ends_at + timedelta(days=1)
                shift.reason = "那天下午提前回去接孩子了，请与领队核对时间。"
            self.session.add(shift)
            self.session.flush()

    def _shift(self, session: Session, person: int, *, late: int, is_forgotten: bool) -> Shift:
        in_at = session.starts_at + timedelta(minutes=late)
        shift = Shift(
            session_id=session.id, person_id=person, state=ShiftState.FORGOTTEN, in_at=in_at,
            day=in_at.astimezone(self.scene.zone).date(), recorded_by_id=self.lead, recorded_at=in_at,
        )  # fmt: skip
        if not is_forgotten:
            out_at = session.ends_at
            shift.state, shift.out_at, shift.out_by_id, shift.out_said_at = ShiftState.DONE, out_at, self.desk, out_at
        return shift
