"""The centre's numbers for missed visits and offers, and who books through the desk only for a while."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, select

from center.bookings.models.visits import BookingLimit, PresenceSettings
from center.bookings.rulebook.missed_visits import Policy
from center.kernel.db import db, once


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


def limited_until(person_id: int, *, now: datetime) -> datetime | None:
    """Until when this person books through the desk only; None for nearly everybody."""
    query = select(func.max(BookingLimit.ends_at)).where(BookingLimit.person_id == person_id, *in_force(now))
    return once(("limited until", person_id, now), lambda: db.session.scalar(query))


def in_force(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return BookingLimit.ends_at > now, BookingLimit.lifted_at.is_(None)
