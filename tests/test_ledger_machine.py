"""Whatever people do in whatever order, no two live uses of a part overlap, and every live use, and no other, has rows.

Hypothesis makes up the days of a small centre: a hall of two parts and a room, and everything that can be done with
their time. A model beside it says what must be live. What the centre refuses must leave everything as it was.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest
from flask import Flask
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, invariant, rule, run_state_machine_as_test
from sqlalchemy import select

from center import clock
from center.bookings import actions
from center.bookings.actions import BookingRequest
from center.bookings.models import LIVE, Booking, BookingStatus
from center.bookings.rules import Party
from center.commands.ledger_checks import ledger_findings
from center.db import db, transaction
from center.errors import DomainError
from center.rooms import closures
from center.rooms.models import Approval, Closure, Occupancy
from center.spans import Span
from tests.builders import at, make_hall, make_person, make_room
from tests.conftest import empty_database
from tests.engines import Engines

slots = st.tuples(st.integers(0, 2), st.integers(8, 18), st.sampled_from([0, 30]), st.sampled_from([30, 60, 90, 120]))
rooms = st.integers(0, 3)


@dataclass(frozen=True)
class Row:
    """A row of the ledger as it should be: whose use, which part, from when until it is cleared."""

    use_id: int
    room_id: int
    span: Span


class Centre(RuleBasedStateMachine):
    """A small centre, and what people do in it."""

    made = Bundle("made")
    closed = Bundle("closed")

    def __init__(self, app: Flask, engines: Engines) -> None:
        super().__init__()
        empty_database(app, engines)
        self.context = app.app_context()
        self.context.push()
        self.now = at(7)
        clock.start_at(self.now)
        facts = {"live_limit": 0, "approval": Approval.FROM_PEOPLE, "approval_from_people": 10, "buffer_minutes": 15}
        self.rooms = [*make_hall(**facts), make_room(**facts)]
        self.people = [make_person(), make_person()]
        self.staff = make_person()
        self.sent = 0

    def teardown(self) -> None:
        db.session.remove()
        self.context.pop()

    def attempt(self, action: Callable[[], Any]) -> Any:
        """What the action brings, or None where it is refused, which must change nothing."""
        before = self.everything()
        try:
            with transaction():
                return action()
        except DomainError:
            assert self.everything() == before
            return None

    @rule(target=made, room=rooms, slot=slots, who=st.integers(0, 1), people=st.sampled_from([2, 12]))
    def book(self, room: int, slot: tuple[int, int, int, int], who: int, people: int) -> int | None:
        """Somebody books; twelve people need approval."""
        self.sent += 1
        asked = BookingRequest(span=self.span(slot), people=people, purpose="排练", request_key=str(self.sent))
        person, place = self.people[who], self.rooms[room]
        booking = self.attempt(
            lambda: actions.request_booking(place, asked, person=person, by=person, party=Party.PERSON, now=self.now)
        )
        return booking.id if booking else None

    @rule(booking_id=made)
    def approve(self, booking_id: int | None) -> None:
        """Staff agree, perhaps twice, perhaps to what is over."""
        self.on(booking_id, lambda booking: actions.approve(booking, by=self.staff, now=self.now))

    @rule(booking_id=made)
    def decline(self, booking_id: int | None) -> None:
        """Staff decline."""
        self.on(booking_id, lambda booking: actions.decline(booking, reason="x", by=self.staff, now=self.now))

    @rule(booking_id=made, as_staff=st.booleans())
    def cancel(self, booking_id: int | None, as_staff: bool) -> None:
        """The person or the desk cancels."""
        by = self.staff if as_staff else self.people[0]
        self.on(booking_id, lambda booking: actions.cancel(booking, by=by, now=self.now, as_staff=as_staff))

    @rule(target=closed, room=st.none() | rooms, slot=slots)
    def close(self, room: int | None, slot: tuple[int, int, int, int]) -> int | None:
        """Staff close a room or the whole centre."""
        span = self.span(slot)
        place = None if room is None else self.rooms[room]
        closure = self.attempt(
            lambda: closures.close(
                place, starts_at=span.start, ends_at=span.end, reason="x", reason_en="", by=self.staff.id, now=self.now
            )
        )
        return closure.id if closure else None

    @rule(closure_id=consumes(closed))
    def lift(self, closure_id: int | None) -> None:
        """Staff open again."""
        if closure_id is not None:
            closure = db.session.get_one(Closure, closure_id)
            self.attempt(lambda: closures.lift(closure, by=self.staff.id, now=self.now))

    @rule(minutes=st.sampled_from([20, 90, 600]))
    def wait(self, minutes: int) -> None:
        """Time goes by."""
        self.now += timedelta(minutes=minutes)
        clock.start_at(self.now)

    @invariant()
    def no_two_live_uses_of_a_part_overlap(self) -> None:
        """Looked at pair by pair, not as the database looks."""
        rows = sorted(self.ledger(), key=lambda row: (row.room_id, row.span))
        for row, later in pairwise(rows):
            assert row.room_id != later.room_id or row.span.end <= later.span.start

    @invariant()
    def every_live_use_has_its_rows_and_no_other_has(self) -> None:
        """What the bookings say, part by part, is what the ledger says of bookings; and `center doctor` agrees."""
        due = {
            Row(booking.use_id, part.id, Span(booking.starts_at, booking.clear_at))
            for booking in db.session.scalars(select(Booking).where(Booking.status.in_(LIVE)))
            for part in booking.room.leaves
        }
        ended = set(db.session.scalars(select(Booking.use_id).where(Booking.status.not_in(LIVE))))
        held = self.ledger()
        assert due <= held
        of_bookings = set(db.session.scalars(select(Booking.use_id)))
        assert {row for row in held if row.use_id in of_bookings} == due
        assert not any(row.use_id in ended for row in held)
        assert ledger_findings() == []
        db.session.rollback()

    def on(self, booking_id: int | None, action: Callable[[Booking], None]) -> None:
        """Do something to a booking that was made."""
        if booking_id is not None:
            booking = db.session.get_one(Booking, booking_id)
            self.attempt(lambda: action(booking))

    def span(self, slot: tuple[int, int, int, int]) -> Span:
        """The time of a slot: days from the first, clock time, and minutes."""
        day, hour, minute, length = slot
        start = at(hour, minute, day=self.first_day()) + timedelta(days=day)
        return Span(start, start + timedelta(minutes=length))

    def first_day(self) -> Any:
        """The day on which the story begins."""
        return self.people[0].created_at.astimezone(at(7).tzinfo).date()

    def ledger(self) -> set[Row]:
        """All rows."""
        db.session.rollback()
        rows = db.session.scalars(select(Occupancy).execution_options(populate_existing=True))
        return {Row(row.use_id, row.room_id, Span(row.starts_at, row.clear_at)) for row in rows}

    def everything(self) -> tuple[Any, ...]:
        """The ledger and where each booking stands."""
        held = frozenset(self.ledger())
        states = db.session.execute(select(Booking.id, Booking.status, Booking.room_id, Booking.starts_at))
        return held, frozenset(tuple(row) for row in states)


def test_no_story_makes_the_ledger_lie(app: Flask, engines: Engines) -> None:
    patience = settings(max_examples=25, stateful_step_count=30, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(lambda: Centre(app, engines), settings=patience)


def test_the_machine_sees_a_ledger_that_lies(app: Flask, engines: Engines) -> None:
    """The negative control: a cancelled booking that keeps its rows is found out."""
    centre = Centre(app, engines)
    booking_id = centre.book(3, (0, 9, 0, 60), 0, 2)
    centre.every_live_use_has_its_rows_and_no_other_has()
    with transaction():
        db.session.get_one(Booking, booking_id).status = BookingStatus.CANCELLED
    with pytest.raises(AssertionError):
        centre.every_live_use_has_its_rows_and_no_other_has()
    centre.teardown()
