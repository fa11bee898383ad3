"""When a visit may be checked in, when a room that nobody claims is given to others, and what missed visits
mean. Pure, but for the numbers that staff set.

The policy is the centre's: nobody is punished by a machine, nobody who lives alone is punished at all, and the desk
stays open to everyone.
"""

import enum
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.bookings.models import BookingStatus
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


@dataclass(frozen=True, kw_only=True)
class Policy:
    """The centre's numbers."""

    missed_visits: int = 3
    within_days: int = 90
    limit_days: int = 30

    @property
    def window(self) -> timedelta:
        """For how long a missed visit counts."""
        return timedelta(days=self.within_days)


def visit_of(
    status: BookingStatus, starts_at: datetime, ends_at: datetime, checked_in_at: datetime | None, *, now: datetime
) -> Visit:
    """Where a booking's visit stands now."""
    if status is not BookingStatus.CONFIRMED:
        return Visit.NONE
    if now >= ends_at:
        return Visit.OVER
    if checked_in_at is not None:
        return Visit.HERE
    return Visit.AWAITED if now >= starts_at - CHECK_IN_OPENS else Visit.TOO_EARLY


def released_at(starts_at: datetime, changed_at: datetime, *, release_minutes: int) -> datetime | None:
    """When a room that nobody has claimed is given to others; None where it never is.

    What was booked, moved, approved or un-checked after its start has its minutes from then on.
    """
    if not release_minutes:
        return None
    return max(starts_at, changed_at) + timedelta(minutes=release_minutes)


def is_unclaimed(
    status: BookingStatus,
    starts_at: datetime,
    ends_at: datetime,
    changed_at: datetime,
    checked_in_at: datetime | None,
    *,
    release_minutes: int,
    now: datetime,
) -> bool:
    """Whether a booking's room goes to others now because nobody has come. One that is over is left alone."""
    if status is not BookingStatus.CONFIRMED or checked_in_at is not None or now >= ends_at:
        return False
    due = released_at(starts_at, changed_at, release_minutes=release_minutes)
    return due is not None and now >= due


def may_be_marked_missed(
    status: BookingStatus, starts_at: datetime, ends_at: datetime, checked_in_at: datetime | None, *, now: datetime
) -> bool:
    """Whether staff may say that nobody came: from the start until a week after the end."""
    is_waited_for = status is BookingStatus.CONFIRMED and checked_in_at is None
    return is_waited_for and starts_at <= now < ends_at + MARKED_UNTIL


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


def policy() -> Policy:
    """The centre's numbers for missed visits."""
    numbers = settings()
    return Policy(missed_visits=numbers.missed_visits, within_days=numbers.within_days, limit_days=numbers.limit_days)
