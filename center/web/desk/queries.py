"""What the desk's pages show, gathered in a number of reads that does not grow with rooms, people or bookings."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.bookings.approvals.listing import Request, count_to_decide, to_decide
from center.bookings.models import Booking
from center.bookings.queries import bookings_on
from center.bookings.rulebook.availability import RoomDay, room_days
from center.bookings.rulebook.missed_visits import Visit, visit_of
from center.kernel.access import Permission, may
from center.kernel.db import db
from center.kernel.errors import NotFound
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.notices.queries import count_to_do_by_hand
from center.people.models import Person
from center.people.queries import buildings, waiting_accounts
from center.premises.queries import find_calendar_gap
from center.rooms.models import Room
from center.rooms.queries import rooms_on_boards
from center.timetable.boards import RoomNow, room_now
from center.web.desk.rules import is_over, usual_minutes

REQUESTS_SHOWN = 4
ACCOUNTS_COUNTED = 50
STARTS_SHOWN = 6
DAYS_OFFERED = 6


@dataclass(frozen=True)
class Board:
    """Today at the centre, for staff."""

    at: datetime
    today: date
    rooms: Sequence[RoomNow]
    bookings: Sequence[Booking]
    requests: Sequence[Request]
    request_count: int
    account_count: int
    call_count: int
    visits: Mapping[int, Visit]  # by the id of a booking
    calendar_gap: int | None  # the year whose holidays nobody knows yet

    @property
    def by_reference(self) -> Mapping[str, Booking]:
        """Today's bookings by their reference."""
        return {booking.reference: booking for booking in self.bookings}

    @property
    def still_on(self) -> list[Booking]:
        """Today's bookings that are not over."""
        return [booking for booking in self.bookings if not is_over(booking.ends_at, self.at)]

    @property
    def over(self) -> list[Booking]:
        """Today's bookings that are over."""
        return [booking for booking in self.bookings if is_over(booking.ends_at, self.at)]

    @property
    def free(self) -> list[RoomNow]:
        """The rooms that are free at this moment."""
        return [each for each in self.rooms if each.is_free]

    @property
    def idle(self) -> list[RoomNow]:
        """The rooms that are open today and not used all day."""
        return [each for each in self.rooms if each.is_idle]


@dataclass(frozen=True)
class Offer:
    """A room with its next free starts on a day, for a use of `minutes`."""

    room: Room
    minutes: int
    starts: Sequence[datetime]
    has_more: bool
    closed_reason: str


def todays_board(now: datetime) -> Board:
    """Everything the clerk sees on opening the desk."""
    today = local_date(now)
    days = room_days(rooms_on_boards(), today, today, now=now)
    bookings = bookings_on(today, zone=centre_zone(), now=now)
    return Board(
        at=now,
        today=today,
        rooms=[room_now(day, now) for day in days],
        bookings=bookings,
        visits={each.id: visit_of(each, now=now) for each in bookings},
        requests=to_decide(now, limit=REQUESTS_SHOWN),
        request_count=count_to_decide(now),
        account_count=len(waiting_accounts(limit=ACCOUNTS_COUNTED)),
        call_count=count_to_do_by_hand() if may(Permission.TELL_PEOPLE) else 0,
        calendar_gap=find_calendar_gap(today),
    )


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
