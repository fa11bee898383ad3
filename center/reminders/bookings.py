"""Who is to be reminded of a booking, and how they are told."""

from datetime import datetime

from sqlalchemy import Select, String, exists, literal, select

from center.bookings import messages
from center.bookings.models import Booking, BookingStatus
from center.kernel.db import db, lock
from center.notices.kinds import Kind
from center.notices.models import Notice
from center.people.queries import has_account_of
from center.reminders.hours import Near
from center.reminders.words import BOOKING_SOON, BOOKING_TOMORROW


def due(near: Near) -> Select[int]:
    """The bookings to remind of, and of which nobody was reminded."""
    was_told = exists().where(
        Notice.about == literal("booking:", String) + Booking.reference,
        Notice.kind == _kind(near).code,
        Notice.recorded_at >= near.told_since,
    )
    query = select(Booking.id).where(
        Booking.status == BookingStatus.CONFIRMED,
        Booking.starts_at >= near.starts.start,
        Booking.starts_at < near.starts.end,
        Booking.changed_at < near.heard_before,
        ~was_told,
    )
    if near.by_hand:
        query = query.where(~has_account_of(Booking.person_id))
    return query.order_by(Booking.starts_at, Booking.id)


def remind(booking_id: int, near: Near, now: datetime) -> None:
    """Remind of a booking, if it still stands and the reminder is still due."""
    booking = db.session.get(Booking, booking_id)
    if booking is None:
        return
    lock(booking)
    if db.session.scalar(due(near).where(Booking.id == booking_id)) is not None:
        messages.tell(booking, _kind(near), once=f"{booking.starts_at:%Y%m%dT%H%MZ}", now=now)


def _kind(near: Near) -> Kind:
    return BOOKING_SOON if near.is_soon else BOOKING_TOMORROW
