"""What people are told of their bookings."""

import enum
from datetime import datetime

from center.bookings.models import Booking


class News(enum.StrEnum):
    """What there is to tell of a booking."""

    APPROVED = "booking.approved"
    CANCELLED = "booking.cancelled"
    CANCELLED_BY_STAFF = "booking.cancelled_by_staff"
    CHANGE_ASKED = "booking.change_asked"  # staff ask for a change before they decide; the reason says which
    CONFIRMED = "booking.confirmed"
    DECLINED = "booking.declined"
    EDITED_BY_STAFF = "booking.edited_by_staff"  # not its time or room: what for, how many, what it needs
    EXPIRED = "booking.expired"  # nobody decided in time; ask again, or call the desk
    MOVED = "booking.moved"  # its person moved it; it may wait for approval again. The trail's MOVED says from where
    MOVED_BY_STAFF = "booking.moved_by_staff"  # from where to where and why; they may say it is fine, or cancel
    REQUESTED = "booking.requested"


def tell(booking: Booking, news: News, *, now: datetime, reason: str = "") -> None:
    """Tell whoever answers for the booking, in the transaction of the change itself."""
