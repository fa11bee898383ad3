"""Who lives behind one door: only those whose door the desk has verified, since saying so proves nothing."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import joinedload

from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Account, Building, Person

DOOR = ("building_id", "unit", "door")


def has_door(person: Person) -> bool:
    """Whether somebody said, or the desk wrote down, where they live."""
    return bool(person.building_id and person.door)


def door_of(person: Person) -> tuple[Any, ...]:
    """Their door as it is compared."""
    return tuple(getattr(person, name) for name in DOOR)


def door_words(person: Person) -> str:
    """A door as people say it: building, unit, door, such as 3栋-2-301. Nothing where it is not known."""
    code = person.building.code if person.building else ""
    return "-".join(part for part in (code, person.unit, person.door) if part)


def is_verified(person: Person) -> bool:
    """Whether the desk knows that they live where their record says."""
    return has_door(person) and person.door_verified_at is not None


def lives_with(person: Person) -> ColumnElement[bool]:
    """Of people in a query: whether they live with somebody, both doors verified. Use it where `is_verified`."""
    return and_(is_at_door_of(person), Person.door_verified_at.is_not(None))


def is_at_door_of(person: Person) -> ColumnElement[bool]:
    """Of people in a query: whether the same door is said of them, proved or not."""
    return and_(*(getattr(Person, name) == getattr(person, name) for name in DOOR))


def building_of(person: Person) -> Building | None:
    """The building in which somebody lives, as the desk knows it; None while their door is not verified."""
    return person.building if is_verified(person) else None


def is_building_of() -> ColumnElement[bool]:
    """The same in a query: by this, people are joined with their buildings."""
    return and_(Building.id == Person.building_id, Person.door != "", Person.door_verified_at.is_not(None))


def key_of(person: Person) -> Any:
    """What people of one household have in common, and nobody else has."""
    return door_of(person) if is_verified(person) else person.id


def verify(person: Person, *, by: Person | None, now: datetime) -> None:
    """The desk has seen that they live there; twice is once. `by` is None on the command line."""
    lock(person)
    if not has_door(person):
        raise Conflict(_l("No door is known of them any more. Please look at it again."))
    if person.door_verified_at is not None:
        return
    person.door_verified_at, person.door_verified_by_id = now, by.id if by else None
    db.session.flush()
    note(Act.DOOR_VERIFIED, person_id=person.id, by=by)


def say_untrue(person: Person, *, by: Person) -> None:
    """They do not live there: the door leaves their record. Twice is once."""
    lock(person)
    if not has_door(person):
        return
    person.building_id, person.unit, person.door = None, "", ""
    person.door_verified_at = person.door_verified_by_id = None
    db.session.flush()
    note(Act.DOOR_UNTRUE, person_id=person.id, by=by)


def to_verify(*, limit: int = 100) -> list[Person]:
    """Whose account is confirmed and whose door is not verified, by door."""
    query = select(Person).where(_waits()).options(joinedload(Person.building), joinedload(Person.account))
    order = (Person.building_id, Person.unit, Person.door, Person.sort_key, Person.id)
    return list(db.session.scalars(query.order_by(*order).limit(limit)).all())


def count_to_verify() -> int:
    """How many there are."""
    return db.session.scalar(select(func.count()).select_from(Person).where(_waits())) or 0


def behind(people: Sequence[Person]) -> dict[int, list[Person]]:
    """Who else is known to live behind each one's door, by id."""
    if not people:
        return {}
    query = select(Person).where(or_(*map(lives_with, people))).order_by(Person.sort_key, Person.id)
    known: dict[Any, list[Person]] = {}
    for each in db.session.scalars(query):
        known.setdefault(door_of(each), []).append(each)
    return {person.id: [each for each in known.get(door_of(person), []) if each is not person] for person in people}


def _waits() -> ColumnElement[bool]:
    confirmed = Person.account.has(and_(Account.confirmed_at.is_not(None), Account.disabled_at.is_(None)))
    return and_(Person.building_id.is_not(None), Person.door != "", Person.door_verified_at.is_(None), confirmed)
