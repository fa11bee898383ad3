"""Requests that nobody decided in time. They count as expired already; this only tidies and tells."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from center.bookings import actions
from center.bookings.models import Booking, BookingStatus, is_waiting_at
from center.kernel.db import db, transaction
from center.kernel.sweeps import Sweep

MOST = 50


def overdue_requests(now: datetime) -> Sequence[int]:
    """The ids of some requests whose time to be decided has passed, the longest ago first."""
    passed = func.coalesce(Booking.expires_at, Booking.starts_at)
    query = select(Booking.id).where(Booking.status == BookingStatus.REQUESTED, ~is_waiting_at(now))
    return db.session.scalars(query.order_by(passed, Booking.id).limit(MOST)).all()


def put_away(booking_id: int, now: datetime) -> None:
    """Put one overdue request away, give its time back and tell its person; nothing where it was decided meanwhile."""
    with transaction():
        booking = db.session.get(Booking, booking_id)
        if booking is not None:
            actions.expire(booking, now=now)


SWEEPS = (Sweep("requests_expire", overdue_requests, put_away),)
