"""Whoever was erased since a backup was made is erased in it again before it takes the database's place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import DBAPIError

from center.kernel.db import db, transaction
from center.people.erasing.actions import erase, find_erasure
from center.people.erasing.models import Erasure
from center.people.models import Person


@dataclass(frozen=True)
class Erased:
    """Somebody who was erased: their number, since when they had it, and who did it."""

    person_id: int
    since: datetime
    by_id: int | None


def known_here() -> list[Erased]:
    """Who was erased in this database; nobody where it cannot be read or is older than that."""
    query = select(Erasure.person_id, Erasure.person_since, Erasure.by_id).order_by(Erasure.person_id)
    try:
        return [Erased(*row) for row in db.session.execute(query)]
    except DBAPIError:
        return []
    finally:
        db.session.remove()


def repeat(erased: Sequence[Erased], *, now: datetime) -> int:
    """Erase them in the database at hand, each in a transaction of their own; how many there were to erase.

    A number that was given to somebody else there is left alone.
    """
    return sum(_repeat(each, now) for each in erased)


def _repeat(each: Erased, now: datetime) -> bool:
    with transaction() as session:
        person = session.get(Person, each.person_id)
        if person is None or person.created_at != each.since or find_erasure(person.id) is not None:
            return False
        by = session.get(Person, each.by_id) if each.by_id else None
        if person.is_double:  # erased with whose account it was matched with, or by itself where that is undone there
            return False
        erase(person, by=by or person, now=now, is_repeated=True)
    return True
