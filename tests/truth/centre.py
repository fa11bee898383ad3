"""A small centre whose days hypothesis makes up: a hall of two parts and a room, some people and a troupe."""

from collections.abc import Callable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, TypeVar

from flask import Flask
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from center.bookings import sweeps
from center.bookings.models import LIVE, Booking, BookingStatus
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.kernel.spans import Span
from center.rooms.models import Approval
from tests.builders import ZONE, at, make_hall, make_organisation, make_person, make_room
from tests.conftest import empty_database
from tests.engines import Engines
from tests.truth.books import Books, read_books

T = TypeVar("T")

RULES: dict[str, Any] = {
    "live_limit": 0,
    "approval": Approval.FROM_PEOPLE,
    "approval_from_people": 10,
    "buffer_minutes": 15,
    "set_up_minutes": 15,
    "cancel_minutes": 30,
    "expire_minutes": 45,
    "release_minutes": 20,
    "org_series_limit": 0,
}
SWEEPS = sweeps.SWEEPS

# A day in the first days, an hour, a minute, and how many minutes: few enough that people want the same.
slots = st.tuples(
    st.integers(0, 1), st.integers(8, 12), st.sampled_from([0, 0, 30]), st.sampled_from([30, 60, 60, 90, 120])
)
rooms = st.integers(0, 3)
which = st.integers(0, 11)
Slot = tuple[int, int, int, int]

needs_booking = precondition(lambda self: self.books.bookings)
needs_live = precondition(lambda self: self.books.live)


class Centre(RuleBasedStateMachine):
    """The centre, its clock, and what must be true of it after every step."""

    def __init__(self, app: Flask, engines: Engines) -> None:
        super().__init__()
        empty_database(app, engines)
        self.context = app.app_context()
        self.context.push()
        self.first_day: date = clock.today(ZONE) + timedelta(days=1)
        self.now = at(7, day=self.first_day)
        clock.start_at(self.now)
        self.rooms = [*make_hall(**RULES), make_room(**RULES)]
        self.people = [make_person(), make_person(), make_person()]
        self.troupe = make_organisation(leads=[self.people[0]])
        self.staff = make_person()
        self.sent = 0
        self.is_refused = False
        self.ended: dict[int, BookingStatus] = {}
        self.gone: dict[tuple[int, date], int | None] = {}
        self.books: Books = read_books()

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    def attempt(self, action: Callable[[], T]) -> T | None:
        """What the action brings, or None where it is refused; then nothing may be changed after this step."""
        try:
            with transaction():
                return action()
        except DomainError:
            self.is_refused = True
            return None

    def on(self, number: int, action: Callable[[Booking], object]) -> None:
        """Do something to a booking: to one that stands, or sometimes to any that was ever made."""
        ids = self.books.live if number < 9 and self.books.live else [each.id for each in self.books.bookings]
        booking = db.session.get_one(Booking, pick(ids, number))
        self.attempt(lambda: action(booking))

    def span(self, slot: Slot) -> Span:
        """The time of a slot."""
        day, hour, minute, length = slot
        start = at(hour, minute, day=self.first_day + timedelta(days=day))
        return Span(start, start + timedelta(minutes=length))

    def key(self) -> str:
        """Of a form that nobody sent before."""
        self.sent += 1
        return f"00000000-0000-0000-0000-{self.sent:012d}"

    @rule(minutes=st.sampled_from([5, 20, 30, 90, 300]))
    def wait(self, minutes: int) -> None:
        """Time goes by."""
        self.now += timedelta(minutes=minutes)
        clock.start_at(self.now)

    @needs_booking
    @rule()
    def sweep(self) -> None:
        """The worker tidies up, and nothing is due any more."""
        for sweep in SWEEPS:
            for row_id in sweep.due(self.now):
                sweep.settle(row_id, self.now)
        db.session.rollback()
        assert [sweep.name for sweep in SWEEPS if sweep.due(self.now)] == []

    @invariant()
    def the_books_are_true(self) -> None:
        """No overlap, every live use and no other has its rows; what ended stays ended; a refusal changed nothing."""
        before, self.books = self.books, read_books()
        self.books.check(self.now)
        if self.is_refused:
            assert self.books == before
            self.is_refused = False
        self._what_ended_stays_ended()
        self._gone_dates_never_come_back()
        assert ledger_findings() == []
        db.session.rollback()

    def _what_ended_stays_ended(self) -> None:
        standings = self.books.standings
        for booking_id, status in self.ended.items():
            assert standings[booking_id] is status
        self.ended |= {booking_id: status for booking_id, status in standings.items() if status not in LIVE}

    def _gone_dates_never_come_back(self) -> None:
        """A date of a series that was skipped or cancelled stays so, whichever part of the series has it now."""
        dates = {(each.root, each.on): each.booking_id for each in self.books.dates}
        assert len(dates) == len(self.books.dates)
        for date_of_series, booking_id in self.gone.items():
            assert dates[date_of_series] == booking_id
        live = set(self.books.live)
        self.gone |= {key: booking_id for key, booking_id in dates.items() if booking_id not in live}


def pick(choices: Sequence[T], number: int) -> T:
    """One of them."""
    return choices[number % len(choices)]


def moment_on(day: date, moment: datetime) -> datetime:
    """The same time on another day."""
    return datetime.combine(day, moment.astimezone(ZONE).time(), ZONE)


def facts_of(rows: Sequence[Any], row_id: int) -> Any:
    """The row with this id."""
    return next(row for row in rows if row.id == row_id)
