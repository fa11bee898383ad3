"""Registers: opened, closed and signed by whoever leads the session, and put right with a reason. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from center.activities.models import Session, SessionState
from center.attendance import recording
from center.attendance.known import presence_of
from center.attendance.models import CAME, Admitted, Amendment, Attendance, How, Register, RegisterState, Status
from center.attendance.queries import find_register, sign_up_at, still_expected
from center.attendance.roll_actions import admit
from center.attendance.rules import ASKED_WITHIN, Presence
from center.attendance.scan_reads import rows_of_some
from center.bookings.visits import welfare
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.signups.models import SignUp


def open_register(session: Session, *, by: Person, now: datetime) -> Register:
    """Open the register of a session; twice is once."""
    return recording.hold(session, by=by, now=now)


def close(
    session: Session, *, remark: str = "", by: Person, now: datetime, absent: Sequence[SignUp] | None = None
) -> Register:
    """Close the register and sign it: whoever was expected and did not come was absent. Twice is once.

    Nobody is absent from what was called off. Of a confined activity its programme says who was `absent`.

    Raises RuleBroken before the session has begun: until then everybody may still come.
    """
    lock(session)
    register = find_register(session.id)
    if register is not None and not register.is_open:
        return register
    if now < session.starts_at:
        raise RuleBroken(_l("It has not begun yet. The register can be closed and signed once it has."))
    register = recording.hold(session, by=by, now=now, for_programme=absent is not None)
    missing = [] if session.state is SessionState.CANCELLED else still_expected(session) if absent is None else absent
    rows = rows_of_some(session, [each.person_id for each in missing])
    for each in missing:
        if each.person_id not in rows:
            rows[each.person_id] = Attendance(
                session_id=session.id, person_id=each.person_id, status=Status.EXPECTED, how=How.ROLL,
                sign_up_id=each.id, came_late=False, is_walk_in=False,
            )  # fmt: skip
            db.session.add(rows[each.person_id])
    db.session.flush()
    register.state, register.closed_at, register.closed_by_id = RegisterState.CLOSED, now, by.id
    register.remark = remark[:300]
    db.session.flush()
    for row in rows.values():
        if row.status is Status.EXPECTED:
            row.status = Status.ABSENT
    db.session.flush()
    _ask_after(session, [each.person for each in missing], now=now)
    return register


def amend(
    session: Session,
    person: Person,
    *,
    status: Status,
    arrived_at: datetime | None = None,
    left_at: datetime | None = None,
    reason: str,
    by: Person,
    now: datetime,
) -> Amendment | None:
    """Put a closed register right (更正): what somebody was, with a reason; None where it says so already.

    Raises RuleBroken where the register is still open, where there is no reason, or where times do not fit or have not
    come yet.
    """
    lock(session)
    register = find_register(session.id)
    if register is None or register.is_open:
        raise RuleBroken(_l("This register is still open, so nothing has to be put right: say what is so."))
    lock(register)
    if not reason.strip():
        raise RuleBroken(_l("Please write down why the register is changed."), field="reason")
    arrived, left = times_for(status, session, arrived_at=arrived_at, left_at=left_at, now=now)
    row, before = presence_of(session, person.id)
    if row is not None and before == Presence(status, arrived, left):
        return None
    amendment = Amendment(session_id=session.id, person_id=person.id, reason=reason.strip()[:200], by_id=by.id, at=now)
    amendment.was, amendment.was_arrived_at, amendment.was_left_at = before.status, before.arrived_at, before.left_at
    amendment.now_is = status
    db.session.add(amendment)
    db.session.flush()
    _put_right(row, session, person, amendment, arrived_at=arrived, left_at=left, by=by, now=now)
    register.state = RegisterState.AMENDED
    db.session.flush()
    if status in CAME:
        welfare.came_after_all(session.id, person, by=by, now=now)
    return amendment


def times_for(
    status: Status, session: Session, *, arrived_at: datetime | None, left_at: datetime | None, now: datetime
) -> tuple[datetime | None, datetime | None]:
    """The times that go with a status: those given, or the session's own as far as it has gone on.

    Raises RuleBroken where they do not fit, or lie ahead.
    """
    if status is Status.EXPECTED:
        raise RuleBroken(_l("Nobody is expected any more once a register is closed."), field="status")
    if status not in CAME:
        return None, None
    arrived = arrived_at or session.starts_at
    if arrived > now:
        raise RuleBroken(_l("That time is still to come. Please write when they came."), field="arrived_at")
    if status is not Status.LEFT:
        return arrived, None
    left = left_at or max(min(session.ends_at, now), arrived)
    if left > now:
        raise RuleBroken(_l("That time is still to come. Please write when they left."), field="left_at")
    if left < arrived:
        raise RuleBroken(_l("Nobody leaves before they come. Please look at the times."), field="left_at")
    return arrived, left


def _ask_after(session: Session, missing: Sequence[Person], *, now: datetime) -> None:
    """Whoever lives alone and did not come is asked how they are; not once a session is long over."""
    if now < session.ends_at + ASKED_WITHIN:
        welfare.ask_after(session.id, missing, now=now)


def _put_right(
    row: Attendance | None,
    session: Session,
    person: Person,
    amendment: Amendment,
    *,
    arrived_at: datetime | None,
    left_at: datetime | None,
    by: Person,
    now: datetime,
) -> None:
    signed = sign_up_at(session, person.id) if row is None else row.sign_up
    allowed = None
    if arrived_at is not None and signed is None and (row is None or row.admission_id is None):
        why = amendment.reason
        allowed = admit(session, person, Admitted.OVER_CAPACITY, reason=why, by=by, now=now)
    if row is None:
        row = Attendance(session_id=session.id, person_id=person.id, came_late=False, is_walk_in=signed is None)
        row.sign_up_id = signed.id if signed else None
        db.session.add(row)
    if allowed is not None:
        row.admission_id = allowed.id
    row.status, row.arrived_at, row.left_at = amendment.now_is, arrived_at, left_at
    row.came_late = amendment.now_is is Status.LATE or (amendment.now_is is Status.LEFT and row.came_late)
    row.how, row.amendment_id = How.ROLL, amendment.id
