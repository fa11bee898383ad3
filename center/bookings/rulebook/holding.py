"""What bookings contend for beside room time is held before it is counted, so that no two take the last of a limit.

Always in the same order: the line of those who change room time, people, the organisation, the room, then the quotas
that everybody shares. SQLite has one writer at a time, so there it only costs a few reads.
"""

from collections.abc import Iterable

from sqlalchemy import select

from center.bookings.rulebook.quota_facts import counts_households, households_of, shared_quotas
from center.db import db, lock
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Room
from center.rooms.rule_models import Quota


def hold_parties(person: Person, by: Person, organisation: Organisation | None) -> None:
    """Serialise what one hand sends and what counts towards one person's, household's or organisation's limits."""
    ledger.line_up()
    ids = {person.id, by.id}
    if organisation is None and counts_households():
        ids |= set(db.session.scalars(households_of(person)))
    people = select(Person.id).where(Person.id.in_(sorted(ids))).order_by(Person.id)
    db.session.execute(people.with_for_update(key_share=True))
    if organisation:
        lock(organisation)


def hold_quotas(*rooms: Room) -> None:
    """Serialise the bookings of all that count towards one quota on these rooms."""
    ids: Iterable[int] = sorted({quota_id for room in rooms for quota_id in shared_quotas(room)})
    if ids:
        held = select(Quota.id).where(Quota.id.in_(ids)).order_by(Quota.id)
        db.session.execute(held.with_for_update(key_share=True))
