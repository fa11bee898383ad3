"""What somebody has shown is recorded and taken back. Whoever has nothing valid on a day is not on duty that day."""

from dataclasses import dataclass
from datetime import date, datetime

from center.afterschool.models.staff import CareDuty, CheckKind, StaffCheck
from center.afterschool.staff import duties, messages, queries, rules
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class Shown:
    """What somebody has shown."""

    kind: CheckKind
    made_on: date
    valid_until: date
    consented_on: date | None = None
    document: str = ""


def record_check(person: Person, shown: Shown, *, by: Person, now: datetime, today: date) -> StaffCheck:
    """Record what somebody has shown. Nobody records their own.

    Raises RuleBroken where it cannot be so, Conflict where it is recorded already.
    """
    rules.check_dates(shown.kind, shown.made_on, shown.valid_until, shown.consented_on, today=today)
    if by.id == person.id:
        raise Conflict(_l("Somebody else has to record what you have shown."))
    lock(person)
    if any(_is_same(each, shown) for each in queries.checks_of(person.id)):
        raise Conflict(_l("This is recorded already."), field="made_on")
    check = StaffCheck(
        person_id=person.id,
        kind=shown.kind,
        made_on=shown.made_on,
        valid_until=shown.valid_until,
        consented_on=shown.consented_on if shown.kind is CheckKind.RECORD else None,
        document=shown.document.strip(),
        recorded_by_id=by.id,
        recorded_at=now,
    )
    db.session.add(check)
    note(Act.STAFF_CHECK_RECORDED, by=by, person_id=person.id)
    return check


def revoke_check(check: StaffCheck, *, by: Person, now: datetime, today: date) -> list[CareDuty]:
    """Take back a check that should not count; returns the duties that they are taken off by it, from today on.

    They and the directors hear of it.
    """
    lock(check.person)
    lock(check)
    if check.revoked_at is not None:
        raise Conflict(_l("This was taken back already."))
    check.revoked_at, check.revoked_by_id = now, by.id
    db.session.flush()
    note(Act.STAFF_CHECK_REVOKED, by=by, person_id=check.person_id)
    left = queries.checks_by_person([check.person_id]).get(check.person_id, [])
    lost = [each for each in queries.duties_ahead(check.person_id, since=today) if _lacks(each, left)]
    for duty in lost:
        duties.take_off(duty, by=by, now=now, is_forced=True)
    if lost:
        messages.tell_duties_lost(check.person, lost, by=by, now=now, today=today)
    return lost


def _lacks(duty: CareDuty, checks: list[StaffCheck]) -> bool:
    needs_first_aid = duty.day.term.needs_first_aid
    return bool(rules.missing_on(checks, duty.role, duty.day.on_date, needs_first_aid=needs_first_aid))


def _is_same(check: StaffCheck, shown: Shown) -> bool:
    return check.revoked_at is None and (check.kind, check.made_on, check.valid_until) == (
        shown.kind,
        shown.made_on,
        shown.valid_until,
    )
