"""Who is told of an alarm, by name: the owner of the day, then whoever is responsible, then the director."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, or_, select
from sqlalchemy.orm import joinedload

from center.afterschool.asked_once import asked_once
from center.afterschool.models.care import LAST, Alarm
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import CareDuty, DutyRole
from center.afterschool.models.terms import CareClass, SchoolChange, TermDay
from center.kernel.access import Permission
from center.kernel.db import db
from center.kernel.i18n import centre_zone
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


_Days = dict[tuple[int, date], list[TermDay]]


@dataclass(frozen=True)
class About:
    """What an alarm is about, by which its day is found: the day of what was said, the child, the class."""

    day_id: int | None
    child_id: int | None
    on_date: date
    subject: str
    at: datetime | None = None  # when it began: of two terms of a date, whose children the child was among then


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
    return [Named(each, DIRECTOR) for each in asked_once(("directors", on), lambda: db.session.scalars(query).all())]


def about(alarm: Alarm) -> About:
    """What an alarm is about."""
    day_id = alarm.event.day_id if alarm.event is not None else None
    return About(day_id, alarm.child_id, alarm.on_date, alarm.subject, alarm.raised_at)


def day_of(alarm: Alarm) -> TermDay | None:
    """The day of a term that an alarm is of."""
    found = about(alarm)
    return days_of([found])[found]


def days_of(abouts: Iterable[About]) -> dict[About, TermDay | None]:
    """The days of a term that alarms are of; a constant number of queries, however many these are."""
    wanted = {each: _keys(each) for each in abouts}
    known = {key: _read(key, {each[key] for each in wanted.values() if key in each}) for key in _READ}
    return {each: _day_by(keys, known, each.at) for each, keys in wanted.items()}


def day_of_child(child_id: int, on: date) -> TermDay | None:
    """The day on a date of the term that a child is enrolled in; of several the first that takes place."""
    return _day_by({"child": (child_id, on)}, {"child": _read("child", {(child_id, on)})}, None)


def _keys(each: About) -> dict[str, tuple[int, date]]:
    """By what the day is found: what was said, whose child it is, which class; else it is the first of the date."""
    kind, _colon, number = each.subject.partition(":")
    found = {"day": (each.day_id, each.on_date)} if each.day_id is not None else {}
    if each.child_id is not None:
        return found | {"child": (each.child_id, each.on_date)}
    if kind in {"class", "school"}:
        return found | {kind: (int(number), each.on_date)}
    return found | {"date": (0, each.on_date)}


def _day_by(keys: dict[str, tuple[int, date]], known: dict[str, _Days], at: datetime | None) -> TermDay | None:
    found = next((known[name][key] for name, key in keys.items() if key in known[name]), [])
    if len(found) < 2:
        return found[0] if found else None
    held = [each for each in found if each.session.is_scheduled] or found
    opened = [each for each in held if at is not None and each.term.opens <= at.astimezone(centre_zone()).time()]
    return max(opened, key=lambda each: each.term.opens) if opened else held[0]


def _read(name: str, keys: set[tuple[int, date]]) -> _Days:
    """The days of each of these keys, in order."""
    if not keys:
        return {}
    ids, dates = {number for number, _on in keys}, {on for _number, on in keys}
    found: _Days = {}
    for day, number in db.session.execute(_READ[name](ids, dates).order_by(TermDay.id)):
        found.setdefault((number, day.on_date), []).append(day)
    return found


_READ: dict[str, Callable[[set[int], set[date]], Select[TermDay, int]]] = {
    "day": lambda ids, _dates: select(TermDay, TermDay.id).where(TermDay.id.in_(ids)),
    "child": lambda ids, dates: (
        select(TermDay, Enrolment.child_id)
        .join(Enrolment, Enrolment.term_id == TermDay.term_id)
        .where(Enrolment.child_id.in_(ids), TermDay.on_date.in_(dates))
    ),
    "class": lambda ids, dates: (
        select(TermDay, CareClass.id)
        .join(CareClass, CareClass.term_id == TermDay.term_id)
        .where(CareClass.id.in_(ids), TermDay.on_date.in_(dates))
    ),
    "school": lambda ids, _dates: (
        select(TermDay, SchoolChange.id)
        .join(SchoolChange, SchoolChange.day_id == TermDay.id)
        .where(SchoolChange.id.in_(ids))
    ),
    "date": lambda _ids, dates: select(TermDay, literal(0)).where(TermDay.on_date.in_(dates)),
}


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
    duties = asked_once(("on duty", day.id, on, owns), lambda: db.session.scalars(query).all())
    return [Named(each.person, OWNER if owns else RESPONSIBLE) for each in duties]


def _holds(person_id: Any, roles: Sequence[Any], on: date) -> ColumnElement[bool]:
    """Of a person in a query: whether they hold one of these roles that day."""
    grant = select(RoleGrant.id).where(
        RoleGrant.person_id == person_id,
        RoleGrant.role.in_(roles),
        RoleGrant.starts_on <= on,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= on),
    )
    return grant.exists()
