"""Offers of freed time: when they end, and when a use that ran out no longer keeps anybody out. Pure."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from center.bookings.models import BookingStatus
from center.kernel.waking import after_waking

OFFER_LASTS = timedelta(minutes=30)
LEAST_BEFORE_START = timedelta(minutes=20)  # later than this before the start, freed time is anybody's
ANSWERED_BEFORE_START = timedelta(minutes=10)


def is_over(
    now: datetime,
    *,
    held_until: datetime | None = None,
    status: BookingStatus | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Whether a use of a room ran out: a hold that nobody answered, or a request that nobody decided in time.

    Such a use keeps nobody out from that moment on, although its rows stay until somebody removes them.
    """
    if held_until is not None:
        return held_until <= now
    return status is BookingStatus.REQUESTED and expires_at is not None and expires_at <= now


def offer_ends(
    now: datetime, starts_at: datetime, *, zone: ZoneInfo, lasts: timedelta = OFFER_LASTS
) -> datetime | None:
    """Until when an offer made now holds its time, counting waking hours only; None where it comes too late.

    An offer ends some minutes before the start in any case, so that the room is not empty for nothing.
    """
    if starts_at - now < LEAST_BEFORE_START:
        return None
    return min(after_waking(now, lasts, zone), starts_at - ANSWERED_BEFORE_START)
