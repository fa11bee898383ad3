"""How people can be reached: what they wish, and what is there."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import Select, exists, select

from center.kernel.db import db
from center.notices.models import ContactPreference, OutgoingAddress, Preferred, Purpose
from center.notices.rules import Reach
from center.people.models import Account, Person


def reaches_of(people: Iterable[Person]) -> dict[int, Reach]:
    """How each of these people can be reached, by their ids: one read, however many they are."""
    by_id = {person.id: person for person in people}
    rows = db.session.execute(select_reach().add_columns(Person.id).where(Person.id.in_(by_id))).all()
    return {row[-1]: reach_from(by_id[row[-1]], row) for row in rows}


def reach_of(person: Person) -> Reach:
    """How somebody can be reached."""
    return reaches_of([person])[person.id]


def select_reach() -> Select[int, Preferred, datetime | None, bool]:
    """What is to be read of people so that `reach_from` knows; more may be joined and read with it."""
    has_gateway = exists().where(OutgoingAddress.purpose == Purpose.EMAIL, OutgoingAddress.is_on)
    return (
        select(Account.id, ContactPreference.preferred, ContactPreference.withdrawn_at, has_gateway)
        .select_from(Person)
        .outerjoin(Account, (Account.person_id == Person.id) & Account.disabled_at.is_(None))
        .outerjoin(ContactPreference, ContactPreference.person_id == Person.id)
    )


def reach_from(person: Person, row: Any) -> Reach:
    """How somebody can be reached, by a row of `select_reach`."""
    account_id, preferred, withdrawn_at, has_gateway = row[:4]
    return Reach(
        preferred=preferred or Preferred.AUTOMATIC,
        is_withdrawn=withdrawn_at is not None,
        has_account=account_id is not None,
        has_gateway=bool(has_gateway),
        email=person.email or "",
        phone=person.phone or "",
    )
