"""When a visit may be checked in, when a room that nobody claims goes to others, and what missed visits mean.

The policy is the centre's: nobody is punished by a machine, nobody who lives alone is punished at all, and the desk
stays open to everyone.
"""

import enum
from datetime import datetime, timedelta
from typing import Any

from center.bookings.models import Booking, BookingStatus
from center.bookings.models.visits import Missed, PresenceSettings
from center.kernel.db import db

CHECK_IN_OPENS = timedelta(minutes=30)  # before the start
MARKED_UNTIL = timedelta(days=7)  # after the end, by which time nobody remembers who came


class Visit(enum.StrEnum):
    """Where somebody's visit stands, to the desk."""

    AWAITED = "awaited"  # they can be checked in now
    HERE = "here"
    NONE = "none"  # not a booking that is waited for: it is not confirmed, or was given up
    OVER = "over"
    TOO_EARLY = "too_early"


def visit_of(booking: Any, *, now: datetime) -> Visit:
    """Where the visit of a booking stands now."""
    if booking.status is not BookingStatus.CONFIRMED:
        return Visit.NONE
    if now >= booking.ends_at:
        return Visit.OVER
    if booking.checked_in_at is not None:
        return Visit.HERE
    return Visit.AWAITED if now >= booking.starts_at - CHECK_IN_OPENS else Visit.TOO_EARLY


def is_unclaimed(booking: Booking, *, now: datetime) -> bool:
    """Whether the room goes to others because nobody came: so many minutes after the start, or the last change."""
    minutes = booking.room.release_minutes
    if not minutes or not _is_awaited(booking) or now >= booking.ends_at:
        return False
    return now >= max(booking.starts_at, booking.changed_at) + timedelta(minutes=minutes)


def may_be_marked_missed(booking: Booking, *, now: datetime) -> bool:
    """Whether staff may say that nobody came: from the start until a week after the end."""
    return _is_awaited(booking) and booking.starts_at <= now < booking.ends_at + MARKED_UNTIL


def _is_awaited(booking: Booking) -> bool:
    return booking.status is BookingStatus.CONFIRMED and booking.checked_in_at is None


def meaning_of(*, is_organisations: bool, lives_alone: bool) -> Missed:
    """What a missed visit means. Whoever lives alone is asked how they are, and it never counts against them."""
    if lives_alone:
        return Missed.WELFARE
    return Missed.ORGANISATION if is_organisations else Missed.COUNTS


def settings() -> PresenceSettings:
    """The centre's numbers as staff set them, or as the software proposes them."""
    known = db.session.get(PresenceSettings, 1)
    if known is not None:
        return known
    numbers = {"missed_visits": 3, "within_days": 90, "limit_days": 30, "wish_limit": 5, "offer_minutes": 30}
    return PresenceSettings(id=1, **numbers)
