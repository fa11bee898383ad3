"""The audit trail: who changed which booking when. It is written with the change, in the same transaction."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, Channel
from center.kernel.db import db
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms.models import Room


@dataclass(frozen=True)
class Place:
    """Where and when a booking is."""

    room_id: int
    span: Span


def note(
    booking: Booking,
    what: BookingChange,
    *,
    by: Person | None,
    now: datetime,
    channel: Channel | None = None,
    reason: str = "",
    was: Place | None = None,
) -> None:
    """Write one change down. `by` is None where the site itself made it by a rule; `was` is where a move began."""
    db.session.add(
        BookingEvent(
            booking_id=booking.id,
            at=now,
            by_id=by.id if by else None,
            what=what,
            channel=channel,
            reason=reason,
            was_room_id=was.room_id if was else None,
            was_starts_at=was.span.start if was else None,
            was_ends_at=was.span.end if was else None,
        )
    )
    db.session.flush()


def note_standing(booking: Booking, *, by: Person, channel: Channel, now: datetime) -> None:
    """Write down what a booking has become: one that waits for approval, or one that stands."""
    waits = booking.status is BookingStatus.REQUESTED
    note(booking, BookingChange.REQUESTED if waits else BookingChange.CONFIRMED, by=by, channel=channel, now=now)


def history(booking: Booking) -> Sequence[BookingEvent]:
    """What happened to a booking, in order, with who did it."""
    query = (
        select(BookingEvent)
        .where(BookingEvent.booking_id == booking.id)
        .options(joinedload(BookingEvent.by), joinedload(BookingEvent.was_room).joinedload(Room.parent))
    )
    return db.session.scalars(query.order_by(BookingEvent.at, BookingEvent.id)).all()
