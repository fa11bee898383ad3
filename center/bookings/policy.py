"""Who may do what with a booking, for views and templates alike."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from center.bookings.models import LIVE, Booking, BookingStatus
from center.bookings.states import cancel_deadline, last_cancel
from center.bookings.whose import is_of
from center.kernel.access import Permission


def may_see(booking: Booking, user: Any, led_ids: Collection[int]) -> bool:
    """Whoever it is for, leads of its organisation, and staff who see bookings."""
    return is_own(booking, user, led_ids) or Permission.SEE_BOOKINGS in user.permissions


def may_cancel(booking: Booking, user: Any, led_ids: Collection[int]) -> bool:
    """Whether this person may cancel it at all; `is_cancellable` says whether it is still time."""
    return is_own(booking, user, led_ids) or Permission.BOOK_FOR_ANYONE in user.permissions


def may_decide(booking: Booking, user: Any, *, now: datetime) -> bool:
    """Whether this person may approve or decline it now."""
    waits = booking.state_at(now) is BookingStatus.REQUESTED
    return waits and Permission.APPROVE_BOOKINGS in user.permissions


def is_cancellable(booking: Booking, *, now: datetime, as_staff: bool) -> bool:
    """Whether it is live and its deadline (for staff: its end) has not passed."""
    if booking.state_at(now) not in LIVE:
        return False
    if as_staff:
        return booking.ends_at > now
    return now <= last_cancel(booking) and booking.starts_at > now


def is_changeable(booking: Booking, *, now: datetime, as_staff: bool) -> bool:
    """Whether it is live and the deadline for changing it (for staff: its end) has not passed."""
    if booking.state_at(now) not in LIVE:
        return False
    if as_staff:
        return booking.ends_at > now
    deadline = cancel_deadline(booking.starts_at, cancel_minutes=booking.room.cancel_minutes)
    return now <= deadline and booking.starts_at > now


def is_own(booking: Booking, user: Any, led_ids: Collection[int]) -> bool:
    """Whether the booking is this person's own, or that of an organisation they lead now."""
    return is_of(booking, user.person_id, led_ids)
