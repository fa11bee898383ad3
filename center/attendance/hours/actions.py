"""What happens to a volunteer's shift. Each holds the volunteer first, so no two happen at once; none commits."""

from collections.abc import Sequence
from datetime import datetime

from center.activities.models import Session, SessionState
from center.attendance.hours import queries, rules
from center.attendance.hours.messages import say_span
from center.attendance.models.hours import Shift, ShiftState
from center.kernel import undoing
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.people.models import Person

CHANGED = _l("This has changed meanwhile. Please look at it again.")


def sign_in(session: Session, person: Person, *, by: Person, now: datetime) -> Shift:
    """A volunteer is here. Twice is once. Raises RuleBroken, and Conflict where they are signed in elsewhere."""
    lock(person)
    here = queries.open_shift_of(person.id)
    if here is not None and here.session_id == session.id:
        return here
    _check_volunteer(session, person)
    is_off = session.state is SessionState.CANCELLED
    rules.check_sign_in(starts_at=session.starts_at, ends_at=session.ends_at, is_off=is_off, now=now)
    if here is not None:
        _leave_behind(here, now=now)
    shift = Shift(
        session_id=session.id, person_id=person.id, state=ShiftState.OPEN, in_at=now, day=local_date(now),
        recorded_by_id=by.id, recorded_at=now,
    )  # fmt: skip
    return _added(shift, "volunteer_signed_in", by)


def sign_out(session: Session, person: Person, *, by: Person, now: datetime) -> Shift:
    """A volunteer goes. Twice is once. Raises Conflict where it must be said when, since it was forgotten."""
    lock(person)
    here = queries.open_shift_of(person.id)
    if here is None or here.session_id != session.id:
        return _left_already(session, person)
    if stands(here, now=now) is ShiftState.FORGOTTEN:
        raise Conflict(_l("It ended more than an hour ago. Please say when they left."))
    _end(here, max(now, here.in_at + rules.MINUTE), by=by, now=now)
    log.info("volunteer_signed_out", shift=here.id, by=by.id)
    return here


def all_out(session: Session, *, by: Person, now: datetime) -> list[Shift]:
    """Everybody who is signed in at a session goes."""
    open_ones = [each for each in queries.shifts_at(session) if stands(each, now=now) is ShiftState.OPEN]
    return [sign_out(session, each.person, by=by, now=now) for each in open_ones]


def undo(shift: Shift, *, by: Person, now: datetime) -> None:
    """Take back a press of a moment ago: whoever was signed out is in again, whoever was signed in was not here."""
    _hold(shift)
    was_written_down = shift.out_said_at == shift.recorded_at
    if shift.state is ShiftState.UNDONE:
        return
    if shift.state is ShiftState.OPEN and undoing.may_undo(shift.recorded_at, now=now):
        shift.state = ShiftState.UNDONE
    elif shift.state is ShiftState.DONE and shift.out_said_at and not (was_written_down or shift.reviewed_by_id):
        if not undoing.may_undo(shift.out_said_at, now=now) or queries.open_shift_of(shift.person_id):
            raise RuleBroken(_l("This can no longer be undone. It can be corrected, with a reason."))
        shift.state, shift.reason = ShiftState.OPEN, ""
        shift.out_at = shift.out_by_id = shift.out_said_at = None
    else:
        raise RuleBroken(_l("This can no longer be undone. It can be corrected, with a reason."))
    db.session.flush()
    log.info("volunteer_press_undone", shift=shift.id, by=by.id)


def accept_end(shift: Shift, *, by: Person, now: datetime) -> None:
    """Take the end of the session for the end of a shift that nobody signed out."""
    end = rules.proposed_end(shift.in_at, ends_at=shift.session.ends_at)
    if end is None:
        raise RuleBroken(_l("They came after the end. Please say when they left."))
    settle_end(shift, end, by=by, now=now)


def settle_end(shift: Shift, out_at: datetime, *, by: Person, now: datetime, reason: str = "") -> None:
    """Say when somebody left whom nobody signed out: with a reason, unless it was the end of the session."""
    _hold(shift)
    rules.check_not_own(person_id=shift.person_id, by_id=by.id)
    if shift.state is ShiftState.DONE and shift.out_at == out_at:
        return
    if stands(shift, now=now) is not ShiftState.FORGOTTEN:
        raise Conflict(CHANGED)
    session = shift.session
    if out_at != rules.proposed_end(shift.in_at, ends_at=session.ends_at) and not reason:
        raise RuleBroken(_l("Please say how you know that they left then."), field="reason")
    rules.check_times(shift.in_at, out_at, starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    refuse_overlap(shift.person_id, shift.in_at, out_at, but=shift.id)
    shift.reason = reason
    _end(shift, out_at, by=by, now=now)
    log.info("volunteer_end_settled", shift=shift.id, by=by.id)


def write_down(
    session: Session, person: Person, in_at: datetime, out_at: datetime, *, reason: str, by: Person, now: datetime
) -> Shift:
    """Write down a shift that is over, such as one on paper, and why nobody signed them in. Twice is once."""
    lock(person)
    rules.check_not_own(person_id=person.id, by_id=by.id)
    same = [each for each in queries.shifts_at(session) if (each.person_id, each.in_at) == (person.id, in_at)]
    if known := next((each for each in same if (each.out_at, each.reason) == (out_at, reason)), None):
        return known
    _check_volunteer(session, person)
    rules.check_times(in_at, out_at, starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    refuse_overlap(person.id, in_at, out_at)
    shift = Shift(
        session_id=session.id, person_id=person.id, state=ShiftState.DONE, in_at=in_at, day=local_date(in_at),
        out_at=out_at, out_by_id=by.id, out_said_at=now, recorded_by_id=by.id, recorded_at=now, reason=reason,
    )  # fmt: skip
    return _added(shift, "volunteer_written_down", by)


def refuse_overlap(person_id: int, in_at: datetime, out_at: datetime, *, but: int | None = None) -> None:
    """Raises RuleBroken on "in_at" where somebody has another shift at that time."""
    if other := queries.overlapping(person_id, in_at, out_at, but=but):
        words = _l(
            "They have other hours at that time: %(title)s, %(when)s.",
            title=in_language(other.session.activity.title, other.session.activity.title_en),
            when=say_span(other),
        )
        raise RuleBroken(words, field="in_at")


def stands(shift: Shift, *, now: datetime) -> ShiftState:
    """How a shift stands at this moment."""
    return rules.state_at(shift.state, ends_at=shift.session.ends_at, now=now)


def note_forgotten(shift: Shift, *, now: datetime) -> None:
    """What the sweep does: a shift that nobody ended waits for somebody who says when."""
    _hold(shift)
    if shift.state is ShiftState.OPEN and stands(shift, now=now) is ShiftState.FORGOTTEN:
        shift.state = ShiftState.FORGOTTEN
        db.session.flush()
        log.info("volunteer_forgotten", shift=shift.id)


def hold_all(shifts: Sequence[Shift]) -> None:
    """Hold whoever's these are, in one order, and read each shift anew."""
    for person in {each.person_id: each.person for each in sorted(shifts, key=lambda each: each.person_id)}.values():
        lock(person)
    for shift in shifts:
        lock(shift)


def _hold(shift: Shift) -> None:
    hold_all([shift])


def _leave_behind(here: Shift, *, now: datetime) -> None:
    """Somebody who is still signed in elsewhere: forgotten there, or really there."""
    if stands(here, now=now) is not ShiftState.FORGOTTEN:
        title = in_language(here.session.activity.title, here.session.activity.title_en)
        raise Conflict(_l("They are still signed in at %(title)s. Sign them out there first.", title=title))
    here.state = ShiftState.FORGOTTEN
    db.session.flush()


def _left_already(session: Session, person: Person) -> Shift:
    theirs = [each for each in queries.shifts_at(session) if each.person_id == person.id and each.out_at]
    if not theirs:
        raise Conflict(_l("%(name)s is not signed in here.", name=person.name))
    return theirs[-1]


def _check_volunteer(session: Session, person: Person) -> None:
    if person.id not in {each.id for each in queries.volunteers_of(session)}:
        raise RuleBroken(_l("%(name)s has no place among the volunteers of this date.", name=person.name))


def _end(shift: Shift, out_at: datetime, *, by: Person, now: datetime) -> None:
    shift.state, shift.out_at, shift.out_by_id, shift.out_said_at = ShiftState.DONE, out_at, by.id, now
    db.session.flush()


def _added(shift: Shift, said: str, by: Person) -> Shift:
    db.session.add(shift)
    db.session.flush()
    log.info(said, shift=shift.id, session=shift.session_id, person=shift.person_id, by=by.id)
    return shift
