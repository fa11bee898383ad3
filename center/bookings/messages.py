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
    REQUESTED = "booking.requested"
    # Of a series the booking is the first of the dates it is about, and one message speaks of all of them.
    SERIES_APPROVED = "series.approved"  # the dates that were asked for are agreed to, but for those declined
    SERIES_BOOKED = "series.booked"  # all dates are booked
    SERIES_CANCELLED = "series.cancelled"  # one date, several or all of them
    SERIES_CHANGED = "series.changed"  # to another time, room or end
    SERIES_DECLINED = "series.declined"  # every date, with the reason
    SERIES_REQUESTED = "series.requested"  # the time of all dates is held until staff decide


def tell(booking: Booking, news: News, *, now: datetime, reason: str = "") -> None:
    """Tell whoever answers for the booking, in the transaction of the change itself."""
