"""Who is told of an alarm, by name: the owner of the day, then whoever is responsible, then the director."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import joinedload

from center.afterschool.alarm_rules import LAST
from center.afterschool.models.care import Alarm
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import CareDuty, DutyRole
from center.afterschool.models.terms import CareClass, TermDay
from center.kernel.access import Permission
from center.kernel.db import db
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person, RoleGrant
from center.people.rules import PERMISSIONS

OWNER, RESPONSIBLE, DIRECTOR = _l("Owner of the day"), _l("Responsible"), _l("Director")
LOOKING_AFTER = [role for role, may in PERMISSIONS.items() if Permission.CARE_FOR_CHILDREN in may]
RUNNING = [role for role, may in PERMISSIONS.items() if Permission.RUN_AFTER_SCHOOL in may]


@dataclass(frozen=True)
class Named:
    """Somebody who is told, and as what."""

    person: Person
    role: Any


def named(day: TermDay | None, *, level: int, on: date) -> list[Named]:
    """Who is told at this level, each once. Where nobody is there to be told, the next ones are."""
    found: dict[int, Named] = {}
    for place in range(LAST + 1):
        if place > level and found:
            break
        for each in directors(on) if place == LAST else _on_duty(day, on, owns=place == 0):
            found.setdefault(each.person.id, each)
    return list(found.values())


def directors(on: date) -> list[Named]:
    """Whoever runs the programme that day."""
    query = select(Person).where(_holds(Person.id, RUNNING, on)).order_by(Person.sort_key, Person.id)
    return [Named(each, DIRECTOR) for each in db.session.scalars(query)]


def day_of(alarm: Alarm) -> TermDay | None:
    """The day of a term that an alarm is of."""
    if alarm.event is not None and alarm.event.day is not None:
        return alarm.event.day
    if alarm.child_id is not None:
        return day_of_child(alarm.child_id, alarm.on_date)
    kind, _colon, number = alarm.subject.partition(":")
    of_class = select(CareClass.term_id).where(CareClass.id == int(number)) if kind == "class" else None
    query = select(TermDay).where(TermDay.on_date == alarm.on_date)
    query = query if of_class is None else query.where(TermDay.term_id.in_(of_class))
    return db.session.scalar(query.options(joinedload(TermDay.term)).order_by(TermDay.id).limit(1))


def day_of_child(child_id: int, on: date) -> TermDay | None:
    """The day on a date of the term that a child is enrolled in."""
    enrolled = select(Enrolment.term_id).where(Enrolment.child_id == child_id)
    query = select(TermDay).where(TermDay.on_date == on, TermDay.term_id.in_(enrolled))
    return db.session.scalar(query.options(joinedload(TermDay.term)).order_by(TermDay.id).limit(1))


def _on_duty(day: TermDay | None, on: date, *, owns: bool) -> Sequence[Named]:
    """Whose duty it is that day and whose role counts: its owner, or whoever is responsible."""
    if day is None:
        return []
    query = (
        select(CareDuty)
        .join(CareDuty.person)
        .where(CareDuty.day_id == day.id, _holds(CareDuty.person_id, LOOKING_AFTER, on))
        .where(CareDuty.is_owner if owns else CareDuty.role == DutyRole.RESPONSIBLE)
        .options(joinedload(CareDuty.person))
        .order_by(Person.sort_key, CareDuty.id)
    )
    return [Named(each.person, OWNER if owns else RESPONSIBLE) for each in db.session.scalars(query)]


def _holds(person_id: Any, roles: Sequence[Any], on: date) -> ColumnElement[bool]:
    """Of a person in a query: whether they hold one of these roles that day."""
    grant = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role.in_(roles),
        RoleGrant.starts_on <= on,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
    )
    return grant.exists()
