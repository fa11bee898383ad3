"""Finding people from the desk's search box. `search_terms` reads what was typed; each reading is an index range."""

from collections.abc import Sequence
from functools import reduce

from sqlalchemy import ColumnElement, and_, case, or_, select
from sqlalchemy.orm import InstrumentedAttribute, joinedload

from center.kernel.db import db
from center.people.models import Building, Person
from center.people.names import plain_name
from center.people.search_terms import Characters, Digits, Door, Letters, Piece, pieces

MOST_RESULTS = 20
BUILDING_WORDS = ("", "栋", "幢", "座", "号楼", "号", "楼")
Condition = ColumnElement[bool]


def find_people(text: str, *, limit: int = MOST_RESULTS) -> Sequence[Person]:
    """The people meant by what was typed: exact matches first, then by name. Nobody where nothing was said."""
    wanted = pieces(text)
    if not wanted or limit < 1:
        return []
    begins = _read(wanted, limit, anywhere=False)
    if len(begins) == limit or not any(isinstance(piece, Characters | Letters) for piece in wanted):
        return begins
    known = {person.id for person in begins}
    inside = [person for person in _read(wanted, limit, anywhere=True) if person.id not in known]
    return [*begins, *inside][:limit]


def find_at_door(building_id: int, unit: str, door: str) -> Sequence[Person]:
    """Everyone who lives behind one door, by name."""
    query = select(Person).where(Person.building_id == building_id, Person.unit == unit, Person.door == door)
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()


def find_by_phone(phone: str) -> Sequence[Person]:
    """Everyone who is reached at this number, by name."""
    query = select(Person).where(Person.phone == phone).order_by(Person.sort_key, Person.id)
    return db.session.scalars(query).all()


def _read(wanted: Sequence[Piece], limit: int, *, anywhere: bool) -> Sequence[Person]:
    exact_and_near = [_meaning(piece, anywhere=anywhere) for piece in wanted]
    is_exact = reduce(and_, (exact for exact, _ in exact_and_near))
    query = (
        select(Person)
        .where(*(near for _, near in exact_and_near), Person.is_double.is_(False), Person.erased_at.is_(None))
        .options(joinedload(Person.building), joinedload(Person.account))
        .order_by(case((is_exact, 0), else_=1), Person.sort_key, Person.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def _meaning(piece: Piece, *, anywhere: bool) -> tuple[Condition, Condition]:
    """(exactly this, this or something near it); the second covers the first."""
    if isinstance(piece, Door):
        return _at_door(piece)
    if isinstance(piece, Digits):
        return _with_phone(piece.digits)
    if isinstance(piece, Characters):
        return _named(piece.text, anywhere=anywhere)
    return _pronounced(piece, anywhere=anywhere)


def _at_door(wanted: Door) -> tuple[Condition, Condition]:
    codes = [wanted.building + word for word in BUILDING_WORDS] + [f"{wanted.building.upper()}栋"]
    in_building = Person.building_id.in_(select(Building.id).where(Building.code.in_(codes)))
    unit = Person.unit.in_(_unit_forms(wanted.unit)) if wanted.unit else None
    conditions = [in_building] + ([unit] if unit is not None else [])
    if not wanted.door:
        return and_(*conditions), and_(*conditions)
    door = wanted.door.upper()
    near = _begins_with(Person.door, door)
    if len(door) == 1 and not wanted.unit:  # 3-2, while more is being typed, is a unit as well
        near = or_(near, Person.unit.in_(_unit_forms(door)))
    return and_(*conditions, Person.door == door), and_(*conditions, near)


def _unit_forms(unit: str) -> list[str]:
    return [unit, unit.upper(), f"{unit}单元"]


def _with_phone(digits: str) -> tuple[Condition, Condition]:
    if len(digits) < 3:
        nobody = Person.id == -1
        return nobody, nobody
    if len(digits) == 3:
        tail = Person.phone_tail.in_([f"{first}{digits}" for first in range(10)])
        return tail, tail
    ends = Person.phone_tail == digits[-4:]
    if len(digits) > 4:
        ends = and_(ends, Person.phone.endswith(digits, autoescape=True))
    return or_(Person.phone == digits, ends), or_(Person.phone == digits, ends)


def _named(text: str, *, anywhere: bool) -> tuple[Condition, Condition]:
    plain = plain_name(text)
    exact = Person.plain_name == plain
    return exact, Person.plain_name.contains(plain, autoescape=True) if anywhere else _begins_with(
        Person.plain_name, plain
    )


def _pronounced(wanted: Letters, *, anywhere: bool) -> tuple[Condition, Condition]:
    exact: Condition = Person.sort_key.in_(wanted.keys)
    if anywhere:
        return exact, or_(*(Person.sort_key.contains(f" {key}", autoescape=True) for key in wanted.keys))
    near = [_begins_with(Person.sort_key, key) for key in wanted.keys]
    if wanted.initials:
        exact = or_(exact, Person.initials == wanted.initials)
        near.append(_begins_with(Person.initials, wanted.initials))
    return exact, or_(*near)


def _begins_with(column: InstrumentedAttribute[str], start: str) -> Condition:
    """A prefix as a range, which an index answers on both engines (LIKE would not); columns sort by code point."""
    after = ord(start[-1]) + 1
    after = 0xE000 if 0xD800 <= after <= 0xDFFF else min(after, 0x10FFFF)
    return and_(column >= start, column < start[:-1] + chr(after))
