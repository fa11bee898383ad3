"""What people are told of their bookings."""

import enum
from datetime import datetime

from center.bookings.models import Booking


class News(enum.StrEnum):
    """What there is to tell of a booking."""

    APPROVED = "booking.approved"
    CANCELLED = "booking.cancelled"
    CANCELLED_BY_STAFF = "booking.cancelled_by_staff"
    CONFIRMED = "booking.confirmed"
    DECLINED = "booking.declined"
    KEPT = "booking.kept"  # the room is closed or shut then (the reason says why), and this booking stays as it is
    REQUESTED = "booking.requested"


def tell(booking: Booking, news: News, *, now: datetime, reason: str = "") -> None:
    """Tell whoever answers for the booking, in the transaction of the change itself."""
