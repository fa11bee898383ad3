"""Where what was typed at the desk lies in the indexes of people: a few ranges, each in the order of one index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, select, true
from sqlalchemy.orm import InstrumentedAttribute

from center.kernel.db import db
from center.people.models import Building, Person
from center.people.names import plain_name
from center.people.search_indexes import (
    after_first,
    after_first_syllable,
    after_second,
    after_second_syllable,
    is_long_name,
    last_three,
    letters,
)
from center.people.search_terms import Characters, Digits, Door, Letters, Piece

BUILDING_WORDS = ("", "栋", "幢", "座", "号楼", "号", "楼")
FEWEST_DIGITS, TAIL, MOBILE = 3, 4, 11
Condition = ColumnElement[bool]
Column = ColumnElement[str] | InstrumentedAttribute[str]
EVERYBODY = true()


@dataclass(frozen=True)
class Range:
    """A part of an index: those in it, what it is ordered by before the name, and who is exactly what was typed.

    `is_inside` where what was typed is not the beginning of what is found.
    """

    where: Condition
    order: Sequence[Column] = ()
    exact: Condition = EVERYBODY
    is_inside: bool = False


def ranges(piece: Piece) -> list[Range]:
    """Where those lie whom one thing typed may mean; nowhere where it means nobody."""
    if isinstance(piece, Door):
        return list(_at_door(piece))
    if isinstance(piece, Digits):
        return list(_with_phone(piece.digits))
    if isinstance(piece, Characters):
        return list(_named(plain_name(piece.text)))
    return list(_pronounced(piece))


def _at_door(wanted: Door) -> Iterator[Range]:
    codes = [wanted.building + word for word in BUILDING_WORDS] + [f"{wanted.building.upper()}栋"]
    door = wanted.door.upper()
    for building_id in db.session.scalars(select(Building.id).where(Building.code.in_(codes)).order_by(Building.id)):
        here = Person.building_id == building_id
        if not wanted.door and not wanted.unit:
            yield Range(here, (Person.unit, Person.door))
        elif not wanted.unit:
            yield _beginning(Person.door, door, here)
        for unit in _unit_forms(wanted.unit):
            in_unit = and_(here, Person.unit == unit)
            yield _beginning(Person.door, door, in_unit) if door else _in_order_of_doors(in_unit)
        if len(door) == 1 and not wanted.unit:  # 3-2, while more is being typed, is a unit as well
            for unit in _unit_forms(door):
                yield _in_order_of_doors(and_(here, Person.unit == unit), exact=Person.door == door)


def _in_order_of_doors(where: Condition, *, exact: Condition = EVERYBODY) -> Range:
    return Range(where, (Person.door,), exact)


def _unit_forms(unit: str) -> list[str]:
    return list(dict.fromkeys((unit, unit.upper(), f"{unit}单元"))) if unit else []


def _with_phone(digits: str) -> Iterator[Range]:
    if len(digits) < FEWEST_DIGITS:
        return
    if len(digits) < TAIL:
        yield Range(last_three == digits)
        return
    ends = Person.phone_tail == digits[-TAIL:]
    if len(digits) == TAIL:
        yield Range(ends)
        return
    yield Range(Person.phone == digits)
    if not (len(digits) == MOBILE and digits.startswith("1")):  # nothing stands before the number of a mobile
        yield Range(and_(ends, Person.phone.endswith(digits, autoescape=True)))


def _named(text: str) -> Iterator[Range]:
    yield _beginning(Person.plain_name, text)
    for rest in (after_first, after_second):
        yield _beginning(rest, text, is_inside=True)
    inside = and_(is_long_name, Person.plain_name.contains(text, autoescape=True))
    yield Range(inside, (Person.plain_name,), is_inside=True)


def _pronounced(wanted: Letters) -> Iterator[Range]:
    yield _beginning(letters, wanted.letters)
    if wanted.initials:
        yield _beginning(Person.initials, wanted.initials)
    for rest in (after_first_syllable, after_second_syllable):
        yield _beginning(rest, wanted.letters, is_inside=True)
    inside = and_(is_long_name, letters.contains(wanted.letters, autoescape=True))
    yield Range(inside, (Person.plain_name,), is_inside=True)


def _beginning(column: Column, start: str, where: Condition = EVERYBODY, *, is_inside: bool = False) -> Range:
    """A prefix as a range, which an index answers on both engines (LIKE would not); columns sort by code point.

    Whoever is exactly that comes first in it.
    """
    after = ord(start[-1]) + 1
    after = 0xE000 if 0xD800 <= after <= 0xDFFF else min(after, 0x10FFFF)
    begins = and_(where, column >= start, column < start[:-1] + chr(after))
    return Range(begins, (column,), column == start, is_inside)
