"""The drum troupe's rehearsals of the term as one series, in the demonstration: days without one were skipped."""

import uuid
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from center.bookings.models import Booking, Channel
from center.bookings.models.series import BookingSeries, SeriesDate
from center.kernel.recurrence import Frequency, Repeat, clock_of, dates_of
from center.kernel.texts import new_reference
from center.rooms.models import Room

WEEKDAYS = (1, 3)  # Tuesday and Thursday
STARTS, MINUTES, PEOPLE = time(14, 30), 120, 16
BEGAN = timedelta(weeks=8)
REACHES = timedelta(days=30)


def make_series(session: Session, room: Room, organisation: int, lead: int, *, now: datetime, zone: ZoneInfo) -> None:
    """Make one series of the rehearsals that are booked; a holiday within it is a skipped date."""
    today = now.astimezone(zone).date()
    repeat = Repeat(
        frequency=Frequency.WEEKLY, weekdays=WEEKDAYS, first_on=today - BEGAN, until=today + REACHES, count=None
    )
    bookings = _rehearsals(session, room.id, organisation, repeat.first_on, now=now, zone=zone)
    if not bookings:
        return
    first = min(bookings)
    series = BookingSeries(
        reference=f"S-{new_reference()}",
        room=room,
        person_id=lead,
        organisation_id=organisation,
        booked_by_id=lead,
        request_key=str(uuid.uuid4()),
        channel=Channel.ONLINE,
        repeat=replace(repeat, first_on=first, until=max(bookings)),
        starts=STARTS,
        minutes=MINUTES,
        people=PEOPLE,
        purpose=next(iter(bookings.values())).purpose,
        made_at=datetime.combine(first - timedelta(days=10), time(10), zone),
        changed_at=datetime.combine(first - timedelta(days=10), time(10), zone),
    )
    session.add(series)
    session.flush()
    for day in dates_of(repeat):
        if first <= day <= max(bookings):
            session.add(SeriesDate(series_id=series.id, on_date=day, booking=bookings.get(day)))
    session.flush()


def _rehearsals(
    session: Session, room_id: int, organisation: int, first: date, *, now: datetime, zone: ZoneInfo
) -> dict[date, Booking]:
    query = select(Booking).where(
        Booking.room_id == room_id,
        Booking.organisation_id == organisation,
        Booking.starts_at >= datetime.combine(first, time(0), zone),
        Booking.starts_at < now + REACHES,
    )
    found = session.scalars(query.order_by(Booking.starts_at, Booking.id)).all()
    rehearsals = [each for each in found if clock_of(each.starts_at, zone) == STARTS]
    return {each.starts_at.astimezone(zone).date(): each for each in rehearsals}
