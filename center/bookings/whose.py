"""Whose a booking, a series or a wait for a time is: a person's own, or an organisation's.

What is an organisation's belongs to whoever leads it now. Who booked it, and who answered for it then, has no say in
it once they lead no more.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, or_

from center.kernel.i18n import local_date
from center.organisations.queries import is_lead, leads_of, leads_of_each
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


def answering(owned: Owned, *, now: datetime) -> Sequence[Person]:
    """Who answers for it now: its person; or whoever leads its organisation, the one it was made for first.

    Nobody, where nobody leads the organisation.
    """
    if owned.organisation_id is None:
        return [owned.person]
    return _first(leads_of(owned.organisation_id, on=local_date(now)), owned.person_id)


def hearers(owned: Owned, *, is_own_deed: bool, now: datetime) -> Sequence[Person]:
    """Who hears of it: all who answer for it; of what they did themselves, and to remind, the one it was made for."""
    return _who_hear(owned, answering(owned, now=now), is_own_deed=is_own_deed)


def hearers_of(several: Iterable[Owned], *, is_own_deed: bool = False, now: datetime) -> list[Sequence[Person]]:
    """`hearers` of each of several, with one read for all of their organisations."""
    several = list(several)
    leads = leads_of_each({each.organisation_id for each in several} - {None}, on=local_date(now))
    found: list[Sequence[Person]] = []
    for each in several:
        answer = [each.person] if each.organisation_id is None else leads.get(each.organisation_id, [])
        found.append(_who_hear(each, _first(answer, each.person_id), is_own_deed=is_own_deed))
    return found


def _first(people: Sequence[Person], person_id: int) -> Sequence[Person]:
    return sorted(people, key=lambda each: each.id != person_id)


def _who_hear(owned: Owned, found: Sequence[Person], *, is_own_deed: bool) -> Sequence[Person]:
    return found[:1] if is_own_deed and found and found[0].id == owned.person_id else found


def _is_led(table: Any, led_ids: Collection[int]) -> ColumnElement[bool]:
    return table.organisation_id.in_(sorted(led_ids))
