"""What a booking contends for is held before it is counted, so that no two take the last of a limit.

Always in the same order: the line of those who change room time, people, the organisation, the rooms. The line alone
(docs/decisions/0014) keeps two bookings from counting the same quota at once; the rows keep changes of the people and
of the rooms away.
"""

from sqlalchemy import select

from center.kernel.db import db, lock
from center.kernel.errors import NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Room
from center.rooms.uses import lock_rooms_shared


def hold_parties(person: Person, by: Person, organisation: Organisation | None) -> None:
    """Serialise what one hand sends and what counts towards anybody's limits."""
    ledger.line_up()
    people = select(Person.erased_at).where(Person.id.in_({person.id, by.id})).order_by(Person.id)
    if any(db.session.scalars(people.with_for_update(key_share=True))):
        raise NotFound(_l("There is nobody here with this number."))
    if organisation:
        lock(organisation)


def hold_rooms_in_use(*rooms: Room) -> None:
    """Keep changes and closures of rooms away, as `lock_rooms_shared` does. Raises NotFound where one is retired."""
    lock_rooms_shared(rooms)
    if any(room.is_retired for room in rooms):
        raise NotFound(_l("This room is no longer in use."))
