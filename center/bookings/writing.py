"""What somebody asks of a room, and the hand that writes a booking of it: of a form, a date of a series, a freed time.

What a booking contends for is held before it is counted, so that no two take the last of a limit. Always in the same
order: the line of those who change room time, people, the organisation, the rooms. The line alone
(docs/decisions/0014) keeps two bookings from counting the same quota at once; the rows keep changes of the people and
of the rooms away.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.bookings import trail
from center.bookings.changes import Shape
from center.bookings.models import Booking, BookingNeed, BookingStatus, Channel
from center.bookings.rulebook.deciding import expiry
from center.bookings.rulebook.rules import may_move
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.kernel.texts import new_reference
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import AccessFeature, Room, RoomUse
from center.rooms.uses import lock_rooms_shared


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """What somebody asks for, checked for shape only."""

    span: Span
    people: int
    purpose: str
    request_key: str
    note: str = ""
    set_up: str = ""
    needs: frozenset[AccessFeature] = frozenset()
    channel: Channel = Channel.ONLINE
    purpose_id: int | None = None  # which kind of use it is, where staff keep a list of them
    waits: str | None = None  # what the page said: whether somebody must agree to it

    def shape_in(self, room: Room) -> Shape:
        """What a booking of this room would be."""
        return Shape(
            room=room,
            span=self.span,
            people=self.people,
            purpose=self.purpose,
            purpose_id=self.purpose_id,
            note=self.note,
            set_up=self.set_up,
            needs=self.needs,
        )


def write_booking(
    use: RoomUse,
    shape: Shape,
    *,
    clear_at: datetime,
    waits: bool,
    person: Person,
    organisation: Organisation | None,
    by: Person,
    channel: Channel,
    request_key: str,
    now: datetime,
) -> Booking:
    """The booking that owns a use of a room until `clear_at`, and how it stands in its history."""
    booking = Booking(
        reference=new_reference(),
        use_id=use.id,
        person=person,
        organisation=organisation,
        booked_by=by,
        request_key=request_key,
        channel=channel,
        status=BookingStatus.REQUESTED if waits else BookingStatus.CONFIRMED,
        **_columns(shape),
        clear_at=clear_at,
        requested_at=now,
        changed_at=now,
        expires_at=expiry(shape.span.start, shape.room, now=now) if waits else None,
    )
    db.session.add(booking)
    db.session.flush()
    trail.note_standing(booking, by=by, channel=channel, now=now)
    return booking


def _columns(shape: Shape) -> dict[str, Any]:
    """What was asked for, as a booking keeps it."""
    return {
        "room": shape.room,
        "purpose": shape.purpose,
        "purpose_id": shape.purpose_id,
        "note": shape.note,
        "set_up": shape.set_up,
        "needs": [BookingNeed(need=need) for need in sorted(shape.needs)],
        "people": shape.people,
        "starts_at": shape.span.start,
        "ends_at": shape.span.end,
    }


def change_status(booking: Booking, to: BookingStatus, *, now: datetime) -> None:
    """Let a booking go from one state to another, and count the change for calendars. Raises Conflict."""
    if not may_move(booking.status, to):
        raise Conflict(_l("This booking has changed meanwhile. Please look at it again."))
    booking.status = to
    count_change(booking, now=now)


def count_change(booking: Booking, *, now: datetime) -> None:
    """Let calendars, and whoever looked at it before, look again."""
    booking.changed_at = now
    booking.sequence += 1
    db.session.flush()


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
