"""What boards are drawn from, read in one statement whatever the number of rooms, days and bookings.

A reading is a value: equal readings make equal boards, so what was drawn from one can be shown for the other.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import bindparam, select

from center.bookings.availability import RoomDay, ledger_between, plan_days, uses_in
from center.db import UtcDateTime
from center.i18n import centre_zone
from center.listings import Listing, read, together
from center.premises.queries import STAFF_DAYS, around, combined_days
from center.rooms.house import HOURS, ROOMS, WINDOWS, rooms_of
from center.rooms.models import Occupancy, Room
from center.rooms.queries import LONGEST_ROW
from center.rooms.schedule import EXCEPTIONS, Schedule, other_hours
from center.spans import day_span

LONGEST_BUFFER = timedelta(minutes=240)  # of a room: a use that begins so long after a day may still be in its way

_between = ledger_between(*(bindparam(name, type_=UtcDateTime) for name in ("start", "end", "last_clear")))
LEDGER = Listing(_between.where(Occupancy.room_id.in_(select(Room.id))))  # each room is a range of the ledger's index
_STATEMENT = together(ROOMS, HOURS, WINDOWS, EXCEPTIONS, STAFF_DAYS, LEDGER)


@dataclass(frozen=True, slots=True)
class Reading:
    """The rooms and what is known of some days, just as the database wrote it down."""

    first: date
    last: date
    rooms: str
    hours: str
    windows: str
    exceptions: str
    staff_days: str
    ledger: str


def read_days(first: date, last: date) -> Reading:
    """Read everything that boards of these days show."""
    start, end = day_span(first, centre_zone()).start, day_span(last, centre_zone()).end + LONGEST_BUFFER
    times = {"start": start, "end": end, "last_clear": end + LONGEST_ROW}
    return Reading(first, last, *read(_STATEMENT, first=first, last=last, **times, **around(first, last)))


def rooms_in(reading: Reading) -> list[Room]:
    """The rooms in use, each part right after its whole."""
    return rooms_of(reading.rooms, reading.hours, reading.windows)


def days_in(reading: Reading, rooms: list[Room], *, now: datetime) -> list[RoomDay]:
    """Every one of these rooms on every day of the reading; like `availability.room_days`."""
    first, last = reading.first, reading.last
    schedule = Schedule(
        zone=centre_zone(),
        calendar=combined_days(first, last, STAFF_DAYS.rows(reading.staff_days)),
        exceptions=other_hours(EXCEPTIONS.rows(reading.exceptions)),
    )
    return plan_days(rooms, first, last, schedule, uses_in(rooms, LEDGER.rows(reading.ledger)), now=now)
