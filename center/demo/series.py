"""The drum troupe's rehearsals of the term as one series, in the demonstration: days without one were skipped."""

import uuid
from dataclasses import replace
from datetime import date, time, timedelta

from sqlalchemy import select

from center.bookings.models import Booking, Channel
from center.bookings.models.series import BookingSeries, SeriesDate
from center.demo.scene import Scene
from center.kernel.recurrence import Frequency, Repeat, clock_of, dates_of
from center.kernel.texts import new_reference

ROOM, TROUPE = "R08", "red-culture-troupe"
WEEKDAYS = (1, 3)  # Tuesday and Thursday
STARTS, MINUTES, PEOPLE = time(14, 30), 120, 16
BEGAN = timedelta(weeks=8)
REACHES = timedelta(days=30)


def make_series(scene: Scene) -> None:
    """Make one series of the rehearsals that are booked; a holiday within it is a skipped date."""
    first_on, until = scene.today - BEGAN, scene.today + REACHES
    repeat = Repeat(frequency=Frequency.WEEKLY, weekdays=WEEKDAYS, first_on=first_on, until=until, count=None)
    bookings = _rehearsals(scene, first_on)
    if not bookings:
        return
    first, last, lead = min(bookings), max(bookings), scene.leads[TROUPE]
    made_at = scene.at(first - timedelta(days=10), 10)
    series = BookingSeries(
        reference=f"S-{new_reference()}",
        room=scene.rooms[ROOM],
        person_id=lead,
        organisation_id=scene.organisations[TROUPE],
        booked_by_id=lead,
        request_key=str(uuid.uuid4()),
        channel=Channel.ONLINE,
        repeat=replace(repeat, first_on=first, until=last),
        starts=STARTS,
        minutes=MINUTES,
        people=PEOPLE,
        purpose=next(iter(bookings.values())).purpose,
        made_at=made_at,
        changed_at=made_at,
    )
    scene.session.add(series)
    scene.session.flush()
    days = [day for day in dates_of(repeat) if first <= day <= last]
    scene.session.add_all(SeriesDate(series_id=series.id, on_date=day, booking=bookings.get(day)) for day in days)
    scene.session.flush()


def _rehearsals(scene: Scene, first: date) -> dict[date, Booking]:
    query = select(Booking).where(
        Booking.room_id == scene.rooms[ROOM].id,
        Booking.organisation_id == scene.organisations[TROUPE],
        Booking.starts_at >= scene.at(first, 0),
        Booking.starts_at < scene.now + REACHES,
    )
    found = scene.session.scalars(query.order_by(Booking.starts_at, Booking.id))
    at_the_hour = [each for each in found if clock_of(each.starts_at, scene.zone) == STARTS]
    return {each.starts_at.astimezone(scene.zone).date(): each for each in at_the_hour}
