"""Hours are reviewed, certified, refused and put right, by somebody else than the volunteer. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.attendance.hours import messages, news, queries, rules
from center.attendance.hours.actions import CHANGED, hold_all, refuse_overlap
from center.attendance.models.hours import Shift, ShiftState
from center.kernel.db import db
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.logs import log
from center.people.models import Person

REFUSABLE = (ShiftState.CERTIFIED, ShiftState.DONE, ShiftState.FORGOTTEN)


def review(shift: Shift, *, by: Person, now: datetime) -> None:
    """A long day is right as it is: all that waits of it, with this organisation. Twice is once."""
    hold_all([shift])
    rules.check_not_own(person_id=shift.person_id, by_id=by.id)
    if shift.state is not ShiftState.DONE:
        raise Conflict(CHANGED)
    if shift.reviewed_by_id is not None:
        return
    organisation_id = shift.session.activity.organisation_id
    for each in queries.shifts_of(shift.person_id, organisation_id=organisation_id):
        if each.day == shift.day and each.state is ShiftState.DONE and each.reviewed_by_id is None:
            each.reviewed_by_id, each.reviewed_at = by.id, now
    db.session.flush()
    log.info("volunteer_day_reviewed", shift=shift.id, by=by.id)


def certify(shift: Shift, *, by: Person, now: datetime) -> None:
    """Vouch for the hours of somebody else. Twice is once, whoever came first. Raises RuleBroken and Conflict."""
    hold_all([shift])
    if shift.state is ShiftState.CERTIFIED:
        return
    is_long_day = bool(queries.long_days([(shift.person_id, shift.day)]))
    if refusal := rules.why_not_certified(shift, is_long_day=is_long_day, by_id=by.id):
        raise refusal
    refuse_overlap(shift.person_id, shift.in_at, shift.out_at or shift.in_at, but=shift.id)
    shift.state, shift.certified_by_id, shift.certified_at = ShiftState.CERTIFIED, by.id, now
    db.session.flush()
    log.info("volunteer_certified", shift=shift.id, by=by.id)


def certify_all(shifts: Sequence[Shift], *, by: Person, now: datetime) -> list[Shift]:
    """Certify those of them that nothing speaks against; the others stay as they are. Returns those."""
    hold_all(shifts)
    long = queries.long_days((each.person_id, each.day) for each in shifts)
    done = []
    for each in shifts:
        is_long_day = (each.person_id, each.day) in long
        if rules.why_not_certified(each, is_long_day=is_long_day, by_id=by.id) is None:
            certify(each, by=by, now=now)
            done.append(each)
    return done


def refuse(shift: Shift, *, reason: str, by: Person, now: datetime) -> None:
    """These hours do not count, and the volunteer hears why; twice is once. What was certified stays to be read."""
    hold_all([shift])
    rules.check_not_own(person_id=shift.person_id, by_id=by.id)
    if shift.state is ShiftState.REFUSED or _successor(shift, ShiftState.REFUSED, reason=reason):
        return
    if shift.state not in REFUSABLE:
        raise Conflict(CHANGED)
    if not reason:
        raise RuleBroken(_l("Please fill this in."), field="reason")
    said = {"refused_by_id": by.id, "refused_at": now, "reason": reason}
    if shift.state is ShiftState.CERTIFIED:
        shift = _replace(shift, ShiftState.REFUSED, shift.in_at, shift.out_at or shift.in_at, said, by=by, now=now)
    else:
        for name, value in {"state": ShiftState.REFUSED, **said}.items():
            setattr(shift, name, value)
        db.session.flush()
    log.info("volunteer_refused", shift=shift.id, by=by.id)
    messages.tell(shift, news.REFUSED, now=now, reason=reason)


def correct(
    shift: Shift, in_at: datetime, out_at: datetime, *, reason: str, by: Person, now: datetime
) -> Shift:  # fmt: skip
    """Put right from when until when: a new row in place of the old one, to be certified anew; the volunteer hears.

    Twice is once. Raises Conflict where it was put right otherwise meanwhile.
    """
    hold_all([shift])
    rules.check_not_own(person_id=shift.person_id, by_id=by.id)
    if known := _successor(shift, ShiftState.DONE, in_at=in_at, out_at=out_at, reason=reason):
        return known
    if shift.state not in {ShiftState.CERTIFIED, ShiftState.DONE, ShiftState.REFUSED}:
        raise Conflict(CHANGED)
    if not reason:
        raise RuleBroken(_l("Please fill this in."), field="reason")
    session = shift.session
    rules.check_times(in_at, out_at, starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    refuse_overlap(shift.person_id, in_at, out_at, but=shift.id)
    made = _replace(shift, ShiftState.DONE, in_at, out_at, {"reason": reason}, by=by, now=now)
    log.info("volunteer_corrected", shift=made.id, replaces=shift.id, by=by.id)
    messages.tell(made, news.CORRECTED, now=now, reason=reason, before=shift)
    return made


def _replace(
    old: Shift, state: ShiftState, in_at: datetime, out_at: datetime, said: dict[str, object], *, by: Person,
    now: datetime,
) -> Shift:  # fmt: skip
    old.state = ShiftState.REPLACED
    db.session.flush()
    made = Shift(
        session=old.session, person=old.person, state=state, in_at=in_at, day=local_date(in_at), out_at=out_at,
        out_by_id=by.id, out_said_at=now, recorded_by_id=by.id, recorded_at=now, replaces_id=old.id, **said,
    )  # fmt: skip
    db.session.add(made)
    db.session.flush()
    return made


def _successor(shift: Shift, state: ShiftState, **facts: object) -> Shift | None:
    """What was put in the place of a shift, where it is this very thing."""
    if shift.state is not ShiftState.REPLACED:
        return None
    found = db.session.scalar(select(Shift).where(Shift.replaces_id == shift.id))
    is_same = found is not None and found.state is state
    return found if is_same and all(getattr(found, name) == value for name, value in facts.items()) else None
