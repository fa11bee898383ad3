"""Today at the centre for staff, gathered in a number of reads that does not grow with what is shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from center.attendance.overview import count_here
from center.bookings.approvals.listing import Request, count_to_decide, to_decide
from center.bookings.models import Booking
from center.bookings.queries import bookings_on
from center.bookings.rulebook.availability import RoomDay, room_days
from center.bookings.rulebook.missed_visits import Visit, visit_of
from center.bookings.rulebook.segments import Segment
from center.kernel.access import Permission, may
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import day_span
from center.notices.queries import count_to_do_by_hand
from center.people.queries import waiting_accounts
from center.premises.queries import find_calendar_gap
from center.rooms.queries import rooms_on_boards
from center.signups.public.cards import Card
from center.timetable.boards import RoomNow, room_now
from center.timetable.happenings import sessions_between
from center.timetable.sessions_now import SessionNow, Standing, session_in, sessions_now
from center.web.desk.rules import is_over

REQUESTS_SHOWN = 4
ACCOUNTS_COUNTED = 50
FAR = (Standing.LATER, Standing.OVER)


@dataclass(frozen=True, kw_only=True)
class Board:
    """Today at the centre, for staff."""

    at: datetime
    today: date
    rooms: Sequence[RoomNow]
    bookings: Sequence[Booking]
    sessions: Sequence[SessionNow]
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
    def sessions_near(self) -> list[SessionNow]:
        """Today's sessions that are on or next."""
        return [each for each in self.sessions if each.standing in {Standing.ON, Standing.NEXT}]

    @property
    def sessions_far(self) -> list[tuple[Standing, list[SessionNow]]]:
        """Today's sessions that come later, and those that are over; what there is none of is left out."""
        apart = [(which, [each for each in self.sessions if each.standing is which]) for which in FAR]
        return [(which, found) for which, found in apart if found]

    def session_in(self, day: RoomDay, segment: Segment) -> Card | None:
        """The session that uses a room in a piece of its day."""
        wholes = {each.day.room.id: each.day.room.parent_id for each in self.rooms}
        return session_in([each.card for each in self.sessions], day, segment, wholes)

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
    days = room_days(rooms_on_boards(), today, today, now=now)
    bookings = bookings_on(today, zone=centre_zone(), now=now)
    whole_day = day_span(today, centre_zone())
    sessions = sessions_between(whole_day.start, whole_day.end)
    return Board(
        at=now,
        today=today,
        rooms=[room_now(day, now) for day in days],
        bookings=bookings,
        sessions=sessions_now(sessions, now=now, here=count_here([each.id for each in sessions])),
        visits={each.id: visit_of(each, now=now) for each in bookings},
        requests=to_decide(now, limit=REQUESTS_SHOWN),
        request_count=count_to_decide(now),
        account_count=len(waiting_accounts(limit=ACCOUNTS_COUNTED)),
        call_count=count_to_do_by_hand() if may(Permission.TELL_PEOPLE) else 0,
        calendar_gap=find_calendar_gap(today),
    )
