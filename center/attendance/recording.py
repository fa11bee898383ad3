"""The ledger of attendance: the only code that writes `attendances` and `attendance_events`.

Each act holds the session first, so that everybody who says something of it comes in an order; whoever takes a place
holds the roster after it. Called inside one `transaction()`; never commits.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from center.activities.models import Session, SessionState
from center.attendance.known import Known, presence_of
from center.attendance.models import (
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
from center.attendance.rules import Presence, arrival_status, earlier_arrival, refusal, says_nothing_new
from center.kernel import undoing
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Sent:
    """What a device says of something it sends: its number, its own time and count, and a digest of all of it."""

    nonce: str
    device_at: datetime
    sequence: int = 0
    digest: str = ""
    is_stored: bool = False  # whoever was there was told that it is kept, so it may not be turned away any more


@dataclass(frozen=True, kw_only=True)
class Place:
    """By what right somebody is at a session: a sign-up with a place, or that somebody let them in without."""

    sign_up_id: int | None = None
    admission_id: int | None = None
    is_walk_in: bool = False


@dataclass(frozen=True, kw_only=True)
class Said:
    """What is said of somebody: by whom, how, since when it is so, and what is to be known of it."""

    verb: Verb
    how: How
    by: Person
    now: datetime
    at: datetime
    why: Why | None = None
    is_late: bool | None = None  # None: by the time
    device: Device | None = None
    sent: Sent | None = None


def hold(
    session: Session,
    *,
    by: Person,
    now: datetime,
    known: Known | None = None,
    is_ahead: bool = False,
    for_programme: bool = False,
) -> Register:
    """Hold a session, and with it its register, which is opened if it was not; raises RuleBroken where it is closed.

    `known`: the session is held already, and so much was read of it since. Whoever writes in a register holds the
    session first, so the register itself needs no lock of its own. What somebody says beforehand of themselves
    (`is_ahead`) opens it in nobody's name: whoever takes the roll does. In that of a confined activity its programme
    writes, and nobody else.
    """
    if session.activity.is_confined and not for_programme:
        raise RuleBroken(_l("Who comes to the after-school programme is written down on its own pages."))
    if known is None:
        lock(session)
    register, is_same = known.register_of(session) if known else db.session.get(Register, session.id), True
    if register is None:
        if session.state is SessionState.CANCELLED:
            raise RuleBroken(_l("This date was cancelled, so nobody can be checked in to it."))
        register = Register(session_id=session.id, state=RegisterState.OPEN)
        db.session.add(register)
        is_same = False
    if not register.is_open:
        raise RegisterClosed
    if not register.is_taken and not is_ahead:
        register.opened_at, register.opened_by_id = now, by.id
        is_same = False
    if not is_same:
        db.session.flush()
    return register


class RegisterClosed(RuleBroken):
    """The register was closed and signed; what is wrong in it is put right by an amendment."""

    def __init__(self) -> None:
        super().__init__(_l("This register is closed and signed. What is wrong in it can be put right with a reason."))


def record(
    session: Session, person: Person, said: Said, *, place: Place, known: Known | None = None
) -> AttendanceEvent:
    """Write down what is said of somebody, the session being held. What says nothing new is a duplicate.

    Raises RuleBroken where it cannot be: leaving without having come.
    """
    known = known or Known()
    row, before = known.presence_of(session, person.id)
    if why := refusal(said.verb, before, at=said.at):
        raise NotHere(why)
    if says_nothing_new(said.verb, before, at=said.at):
        if row is not None and said.verb is Verb.ARRIVED and (earlier := earlier_arrival(before, at=said.at)):
            row.arrived_at = earlier
            if not said.is_late and arrival_status(earlier, session.starts_at) is Status.PRESENT:
                row.came_late = False
                row.status = Status.PRESENT if row.status is Status.LATE else row.status
        return note(session, person.id, said, Outcome.DUPLICATE, before, is_last=known.writes_at_once)
    why = said.why or (Why.LEAVE if before.status is Status.ON_LEAVE and said.verb is Verb.ARRIVED else None)
    event = note(session, person.id, said, Outcome.ACCEPTED, before, why=why, is_last=False)
    if row is None:
        row = Attendance(session_id=session.id, person_id=person.id, sign_up_id=place.sign_up_id)
        row.admission_id, row.is_walk_in, row.came_late = place.admission_id, place.is_walk_in, False
        db.session.add(row)
    elif said.verb is Verb.ARRIVED:
        row.sign_up_id = place.sign_up_id or row.sign_up_id
        row.admission_id = place.admission_id or row.admission_id
    _become(row, said, starts_at=session.starts_at)
    if known.writes_at_once:
        db.session.flush()
    known.rows[person.id] = row
    return event


def undo(
    event: AttendanceEvent, *, by: Person, now: datetime, sent: Sent | None = None, is_slip: bool = True
) -> AttendanceEvent:
    """Take back what was said a moment ago, by whoever said it; twice is once.

    Raises RuleBroken after ten minutes, unless it was no slip but is so no more; Conflict where something else was said
    of the person since.
    """
    assert event.person_id is not None
    session = event.session
    hold(session, by=by, now=now, is_ahead=not is_slip)
    if done := db.session.scalar(select(AttendanceEvent).where(AttendanceEvent.undoes_id == event.id)):
        return done
    if is_slip and not undoing.may_undo(event.recorded_at, now=now):
        raise RuleBroken(_l("It can be undone for ten minutes, and they have passed. Say what is right instead."))
    if event.outcome is not Outcome.ACCEPTED or latest_accepted(session, event.person_id) != event.id:
        raise Conflict(_l("Something else was written down of them since. Please look at the register again."))
    row, before = presence_of(session, event.person_id)
    assert row is not None
    said = Said(verb=Verb.UNDONE, how=event.how, by=by, now=now, at=now, sent=sent)
    undone = note(session, event.person_id, said, Outcome.ACCEPTED, before, undoes_id=event.id)
    if event.was is None:
        db.session.delete(row)
    else:
        row.status, row.arrived_at, row.left_at = event.was, event.was_arrived_at, event.was_left_at
        row.came_late = row.came_late if event.was in (Status.LEFT, Status.LATE) else False
    db.session.flush()
    return undone


def note(
    session: Session,
    person_id: int | None,
    said: Said,
    outcome: Outcome,
    before: Presence | None = None,
    *,
    why: Why | None = None,
    code: str = "",
    undoes_id: int | None = None,
    is_last: bool = True,
) -> AttendanceEvent:
    """Write an event down, with how the person stood before it; unless it is the last, with what is written next."""
    before, sent = before or Presence(), said.sent
    event = AttendanceEvent(
        session_id=session.id,
        person_id=person_id,
        verb=said.verb,
        how=said.how,
        at=said.at,
        recorded_at=said.now,
        by_id=said.by.id,
        outcome=outcome,
        why=why or said.why,
        device_id=said.device.id if said.device else None,
        device_at=sent.device_at if sent else None,
        sequence=sent.sequence if sent else None,
        nonce=sent.nonce if sent else None,
        digest=sent.digest if sent else "",
        code=code[:64],
        was=before.status,
        was_arrived_at=before.arrived_at,
        was_left_at=before.left_at,
        undoes_id=undoes_id,
    )
    db.session.add(event)
    if is_last:
        db.session.flush()
    return event


def latest_accepted(session: Session, person_id: int) -> int | None:
    """The latest event that changed how somebody stands and was not taken back."""
    of = AttendanceEvent
    undone = select(of.undoes_id).where(of.undoes_id.is_not(None), of.session_id == session.id)
    query = select(of.id).where(
        of.session_id == session.id,
        of.person_id == person_id,
        of.outcome == Outcome.ACCEPTED,
        of.verb != Verb.UNDONE,
        of.id.not_in(undone),
    )
    return db.session.scalar(query.order_by(of.id.desc()).limit(1))


class NotHere(RuleBroken):
    """Somebody is said to leave who has not come."""

    def __init__(self, why: Why) -> None:
        super().__init__(_l("They have not come yet, so they cannot have left. Say first that they came."))
        self.why = why


def _become(row: Attendance, said: Said, *, starts_at: datetime) -> None:
    row.how = said.how
    match said.verb:
        case Verb.ARRIVED:
            by_time = arrival_status(said.at, starts_at)
            comes_back = row.arrived_at is not None
            if not comes_back:
                is_late = by_time is Status.LATE if said.is_late is None else said.is_late
                row.arrived_at, row.came_late = said.at, is_late
            row.status, row.left_at = (Status.LATE if row.came_late else Status.PRESENT), None
        case Verb.LEFT:
            row.status, row.left_at = Status.LEFT, said.at
        case Verb.ON_LEAVE:
            row.status, row.arrived_at, row.left_at, row.came_late = Status.ON_LEAVE, None, None, False
        case Verb.UNDONE:
            raise AssertionError("undoing is its own act")
