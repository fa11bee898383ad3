"""Whose a booking, a series or a wait for a time is: a person's own, or an organisation's.

What is an organisation's belongs to whoever leads it now. Who booked it, and who answered for it then, has no say in
it once they lead no more.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, or_

from center.kernel.i18n import local_date
from center.organisations.queries import is_lead
from center.people.models import Person


class Owned(Protocol):
    """A booking, a series or a wait."""

    person_id: Any
    organisation_id: Any
    person: Any


def is_of(owned: Owned, person_id: int | None, led_ids: Collection[int]) -> bool:
    """Whether it is this person's own, or that of an organisation they lead."""
    if owned.organisation_id is not None:
        return owned.organisation_id in led_ids
    return bool(owned.person_id == person_id)


def is_of_now(owned: Owned, person: Person, *, now: datetime) -> bool:
    """The same as things stand in this transaction."""
    if owned.organisation_id is not None:
        return is_lead(person.id, owned.organisation_id, on=local_date(now))
    return bool(owned.person_id == person.id)


def belongs_to(table: Any, person_id: int | None, led_ids: Collection[int]) -> ColumnElement[bool]:
    """`is_of`, of the rows of a table."""
    return or_(and_(table.person_id == person_id, table.organisation_id.is_(None)), _is_led(table, led_ids))


def answered_by(table: Any, person_id: int, led_ids: Collection[int]) -> ColumnElement[bool]:
    """The rows under this person's name: their own, and those of organisations that they lead still."""
    return and_(table.person_id == person_id, or_(table.organisation_id.is_(None), _is_led(table, led_ids)))


def _is_led(table: Any, led_ids: Collection[int]) -> ColumnElement[bool]:
    return table.organisation_id.in_(sorted(led_ids))
