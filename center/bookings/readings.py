"""What boards are drawn from, read in one statement whatever the number of rooms, days and bookings, besides what
staff have set for the rooms.

A reading is a value: equal readings make equal boards, so what was drawn from one can be shown for the other.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import bindparam, or_, select

from center.bookings.rulebook.availability import RoomDay, ledger_between, plan_days, rules_of, uses_in
from center.bookings.rulebook.facts import RoomRules
from center.bookings.rulebook.footings import Footing, Looking
from center.bookings.rulebook.rule_facts import Settings, kinds_in
from center.kernel.caching.json_rows import AnySelect, Listing, read, together
from center.kernel.db import UtcDateTime, must_find
from center.kernel.i18n import centre_zone
from center.kernel.spans import day_span
from center.premises.library import NamedDay
from center.premises.queries import STAFF_DAYS, around, combined_days
from center.rooms.board_rows import AUDIENCES, HOURS, KEPT, ROOMS, WINDOWS, rooms_of
from center.rooms.models import Occupancy, Room
from center.rooms.queries import EXCEPTIONS, LONGEST_ROW, NO_SUCH_ROOM, Schedule, other_hours

LONGEST_BUFFER = timedelta(minutes=240)  # of a room: a use that begins so long after a day may still be in its way

_live = ledger_between(*(bindparam(name, type_=UtcDateTime) for name in ("start", "end", "last_clear")))
_asked_room = select(Room.id).where(Room.code == bindparam("code")).scalar_subquery()
_its_leaves = select(Room.id).where(or_(Room.id == _asked_room, Room.parent_id == _asked_room))
# Room by room, since each is a range of the ledger's index.
LEDGER = Listing(_live.where(Occupancy.room_id.in_(select(Room.id))))
LEDGER_OF_ONE = Listing(_live.where(Occupancy.room_id.in_(_its_leaves)))

# What is so on every day is read apart: it changes a few times a year, and is most of what is written down.
_EVERY_DAY = together(ROOMS, HOURS, WINDOWS, KEPT, AUDIENCES)
_DAYS = (EXCEPTIONS, STAFF_DAYS)
_ALL = together(*_DAYS, LEDGER)
_ONE = together(*_DAYS, LEDGER_OF_ONE)


@lru_cache(maxsize=8)
def _all_with(also: Listing) -> AnySelect:
    return together(*_DAYS, LEDGER, also)


@dataclass(frozen=True, slots=True)
class Reading:
    """The rooms and what is known of some days, just as the database wrote it down."""

    first: date
    last: date
    rooms: str
    hours: str
    windows: str
    kept: str
    audiences: str
    exceptions: str
    staff_days: str
    ledger: str
    also: str = ""  # what a higher part asked for with it


def read_days(first: date, last: date, *, code: str = "", also: Listing | None = None, **asked: Any) -> Reading:
    """Read all that boards of these days show, or of one room (`code`); `also` a listing of a higher part with it."""
    start, end = day_span(first, centre_zone()).start, day_span(last, centre_zone()).end + LONGEST_BUFFER
    times = {"start": start, "end": end, "last_clear": end + LONGEST_ROW}
    days = {"first": first, "last": last, **around(first, last)}
    if code:
        texts = read(_ONE, code=code, **times, **days)
    else:
        texts = read(_all_with(also) if also is not None else _ALL, **times, **days, **asked)
    return Reading(first, last, *read(_EVERY_DAY), *texts)


def rooms_in(reading: Reading) -> list[Room]:
    """The rooms in use, each part right after its whole."""
    return [room for room in rooms_of(reading.rooms, reading.hours, reading.windows) if not room.is_retired]


def room_in(reading: Reading, code: str) -> Room:
    """The room or part with this code, in use or retired; raises NotFound."""
    rooms = rooms_of(reading.rooms, reading.hours, reading.windows)
    return must_find(next((room for room in rooms if room.code == code), None), NO_SUCH_ROOM)


def days_in(reading: Reading, rooms: list[Room], *, now: datetime) -> list[RoomDay]:
    """Every one of these rooms on every day of the reading; like `availability.room_days`."""
    first, last = reading.first, reading.last
    schedule = Schedule(
        zone=centre_zone(),
        calendar=calendar_in(reading),
        exceptions=other_hours(EXCEPTIONS.rows(reading.exceptions)),
    )
    begun = now.replace(second=0, microsecond=0)  # a hold that runs out within this minute holds until the next
    uses = uses_in(rooms, LEDGER.rows(reading.ledger), now=begun)
    return plan_days(rooms, first, last, schedule, uses, now=now, rules_of=_rules_in_reading)


@lru_cache(maxsize=256)
def _rules_in_reading(room: Room) -> RoomRules:
    """`rules_of` of a room that came from a reading: it never changes."""
    return rules_of(room)


def calendar_in(reading: Reading) -> dict[date, NamedDay]:
    """The days of the reading that differ from their weekday."""
    return combined_days(reading.first, reading.last, STAFF_DAYS.rows(reading.staff_days))


def looking_at(reading: Reading, footings: tuple[Footing, ...]) -> Looking:
    """What somebody with these footings may book of what the reading shows."""
    known = Settings(windows=_by_room(KEPT, reading.kept), audiences=_by_room(AUDIENCES, reading.audiences))
    return Looking(footings, known, kinds_in(calendar_in(reading)))


def _by_room(listing: Listing, text: str) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in sorted(listing.rows(text), key=lambda row: row.id):
        found.setdefault(row.room_id, []).append(row)
    return found
