"""What actions and pages ask of a booking before they go on."""

from datetime import datetime

from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.rules import cancel_deadline
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l


def last_cancel(booking: Booking) -> datetime:
    """Until when its person may cancel it: the room's deadline; its start, where staff moved it."""
    if booking.moved_by_staff_at is not None:
        return booking.starts_at
    return cancel_deadline(booking.starts_at, cancel_minutes=booking.room.cancel_minutes)


def refuse_overdue(booking: Booking, *, now: datetime) -> None:
    """Nothing can be decided or changed any more once a request's time to be decided has passed."""
    if booking.status is BookingStatus.REQUESTED and booking.standing_at(now) is BookingStatus.EXPIRED:
        raise RuleBroken(_l("Nobody decided this request in time, so it is over. The person can ask again."))


def refuse_unseen(booking: Booking, seen: int | None) -> None:
    """Nobody decides about something other than what they saw."""
    if seen is not None and booking.sequence != seen:
        raise Conflict(_l("This booking has changed meanwhile. Please look at it again."))


def settle_change(booking: Booking) -> None:
    """Nothing more is asked of the person."""
    booking.change_wanted, booking.change_wanted_at = "", None
    booking.change_answer, booking.change_answered_at = "", None
