"""Today at the centre for staff, gathered in a number of reads that does not grow with what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from typing import NamedTuple

from center.attendance.overview import count_here
from center.bookings.approvals.listing import Request, count_to_decide, to_decide
from center.bookings.lines import BookingLine, line_of, lines_on
from center.bookings.readings import Reading, days_in, read_days, rooms_in
from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.missed_visits import Visit, visit_of
from center.bookings.rulebook.segments import Segment
from center.kernel.access import Permission, may
from center.kernel.caching.read_cache import while_unchanged
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import day_span
from center.notices.queries import count_to_do_by_hand
from center.people.queries import waiting_accounts
from center.premises.queries import find_calendar_gap
from center.signups.public.cards import Card
from center.timetable.boards import RoomNow, room_now
from center.timetable.happenings import asked_touching, touching_in
from center.timetable.sessions_now import SessionNow, Standing, session_in, sessions_now
from center.web.desk.rules import is_over

REQUESTS_SHOWN = 4
ACCOUNTS_COUNTED = 50
FAR = (Standing.LATER, Standing.OVER)


class RequestLine(NamedTuple):
    """A request that waits: its first booking, and of how many dates it is, where it is a series."""

    reference: str
    first: BookingLine
    dates: int = 0


@dataclass(frozen=True, kw_only=True)
class Waiting:
    """What waits at the desk for whoever is there; counted again once anything was written, or the minute is over."""

    requests: tuple[RequestLine, ...]
    request_count: int
    account_count: int
    call_count: int
    calendar_gap: int | None  # the year whose holidays nobody knows yet


@dataclass(frozen=True, kw_only=True)
class Board:
    """Today at the centre, for staff. Equal boards look the same, so what was drawn of one is shown for the other."""

    at: datetime
    today: date
    reading: Reading
    bookings: tuple[BookingLine, ...]
    sessions: tuple[SessionNow, ...]
    waiting: Waiting

    @cached_property
    def rooms(self) -> Sequence[RoomNow]:
        """What each room is now."""
        days = days_in(self.reading, rooms_in(self.reading), now=self.at)
        return [room_now(day, self.at) for day in days]

    @cached_property
    def visits(self) -> Mapping[int, Visit]:
        """Where the visit of each booking stands, by its id."""
        return {each.id: visit_of(each, now=self.at) for each in self.bookings}

    @property
    def by_reference(self) -> Mapping[str, BookingLine]:
        """Today's bookings by their reference."""
        return {booking.reference: booking for booking in self.bookings}

    @property
    def still_on(self) -> list[BookingLine]:
        """Today's bookings that are not over."""
        return [booking for booking in self.bookings if not is_over(booking.ends_at, self.at)]

    @property
    def over(self) -> list[BookingLine]:
        """Today's bookings that are over."""
        return [booking for booking in self.bookings if is_over(booking.ends_at, self.at)]

    @property
    def sessions_near(self) -> list[SessionNow]:
        """Today's sessions that are on or next."""
        return [each for each in self.sessions if each.standing in {Standing.ON, Standing.NEXT}]

    @property
    def sessions_far(self) -> list[tuple[Standing, list[SessionNow]]]:
        """Today's sessions that come later, and those that are over; what there is none of is left out."""
        apart = [(which, [each for each in self.sessions if each.standing is which]) for which in FAR]
        return [(which, found) for which, found in apart if found]

    @cached_property
    def _wholes(self) -> Mapping[int, int | None]:
        return {each.day.room.id: each.day.room.parent_id for each in self.rooms}

    def session_in(self, day: RoomDay, segment: Segment) -> Card | None:
        """The session that uses a room in a piece of its day."""
        return session_in([each.card for each in self.sessions], day, segment, self._wholes)

    @property
    def free(self) -> list[RoomNow]:
        """The rooms that are free at this moment."""
        return [each for each in self.rooms if each.is_free]

    @property
    def idle(self) -> list[RoomNow]:
        """The rooms that are open today and not used all day."""
        return [each for each in self.rooms if each.is_idle]


def todays_board(now: datetime) -> Board:
    """Everything the clerk sees on opening the desk."""
    today = local_date(now)
    whole_day = day_span(today, centre_zone())
    reading = read_days(today, today, **asked_touching(whole_day.start, whole_day.end))
    sessions = touching_in(reading)
    tells = may(Permission.TELL_PEOPLE)
    return Board(
        at=now,
        today=today,
        reading=reading,
        bookings=lines_on(today, now=now),
        sessions=tuple(sessions_now(sessions, now=now, here=count_here([each.id for each in sessions]))),
        waiting=while_unchanged(("waits at the desk", tells, now), lambda: _waiting(now, tells=tells)),
    )


def _waiting(now: datetime, *, tells: bool) -> Waiting:
    return Waiting(
        requests=tuple(_request(each) for each in to_decide(now, limit=REQUESTS_SHOWN)),
        request_count=count_to_decide(now),
        account_count=len(waiting_accounts(limit=ACCOUNTS_COUNTED)),
        call_count=count_to_do_by_hand() if tells else 0,
        calendar_gap=find_calendar_gap(local_date(now)),
    )


def _request(request: Request) -> RequestLine:
    return RequestLine(request.reference, line_of(request.first), len(request.bookings) if request.series else 0)
