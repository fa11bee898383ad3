"""The registers of the demonstration: a month of them closed and signed, one open at this moment, and what waits."""

import random
import secrets
import uuid
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.attendance import cards, devices, recording, registers, roll_actions
from center.attendance.models import (
    Admission,
    Admitted,
    Attendance,
    AttendanceEvent,
    How,
    Outcome,
    Register,
    RegisterState,
    Status,
    Verb,
    Why,
)
from center.attendance.models.devices import Device
from center.attendance.recording import Said, Sent
from center.bookings.visits import welfare
from center.demo.population import GROWN
from center.demo.programme import EXTRA
from center.demo.rounds import neighbours, tell_at_doors
from center.demo.scene import Scene
from center.people.models import Person
from center.signups.attendee_lists.queries import coming_to

OPENED_BEFORE, SIGNED_AFTER = timedelta(minutes=20), timedelta(minutes=10)
AMENDED_EVERY = 6  # registers in which somebody was absent
LATELY = timedelta(days=7)  # so long ago that nobody has asked yet how somebody is
# Of a hundred who are expected: so many are there in time, late, on leave; the others do not come.
IN_TIME, LATE, ON_LEAVE = 80, 9, 6


def keep_registers(scene: Scene) -> None:
    """Write down who came to what is over, and who has come so far to what is on."""
    chance = random.Random(f"registers {scene.today}")  # noqa: S311
    over = _sessions_over(scene)
    keeping = _Keeping(scene, chance)
    for session in over[:-1]:  # of the latest nobody has taken the register yet
        keeping.keep(session)
    keeping.amend()
    now_on = _now_on(scene)
    device = _pair_device(scene)
    _take(scene, now_on, device, keeping.passers_by)
    tell_at_doors(scene, now_on)
    _leave_to_review(scene, keeping.missed[-1], now_on, device)
    cards.issue(scene.person("elder"), by=scene.person("clerk"), now=scene.now - timedelta(days=20))
    scene.session.flush()


class _Keeping:
    """Closed registers, written in the order that the database holds them to: open, filled, signed."""

    def __init__(self, scene: Scene, chance: random.Random) -> None:
        self.scene, self.session, self.chance = scene, scene.session, chance
        busy = {*scene.cast.values(), *scene.leads.values()}
        grown = [each.id for each in scene.everybody if each.age >= GROWN and each.id not in busy]
        self.missed: list[tuple[Session, Person]] = []
        self.passers_by = chance.sample(grown, min(len(grown), 120))

    def keep(self, session: Session) -> None:
        """One register, from its opening to its lead's signature."""
        lead = session.activity.created_by_id
        register = Register(
            session_id=session.id, state=RegisterState.OPEN, opened_at=session.starts_at - OPENED_BEFORE,
            opened_by_id=lead, remark="",
        )  # fmt: skip
        self.session.add(register)
        self.session.flush()
        rows = [self._expected(session, each.person_id, each.id) for each in coming_to(session)]
        rows += list(self._without_sign_up(session, lead, {each.person_id for each in rows}))
        self.session.add_all(rows)
        self.session.flush()
        closed_at = min(session.ends_at + SIGNED_AFTER, self.scene.now)
        register.state, register.closed_at, register.closed_by_id = RegisterState.CLOSED, closed_at, lead
        self.session.flush()
        absent = [each for each in rows if each.status is Status.EXPECTED]
        for each in absent:
            each.status = Status.ABSENT
        self.session.flush()
        missing = [self.session.get_one(Person, each.person_id) for each in absent]
        self.missed += [(session, each) for each in missing[:1]]
        if closed_at > self.scene.now - LATELY:
            welfare.ask_after(session.id, missing, now=closed_at)

    def amend(self) -> None:
        """Some of them were put right the next morning, since somebody had come whom nobody had seen."""
        for session, person in self.missed[1:-1:AMENDED_EVERY]:
            at = min(session.ends_at + timedelta(hours=15), self.scene.now)
            lead = self.session.get_one(Person, session.activity.created_by_id)
            why = "当时在后排帮忙，漏点了"
            registers.amend(session, person, status=Status.PRESENT, reason=why, by=lead, now=at)

    def _expected(self, session: Session, person_id: int, sign_up_id: int) -> Attendance:
        drawn = self.chance.randrange(100)
        row = Attendance(
            session_id=session.id, person_id=person_id, sign_up_id=sign_up_id, status=Status.EXPECTED, how=How.ROLL,
            came_late=False, is_walk_in=False,
        )  # fmt: skip
        if person_id == self.scene.cast["elder"] and session.ends_at > self.scene.now - LATELY:
            return row  # she lives alone and did not come: somebody is to ask how she is
        if drawn < IN_TIME:
            self._came(row, session, self.chance.randrange(-12, 6))
        elif drawn < IN_TIME + LATE:
            self._came(row, session, self.chance.randrange(16, 30))
        elif drawn < IN_TIME + LATE + ON_LEAVE:
            row.status = Status.ON_LEAVE
            self._say(row, session, Verb.ON_LEAVE, -30)
        return row

    def _came(self, row: Attendance, session: Session, minutes: int) -> None:
        row.arrived_at = session.starts_at + timedelta(minutes=minutes)
        row.came_late = minutes > 15
        row.status = Status.LATE if row.came_late else Status.PRESENT
        self._say(row, session, Verb.ARRIVED, minutes)

    def _say(self, row: Attendance, session: Session, verb: Verb, minutes: int) -> None:
        at = session.starts_at + timedelta(minutes=minutes)
        event = AttendanceEvent(session_id=session.id, person_id=row.person_id, verb=verb, how=row.how, at=at)
        event.recorded_at, event.by_id, event.outcome = at, session.activity.created_by_id, Outcome.ACCEPTED
        self.session.add(event)

    def _without_sign_up(self, session: Session, lead: int, expected: set[int]) -> Iterator[Attendance]:
        """Who walked in: where nobody signs up, all of them."""
        are_all = not expected
        number = self.chance.randrange(5, 12) if are_all else self.chance.choice((0, 0, 0, 1, 2))
        kind = Admitted.NO_ROSTER if are_all else Admitted.OVER_CAPACITY
        for person_id in self.chance.sample([each for each in self.passers_by if each not in expected], number):
            at = session.starts_at + timedelta(minutes=self.chance.randrange(0, 10))
            reason = "" if are_all else "还有一把椅子，不影响大家"
            allowed = Admission(
                session_id=session.id, person_id=person_id, kind=kind, reason=reason, by_id=lead, at=at
            )  # fmt: skip
            self.session.add(allowed)
            self.session.flush()
            row = Attendance(
                session_id=session.id, person_id=person_id, admission_id=allowed.id, how=How.WALK_IN,
                status=Status.PRESENT, came_late=False, is_walk_in=True,
            )  # fmt: skip
            self._came(row, session, int((at - session.starts_at) / timedelta(minutes=1)))
            yield row


def _take(scene: Scene, session: Session, device: Device, passers_by: Sequence[int]) -> None:
    """The register that is open now: most are here, one is on leave, two walked in, and one beyond all places."""
    lead, began = scene.person("lead"), session.starts_at
    expected = [each.person for each in coming_to(session) if each.person_id not in scene.cast.values()]
    near = [each for each in expected if each.id in neighbours(scene)]
    expected = [*near[:1], *(each for each in expected if each not in near), *near[1:]]
    registers.open_register(session, by=lead, now=began - OPENED_BEFORE)
    late = began + timedelta(minutes=16)
    for place, person in enumerate(expected[: len(expected) * 2 // 3]):
        at = began + timedelta(minutes=place - 12)
        roll_actions.arrive(session, person, how=How.ROLL, by=lead, now=at)
    for person in expected[-2:-1]:
        roll_actions.put_on_leave(session, person, how=How.ROLL, by=lead, now=began)
    sent = Sent(nonce=_nonce(scene, 1), device_at=late, sequence=1)
    roll_actions.arrive(session, expected[-3], how=How.SIGN_UP, by=device.made_by, now=late, device=device, sent=sent)
    left = began + timedelta(minutes=20)
    roll_actions.leave(session, expected[0], how=How.ROLL, by=lead, now=left)
    known = {each.id for each in expected}
    walkers = [scene.session.get_one(Person, each) for each in passers_by if each not in known][:3]
    for person in walkers[:2]:
        roll_actions.walk_in(session, person, by=lead, now=late)
    reason = "陪老伴来的，站着听，不占鼓"
    roll_actions.walk_in(session, walkers[2], override=reason, by=lead, now=left)


def _leave_to_review(scene: Scene, missed: tuple[Session, Person], now_on: Session, device: Device) -> None:
    """What a device sent and somebody has to decide: a number nobody knows, and somebody after the signature."""
    at = now_on.starts_at + timedelta(minutes=18)
    _send(scene, now_on, None, Why.UNKNOWN, device, 2, at)
    over, person = missed
    _send(scene, over, person, Why.CLOSED, device, 3, over.starts_at + timedelta(minutes=7))


def _send(
    scene: Scene, session: Session, person: Person | None, why: Why, device: Device, number: int, at: datetime
) -> None:
    sent = Sent(nonce=_nonce(scene, number), device_at=at, sequence=number, is_stored=True)
    how, code = (How.ROLL, "") if person else (How.SIGN_UP, "Q4X7-2KMN")
    heard = scene.now - timedelta(minutes=5)
    said = Said(verb=Verb.ARRIVED, how=how, by=device.made_by, now=heard, at=at, device=device, sent=sent)
    recording.note(session, person.id if person else None, said, Outcome.NEEDS_REVIEW, why=why, code=code)


def _pair_device(scene: Scene) -> Device:
    """A tablet at the entrance, paired this morning; nobody holds what it is known by."""
    made_at = scene.now - timedelta(hours=2)
    post = devices.Post(until=scene.today + timedelta(days=7))
    device, _code = devices.announce("入口平板", post, by=scene.person("clerk"), now=made_at)
    device.token_hash = devices.hash_of(secrets.token_urlsafe(32))
    device.paired_at, device.seen_at = made_at + timedelta(minutes=2), scene.now
    scene.session.flush()
    return device


def _nonce(scene: Scene, number: int) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"demo:{scene.today}:{number}"))


def _sessions_over(scene: Scene) -> list[Session]:
    query = (
        select(Session)
        .join(Session.activity)
        .where(
            Session.ends_at <= scene.now, Session.state != SessionState.CANCELLED,
            Activity.state == ActivityState.PUBLISHED,
        )
        .order_by(Session.ends_at, Session.id)
    )  # fmt: skip
    return list(scene.session.scalars(query))


def _now_on(scene: Scene) -> Session:
    """The session that is on at this moment, of the activity that always is."""
    slug = next(each.slug for each in EXTRA if each.is_weekly)
    query = select(Session).join(Session.activity).where(Activity.slug == slug, Session.starts_at <= scene.now)
    return scene.session.scalars(query.order_by(Session.starts_at.desc()).limit(1)).one()
