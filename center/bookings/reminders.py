"""Reminders: the evening before, and two hours before. Each is given once, and never for a time that was given up.

Of people without an account the day before begins in the morning: somebody goes to their door or rings them.
"""

from collections.abc import Sequence
from datetime import datetime, time, timedelta

from sqlalchemy import Select, String, exists, literal, select

from center.bookings import messages
from center.bookings.messages import News
from center.bookings.models import Booking, BookingStatus
from center.kernel.db import db, lock, transaction
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import Span, day_span
from center.kernel.sweeps import Sweep
from center.kernel.waking import RESTS_AT, WAKES_AT, is_waking
from center.notices.models import Notice
from center.people.queries import has_account_of

EVENING = time(18)
LATEST, EARLIEST = timedelta(hours=1), timedelta(hours=2)  # how long before its start a booking is "soon"
JUST_HEARD = timedelta(hours=2)  # whoever booked, moved or was told yes so lately knows
SOME = 50


def due_for_tomorrow(now: datetime) -> Sequence[int]:
    """Some of tomorrow's bookings of which nobody was reminded this evening."""
    return _due(_for_tomorrow(now))


def due_for_rounds(now: datetime) -> Sequence[int]:
    """Some of tomorrow's bookings of people who are reminded by hand, and were not yet."""
    return _due(_for_rounds(now))


def due_soon(now: datetime) -> Sequence[int]:
    """Some of the bookings that begin in an hour or two, and of which nobody was reminded in these."""
    return _due(_soon(now))


def remind(booking_id: int, news: News, now: datetime) -> None:
    """Remind of a booking, if it still stands and the reminder is still due."""
    with transaction() as session:
        booking = session.get(Booking, booking_id)
        if booking is None:
            return
        lock(booking)
        which = _day_before(now) if news is News.REMINDER_DAY else _soon(now)
        if which is not None and session.scalar(which.where(Booking.id == booking_id)) is not None:
            messages.tell(booking, news, once=f"{booking.starts_at:%Y%m%dT%H%MZ}", now=now)


def _day_before(now: datetime) -> Select[int] | None:
    evening = _for_tomorrow(now)
    return _for_rounds(now) if evening is None else evening


def _for_tomorrow(now: datetime) -> Select[int] | None:
    """Tomorrow's bookings to remind of now; None outside the hours of the evening."""
    return _of_tomorrow(EVENING, RESTS_AT, now)


def _for_rounds(now: datetime) -> Select[int] | None:
    """Tomorrow's bookings to remind of by hand; None before the morning and in the evening, when all are due."""
    found = _of_tomorrow(WAKES_AT, EVENING, now)
    return None if found is None else found.where(~has_account_of(Booking.person_id))


def _of_tomorrow(begins: time, ends: time, now: datetime) -> Select[int] | None:
    today, zone = local_date(now), centre_zone()
    hours = Span(datetime.combine(today, begins, zone), datetime.combine(today, ends, zone))
    if not hours.start <= now < hours.end:
        return None
    tomorrow, morning = day_span(today + timedelta(days=1), zone), datetime.combine(today, WAKES_AT, zone)
    return _which(News.REMINDER_DAY, tomorrow, told_since=morning, heard_before=hours.start - JUST_HEARD)


def _soon(now: datetime) -> Select[int] | None:
    """The bookings to remind of because they begin soon; None while people sleep."""
    if not is_waking(now, centre_zone()):
        return None
    coming = Span(now + LATEST, now + EARLIEST + timedelta(minutes=1))
    return _which(News.REMINDER_SOON, coming, told_since=now - EARLIEST, heard_before=now - JUST_HEARD)


def _which(news: News, starts: Span, *, told_since: datetime, heard_before: datetime) -> Select[int]:
    was_told = exists().where(
        Notice.about == literal("booking:", String) + Booking.reference,
        Notice.kind == news.value,
        Notice.recorded_at >= told_since,
    )
    return select(Booking.id).where(
        Booking.status == BookingStatus.CONFIRMED,
        Booking.starts_at >= starts.start,
        Booking.starts_at < starts.end,
        Booking.changed_at < heard_before,
        ~was_told,
    )


def _due(which: Select[int] | None) -> Sequence[int]:
    if which is None:
        return []
    return db.session.scalars(which.order_by(Booking.starts_at, Booking.id).limit(SOME)).all()


SWEEPS = (
    Sweep(
        "reminders of tomorrow", due_for_tomorrow, lambda booking_id, now: remind(booking_id, News.REMINDER_DAY, now)
    ),
    Sweep(
        "reminders to give by hand", due_for_rounds, lambda booking_id, now: remind(booking_id, News.REMINDER_DAY, now)
    ),
    Sweep("reminders of what is soon", due_soon, lambda booking_id, now: remind(booking_id, News.REMINDER_SOON, now)),
)
