"""What the desk's pages show, gathered in a number of reads that does not grow with rooms, people or bookings."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.bookings.rulebook.availability import RoomDay, room_days
from center.kernel.db import db
from center.kernel.errors import NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.models import Person
from center.people.queries import buildings
from center.rooms.models import Room
from center.rooms.queries import rooms_on_boards
from center.web.desk.rules import usual_minutes

STARTS_SHOWN = 6
DAYS_OFFERED = 6


@dataclass(frozen=True)
class Offer:
    """A room with its next free starts on a day, for a use of `minutes`."""

    room: Room
    minutes: int
    starts: Sequence[datetime]
    has_more: bool
    closed_reason: str


def offers(day: date, *, now: datetime) -> list[Offer]:
    """Every room with its next free starts that day; those with none come last."""
    found = [_offer(each, now) for each in room_days(rooms_on_boards(), day, day, now=now)]
    return sorted(found, key=lambda offer: not offer.starts)


def get_whole_person(person_id: int, *, even_erased: bool = False) -> Person:
    """A person with their building, account and roles; raises NotFound, also for one who was erased."""
    query = select(Person).where(Person.id == person_id)
    person = db.session.scalar(query.options(joinedload(Person.building), joinedload(Person.account)))
    if person is None or (person.erased_at is not None and not even_erased):
        raise NotFound(_l("There is nobody here with this number."))
    return person


def building_ids() -> dict[str, int]:
    """Buildings by the number people say: 3 for 3栋."""
    numbered = ((re.match(r"[A-Za-z]?\d+", each.code), each.id) for each in buildings())
    return {number.group().lower(): building_id for number, building_id in numbered if number}


def coming_days(today: date, count: int = DAYS_OFFERED) -> list[date]:
    """The days after today that the desk offers at a press."""
    return [today + timedelta(days=n) for n in range(1, count + 1)]


def last_bookable_day(now: datetime) -> date:
    """How far ahead the desk's list of rooms goes."""
    return local_date(now) + timedelta(days=366)


def _offer(day: RoomDay, now: datetime) -> Offer:
    minutes = usual_minutes(day.room.min_minutes, day.room.max_minutes)
    starts = [start for start in day.free_starts(minutes) if start >= now]
    return Offer(day.room, minutes, starts[:STARTS_SHOWN], len(starts) > STARTS_SHOWN, day.closed_reason)
