"""Finding people from the desk's search box. `search_terms` reads what was typed, `search_ranges` says where it lies.

However many people there are and however many of them are meant, no more rows are read than are shown: each range is
read in the order of its index, and only as far as the list goes.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, and_, case, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.people.models import Person
from center.people.search_ranges import Condition, Range, ranges
from center.people.search_terms import Characters, Digits, Door, Piece, pieces

MOST_RESULTS = 20
BEGINS, INSIDE = 1, 3  # how near a match is; one less where it is exactly what was typed


def find_people(text: str, *, limit: int = MOST_RESULTS) -> Sequence[Person]:
    """The people meant by what was typed: exact matches first, then by name. Nobody where nothing was said."""
    wanted = sorted(pieces(text), key=_how_few_it_means)
    if not wanted or limit < 1:
        return []
    read = [ranges(piece) for piece in wanted]
    return _known_by(_nearest(read, limit)) if all(read) else []


def find_at_door(building_id: int, unit: str, door: str) -> Sequence[Person]:
    """Everyone who lives behind one door, by name."""
    query = select(Person).where(Person.building_id == building_id, Person.unit == unit, Person.door == door)
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()


def find_by_phone(phone: str) -> Sequence[Person]:
    """Everyone who is reached at this number, by name."""
    query = select(Person).where(Person.phone == phone).order_by(Person.sort_key, Person.id)
    return db.session.scalars(query).all()


def _nearest(read: Sequence[Sequence[Range]], limit: int) -> list[int]:
    """The numbers of those in one of the first ranges and in what the other things typed mean, the nearest first."""
    first, *others = read
    query = union_all(*(_first_of(each, others, limit) for each in first))
    found = sorted(db.session.execute(query), key=lambda row: (row[1], row[2], row[0]))
    return list(dict.fromkeys(person_id for person_id, _nearness, _key in found))[:limit]


def _first_of(wanted: Range, others: Sequence[Sequence[Range]], limit: int) -> Select[Any]:
    """(number, how near, sort key) of the first people in a range, in its own order."""
    exact = [wanted.exact, *(or_(*(each.exact for each in other if not each.is_inside)) for other in others)]
    nearness = case((and_(*exact), literal(-1)), else_=literal(0)) + literal(INSIDE if wanted.is_inside else BEGINS)
    rows = (
        select(Person.id, nearness.label("nearness"), Person.sort_key)
        .where(wanted.where, *map(_in_any, others), Person.is_double.is_(False), Person.erased_at.is_(None))
        .order_by(*wanted.order, Person.sort_key, Person.id)
        .limit(limit)
        .subquery()
    )
    return select(rows)


def _in_any(other: Sequence[Range]) -> Condition:
    """Whether somebody is one of those meant by another thing typed; said so that no index is read for it."""
    is_meant = or_(*(each.where for each in other))
    return case((is_meant, literal(1)), else_=literal(0)) == literal(1)


def _known_by(ids: Sequence[int]) -> Sequence[Person]:
    """These people with their building and account, in this order."""
    query = select(Person).where(Person.id.in_(ids)).options(joinedload(Person.building), joinedload(Person.account))
    found = {each.id: each for each in db.session.scalars(query)} if ids else {}
    return [found[each] for each in ids if each in found]


def _how_few_it_means(piece: Piece) -> tuple[int, int]:
    """Of several things typed, that which fewest people share is looked up, and the others asked of those found."""
    if isinstance(piece, Door):
        return (0, 0) if piece.door else (3, 0)
    if isinstance(piece, Digits):
        return (1, -len(piece.digits))
    return (2, -len(piece.text)) if isinstance(piece, Characters) else (4, -len(piece.letters))
