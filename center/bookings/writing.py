"""The hand that writes a booking: of a form, of a date of a series, or of a time that was waited for."""

from datetime import datetime
from typing import Any

from center.bookings import trail
from center.bookings.changes import Shape
from center.bookings.models import Booking, BookingNeed, BookingStatus, Channel
from center.bookings.rulebook.deciding import expiry
from center.bookings.rulebook.rules import may_move
from center.kernel.db import db
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.references import new_reference
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import RoomUse


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
    booking.changed_at = now
    booking.sequence += 1
    db.session.flush()
