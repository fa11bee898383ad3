"""Who is on duty on a day: put on it, taken off it, and who owns the day's list (当日名单负责人)."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from center.afterschool.models.staff import CareDuty, DutyRole
from center.afterschool.models.terms import CareClass, Half, TermDay, TermMode
from center.afterschool.staff import messages, queries, rules, staffing
from center.afterschool.staff.words import say_lack
from center.kernel.acts import Act
from center.kernel.db import db, is_violation, lock, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person

NOT_CHECKED = _l("They have no valid check on this day, so they cannot be on duty.")


@dataclass
class Repeated:
    """What came of putting the same people on duty on other days: on how many, and who could not be, and why."""

    days: int = 0
    duties: int = 0
    left_out: list[tuple[CareDuty, TermDay, str]] = field(default_factory=list)


def put_on(
    day: TermDay,
    person: Person,
    role: DutyRole,
    care_class: CareClass | None,
    *,
    by: Person,
    now: datetime,
    half: Half | None = None,
) -> CareDuty:
    """Put somebody on duty on a day or a half of it, or let them do something else that day.

    Raises RuleBroken on "person" where they have nothing valid on that day; the database refuses it as well.
    """
    if care_class is None and role is not DutyRole.GUARD:
        raise RuleBroken(_l("Please choose a class."), field="care_class")
    lock(person)  # whoever takes back a check of theirs waits, or was first
    _refuse_closed(day)
    _refuse_half(day, half)
    duty = queries.find_duty(day.id, person.id)
    if duty and duty.is_owner and role not in rules.OWNERS:
        raise Conflict(_l("They own the list of this day. Let somebody else own it first."), field="role")
    _refuse_unfit(person, role, day)
    if duty is None:
        duty = CareDuty(day_id=day.id, person_id=person.id)
    elif duty.half is half and staffing.is_in(day, person):  # who is there longer, or less long, stays
        staffing.go(duty, why="other_duty", by=by, now=now)
    duty.role, duty.care_class, duty.class_id = role, care_class, care_class.id if care_class else None
    duty.half = half
    duty.set_by_id, duty.set_at = by.id, now
    try:
        with part_of_transaction():
            db.session.add(duty)
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="care_duties_checked"):
            raise RuleBroken(NOT_CHECKED, field="person") from None
        raise
    note(Act.DUTY_SET, _day_name(day), by=by, person_id=person.id)
    return duty


def take_off(duty: CareDuty, *, by: Person, now: datetime, is_forced: bool = False) -> None:
    """Take somebody off duty. Whoever owns an open day's list hands it over first, unless they may not stay."""
    day, person = duty.day, duty.person
    lock(duty)
    if duty.is_owner and day.opened_at and not day.closed_at and not is_forced:
        raise Conflict(_l("They own the list of this day. Let somebody else own it first."))
    if not is_forced:
        _refuse_closed(day)
    if staffing.is_in(day, person):
        staffing.go(duty, why="off_duty", by=by, now=now)
    db.session.delete(duty)
    note(Act.DUTY_ENDED, _day_name(day), by=by, person_id=person.id)


def name_owner(duty: CareDuty, *, by: Person, now: datetime) -> None:
    """Let somebody on duty own the day's list; whoever owned it does not any more. They hear of it."""
    lock(duty.day)
    lock(duty)
    _refuse_closed(duty.day)
    if duty.role not in rules.OWNERS:
        raise RuleBroken(_l("The list is owned by whoever is responsible for a class or teaches it."))
    before = queries.owner_of(duty.day_id)
    if before is not None and before.id == duty.id:
        return
    if before is not None:
        before.is_owner = False
        db.session.flush()  # there is one owner at a time
    duty.is_owner = True
    note(Act.DUTY_OWNER_NAMED, _day_name(duty.day), by=by, person_id=duty.person_id)
    messages.tell_owner(duty, by=by, now=now)


def repeat(day: TermDay, others: Sequence[TermDay], *, by: Person, now: datetime) -> Repeated:
    """Put whoever is on duty on a day on duty on others, which keep whom they have. Who may not be is left out, and
    said."""
    done, same = Repeated(), queries.duties_on([day.id])
    for other in others:
        there = {each.person_id for each in queries.duties_on([other.id])}
        owner = queries.owner_of(other.id)
        wrote = 0
        for duty in same:
            if duty.person_id in there:
                continue
            if why := _why_unfit(duty.person, duty.role, other):
                done.left_out.append((duty, other, why))
                continue
            new = put_on(other, duty.person, duty.role, duty.care_class, by=by, now=now, half=duty.half)
            wrote += 1
            if duty.is_owner and owner is None:
                name_owner(new, by=by, now=now)
        done.duties += wrote
        done.days += bool(wrote)
    return done


def _refuse_closed(day: TermDay) -> None:
    if day.closed_at is not None:
        raise Conflict(_l("This day is closed: what was so stays as it was."))


def _refuse_half(day: TermDay, half: Half | None) -> None:
    if half is not None and day.term.mode is not TermMode.FULL_DAY:
        raise RuleBroken(_l("Only a whole day in the holidays has halves."), field="half")


def _refuse_unfit(person: Person, role: DutyRole, day: TermDay) -> None:
    if why := _why_unfit(person, role, day):
        raise RuleBroken(why, field="person")


def _why_unfit(person: Person, role: DutyRole, day: TermDay) -> str:
    """Why somebody cannot be on duty in this role on a day, in words; nothing where they can."""
    if not rules.is_adult(person.birth_year, day.on_date):
        return _("Whoever looks after children is an adult.")
    checks = queries.checks_by_person([person.id]).get(person.id, [])
    lacks = rules.missing_on(checks, role, day.on_date, needs_first_aid=day.term.needs_first_aid)
    return " ".join(say_lack(kind, rules.last_valid(checks, kind)) for kind in lacks)


def _day_name(day: TermDay) -> str:
    return f"{day.on_date:%Y-%m-%d}"
