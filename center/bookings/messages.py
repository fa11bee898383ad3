"""What people are told of their bookings."""

import enum
from datetime import datetime

from center.bookings.models import Booking
from center.bookings.wish_models import SlotWish


class News(enum.StrEnum):
    """What there is to tell of a booking."""

    APPROVED = "booking.approved"
    CANCELLED = "booking.cancelled"
    CANCELLED_BY_STAFF = "booking.cancelled_by_staff"
    CONFIRMED = "booking.confirmed"
    DECLINED = "booking.declined"
    LIMIT_LIFTED = "booking.limit_lifted"  # they can book online again; the reason says why
    LIMITED = "booking.limited"  # until when they cannot book online, why (the reason), that the desk books for them
    MISSED = "booking.missed"  # nobody came; told to the lead of an organisation, for whom nothing follows from it
    RELEASED = "booking.released"  # nobody had come so long after the start, so the room was given to others
    REQUESTED = "booking.requested"
    SLOT_OFFERED = "booking.slot_offered"  # a time they wait for is free and held for them until `offer_ends_at`


def tell(booking: Booking, news: News, *, now: datetime, reason: str = "") -> None:
    """Tell whoever answers for the booking, in the transaction of the change itself."""


def tell_of_wish(wish: SlotWish, news: News, *, now: datetime) -> None:
    """Tell whoever waits for a time, in the transaction of the change itself. There is no booking yet."""
