"""Moves, decisions and expiry in the same moment: one has its way, and the ledger stays true. On both engines."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.bookings import actions
from center.bookings.actions import request_booking
from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.facts import Party
from center.bookings.sweeps import put_away
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms.models import Approval, Occupancy, Room
from tests.builders import at, make_booking, make_hall, make_person, make_room, move_booking
from tests.rooms.test_races import at_once

ROUNDS = 5


def move(booking_id: int, *, room_id: int, start: datetime) -> None:
    booking = db.session.get_one(Booking, booking_id)
    move_booking(
        booking,
        room=db.session.get_one(Room, room_id),
        span=Span(start, start + timedelta(hours=1)),
        people=booking.people,
        by=booking.person,
        now=clock.now(),
        as_staff=False,
    )


def assert_ledger_is_true() -> None:
    """Every live booking has its rows, and nothing else has any."""
    db.session.rollback()
    rows = db.session.scalars(select(Occupancy)).all()
    held = sorted((row.use_id, row.room_id, row.starts_at, row.clear_at) for row in rows)
    bookings = db.session.scalars(select(Booking).execution_options(populate_existing=True)).all()
    due = sorted((b.use_id, leaf.id, b.starts_at, b.clear_at) for b in bookings if b.is_live for leaf in b.room.leaves)
    assert held == due


def test_two_moves_to_one_place_let_one_in(app: Flask) -> None:
    room_id = make_room(live_limit=0).id
    for n in range(ROUNDS):
        one, other = (make_booking(starts_at=at(9)).id for _ in range(2))
        start = at(9 + n)
        outcome = at_once(app, *(lambda b=b, s=start: move(b, room_id=room_id, start=s) for b in (one, other)))
        assert sorted(outcome) == [False, True]
    assert_ledger_is_true()


def test_two_bookings_that_change_places_both_stay_whole(app: Flask) -> None:
    left, right = make_room().id, make_room().id
    for n in range(ROUNDS):
        start = at(9 + n)
        one = make_booking(room=db.session.get(Room, left), starts_at=start).id
        other = make_booking(room=db.session.get(Room, right), starts_at=start).id
        outcome = at_once(
            app,
            lambda b=one, s=start: move(b, room_id=right, start=s),
            lambda b=other, s=start: move(b, room_id=left, start=s),
        )
        assert outcome == [False, False]
    assert_ledger_is_true()


def test_a_move_and_a_new_booking_of_the_target_let_one_in(app: Flask) -> None:
    hall, part, _other = make_hall(live_limit=0)
    hall_id, part_id, person_id = hall.id, part.id, make_person().id
    for n in range(ROUNDS):
        start = at(9 + n)
        moving_id = make_booking().id

        def book(start: Any = start, n: Any = n) -> None:
            person = db.session.get_one(Person, person_id)
            span = Span(start, start + timedelta(hours=1))
            wish = BookingRequest(span=span, people=5, purpose="排练", request_key=f"race-{n}")
            room = db.session.get_one(Room, hall_id)
            request_booking(room, wish, person=person, by=person, party=Party.PERSON, now=clock.now())

        outcome = at_once(app, book, lambda b=moving_id, s=start: move(b, room_id=part_id, start=s))
        assert sorted(outcome) == [False, True]
    assert_ledger_is_true()


def test_two_staff_who_decide_at_once_do_not_both_have_their_way(app: Flask) -> None:
    for _n in range(ROUNDS):
        booking_id = make_booking(room=make_room(approval=Approval.ALWAYS), status=BookingStatus.REQUESTED).id
        clerk_id = make_person().id

        def decide(how: Any, booking_id: int = booking_id, clerk_id: Any = clerk_id, **more: Any) -> None:
            booking, clerk = db.session.get_one(Booking, booking_id), db.session.get_one(Person, clerk_id)
            how(booking, by=clerk, now=clock.now(), seen=0, **more)

        outcome = at_once(app, lambda d=decide: d(actions.approve), lambda d=decide: d(actions.decline, reason="x"))
        assert sorted(outcome) == [False, True]
    assert_ledger_is_true()


@pytest.mark.parametrize("rival", ["approve", "move"])
def test_expiry_and_a_rival_do_not_both_have_their_way(app: Flask, rival: str) -> None:
    for _n in range(ROUNDS):
        room = make_room(approval=Approval.ALWAYS)
        booking_id, clerk_id, room_id = (
            make_booking(room=room, status=BookingStatus.REQUESTED, expires_at=at(9)).id,
            make_person().id,
            room.id,
        )

        def act(booking_id: int = booking_id, clerk_id: Any = clerk_id, room_id: int = room_id) -> None:
            """Just in time by the rival's clock."""
            if rival == "move":
                move(booking_id, room_id=room_id, start=at(15, days=3))  # for which more time is left
            else:
                booking, clerk = db.session.get_one(Booking, booking_id), db.session.get_one(Person, clerk_id)
                actions.approve(booking, by=clerk, now=clock.now())

        def expire(booking_id: int = booking_id) -> None:
            """The sweep, by whose clock the moment has come."""
            actions.expire(db.session.get_one(Booking, booking_id), now=at(9))

        in_time, _tidied = at_once(app, act, expire)
        db.session.rollback()
        stands = db.session.get_one(Booking, booking_id, populate_existing=True).status
        kept = {"approve": BookingStatus.CONFIRMED, "move": BookingStatus.REQUESTED}[rival]
        assert stands is (kept if in_time else BookingStatus.EXPIRED)
        put_away(booking_id, clock.now())
    assert_ledger_is_true()
