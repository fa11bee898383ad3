"""The history of a booking: who changed it, when and how. It is written with the change, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import joinedload

from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, Channel
from center.bookings.places import Place
from center.kernel.db import db
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.transactions import insert_row
from center.people.models import Person
from center.rooms.models import Room


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
    db.session.flush()  # what is told of is written first
    insert_row(
        BookingEvent,
        booking_id=booking.id,
        at=now,
        by_id=by.id if by else None,
        what=what,
        channel=channel,
        reason=reason,
        was_room_id=was.room.id if was else None,
        was_starts_at=was.span.start if was else None,
        was_ends_at=was.span.end if was else None,
    )


def note_state(booking: Booking, *, by: Person, channel: Channel, now: datetime) -> None:
    """Write down what a booking has become: one that waits for approval, or one that stands."""
    waits = booking.status is BookingStatus.REQUESTED
    note(booking, BookingChange.REQUESTED if waits else BookingChange.CONFIRMED, by=by, channel=channel, now=now)


def note_new(booking_ids: Sequence[int], *, channel: Channel, by: Person, now: datetime) -> None:
    """Write down of many bookings that they were just made and stand, by one statement."""
    known = {"at": now, "by_id": by.id, "what": BookingChange.CONFIRMED, "channel": channel}
    if booking_ids:
        db.session.execute(insert(BookingEvent), [{"booking_id": each, **known} for each in booking_ids])


def events_of(booking: Booking) -> Sequence[BookingEvent]:
    """What happened to a booking, in order, with who did it."""
    query = (
        select(BookingEvent)
        .where(BookingEvent.booking_id == booking.id)
        .options(joinedload(BookingEvent.by), joinedload(BookingEvent.was_room).joinedload(Room.parent))
    )
    return db.session.scalars(query.order_by(BookingEvent.at, BookingEvent.id)).all()


CHANGES: dict[BookingChange, Any] = {
    BookingChange.APPROVED: _l("Approved"),
    BookingChange.CANCELLED: _l("Cancelled"),
    BookingChange.CHANGE_ASKED: _l("Asked for a change"),
    BookingChange.CHECKED_IN: _l("Checked in"),
    BookingChange.CHECK_IN_UNDONE: _l("Check-in undone"),
    BookingChange.CONFIRMED: _l("Booked"),
    BookingChange.DECISION_UNDONE: _l("Decision taken back"),
    BookingChange.DECLINED: _l("Declined"),
    BookingChange.EDITED: _l("Changed"),
    BookingChange.EXPIRED: _l("Expired"),
    BookingChange.KEPT: _l("Kept"),
    BookingChange.MOVED: _l("Moved"),
    BookingChange.NO_SHOW: _l("Nobody came"),
    BookingChange.OVERRIDDEN: _l("Booked against a rule"),
    BookingChange.RELEASED: _l("Released"),
    BookingChange.REQUESTED: _l("Requested"),
}


STATUSES: dict[BookingStatus, Any] = {
    BookingStatus.CANCELLED: _l("Cancelled"),
    BookingStatus.CONFIRMED: _l("Confirmed"),
    BookingStatus.DECLINED: _l("Declined"),
    BookingStatus.EXPIRED: _l("Expired"),
    BookingStatus.RELEASED: _l("Released"),
    BookingStatus.REQUESTED: _l("Waiting for approval"),
}
