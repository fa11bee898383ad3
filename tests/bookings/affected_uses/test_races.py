"""Closures, cancellations and bookings of the same moment: nothing overlaps, and no closed time falls free."""

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.bookings import actions
from center.bookings.actions import request_booking
from center.bookings.affected_uses.actions import Decisions
from center.bookings.affected_uses.rules import Choices
from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.facts import Party
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import closures
from center.rooms.models import Closure, Room
from tests.builders import at, make_booking, make_person, make_room, somebody
from tests.rooms.test_closures import assert_no_closed_time_is_free

ROUNDS = 6


def at_once(app: Flask, *doings: Any) -> Any:
    """Do each in a thread and a transaction of its own, from one start; whether each was let, or the fault it met."""
    db.session.rollback()  # our own reading must not hold up a writer
    gate = threading.Barrier(len(doings))

    def run(doing: Any) -> bool:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    doing()
            except DomainError:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(len(doings)) as threads:
        return list(threads.map(run, doings))


def close(room_id: int | None, key: str, person_id: int, choices: Choices | None = None, end: int = 18) -> None:
    by = db.session.get_one(Person, person_id)
    decide = Decisions(choices or Choices(), "水管坏了", by, clock.now())
    decide.hold()
    room = db.session.get_one(Room, room_id) if room_id else None
    times: dict[str, Any] = {"starts_at": at(8), "ends_at": at(end)}
    closures.close(room, **times, reason="维修", reason_en="", by=by, now=clock.now(), decide=decide, request_key=key)


def cancel(booking_id: int) -> None:
    booking = db.session.get_one(Booking, booking_id)
    actions.cancel(booking, by=booking.person, now=clock.now())


def book(room_id: int, person_id: int, key: str, hour: int) -> None:
    room, person = db.session.get_one(Room, room_id), db.session.get_one(Person, person_id)
    request = BookingRequest(span=Span(at(hour), at(hour + 1)), people=2, purpose="棋", request_key=key)
    request_booking(room, request, person=person, by=person, party=Party.PERSON, now=clock.now())


def seen(*bookings: Any, own: Any = None) -> Choices:
    marks = {f"{booking.use_id}:{booking.sequence}" for booking in bookings}
    return Choices(marks, "keep", own or {booking.use_id: "" for booking in bookings})


def test_a_booking_and_a_closure_of_one_moment_are_never_both_let_unasked(app: Flask) -> None:
    room_id, person_id = make_room(live_limit=0).id, make_person().id
    db.session.rollback()
    for n in range(ROUNDS):
        booked, closed = at_once(
            app,
            lambda n=n: book(room_id, person_id, f"k{n}", 10),
            lambda n=n: close(room_id, f"c{n}", person_id),
        )
        assert booked is not closed
        assert_no_closed_time_is_free()
        with transaction() as session:
            for booking in session.scalars(select(Booking).where(Booking.status == BookingStatus.CONFIRMED)):
                actions.cancel(booking, by=booking.person, now=clock.now())
            for closure in session.scalars(select(Closure).where(Closure.lifted_at.is_(None))):
                closures.lift(closure, by=somebody(), now=clock.now())


def test_two_staff_who_close_at_once_both_have_their_way(app: Flask) -> None:
    room_id, person_id = make_room().id, make_person().id
    other = make_room().id
    db.session.rollback()
    for n in range(ROUNDS):
        outcome = at_once(
            app,
            lambda n=n: close(room_id, f"a{n}", person_id, end=12),
            lambda n=n: close(None, f"b{n}", person_id),
            lambda n=n: close(other, f"c{n}", person_id, end=20),
        )
        assert outcome == [True, True, True]
        assert_no_closed_time_is_free()


def test_the_same_form_sent_twice_at_once_closes_once(app: Flask) -> None:
    room_id, person_id = make_room().id, make_person().id
    db.session.rollback()
    for n in range(ROUNDS):
        assert at_once(app, *[lambda n=n: close(room_id, f"same{n}", person_id, end=12 + n)] * 3) == [True] * 3
    db.session.rollback()
    assert len(db.session.scalars(select(Closure)).all()) == ROUNDS


@pytest.mark.parametrize("choice", ["keep", "cancel"])
def test_a_booking_that_is_cancelled_while_staff_decide_leaves_no_gap(app: Flask, choice: str) -> None:
    room, person_id = make_room(cancel_minutes=0, live_limit=0), make_person().id
    db.session.rollback()
    for n in range(ROUNDS):
        bookings = [make_booking(room=room, starts_at=at(hour)) for hour in (9, 11)]
        ids = [booking.id for booking in bookings]
        choices = seen(*bookings, own={booking.use_id: choice for booking in bookings})
        db.session.rollback()
        _off, _off_too, closed = at_once(
            app,
            lambda ids=ids: cancel(ids[0]),
            lambda ids=ids: cancel(ids[1]),
            lambda n=n, choices=choices: close(room.id, f"k{n}", person_id, choices),
        )
        assert closed
        assert_no_closed_time_is_free()
        with transaction() as session:
            for booking in session.scalars(select(Booking).where(Booking.status == BookingStatus.CONFIRMED)):
                actions.cancel(booking, by=booking.person, now=clock.now(), as_staff=True)
            for closure in session.scalars(select(Closure).where(Closure.lifted_at.is_(None))):
                closures.lift(closure, by=somebody(), now=clock.now())


def test_a_closure_that_is_lifted_while_a_kept_booking_is_cancelled_leaves_nothing_behind(app: Flask) -> None:
    room, person_id = make_room(cancel_minutes=0), make_person().id
    db.session.rollback()
    for n in range(ROUNDS):
        booking = make_booking(room=room, starts_at=at(9))
        with transaction():
            close(room.id, f"k{n}", person_id, seen(booking))
        closed = db.session.scalar(select(Closure.id).order_by(Closure.id.desc()).limit(1))
        db.session.rollback()
        done = at_once(
            app,
            lambda number=booking.id: cancel(number),
            lambda closed=closed: closures.lift(db.session.get_one(Closure, closed), by=somebody(), now=clock.now()),
        )
        assert done == [True, True]
        make_booking(room=room, starts_at=at(9), status=BookingStatus.CONFIRMED)
        with transaction() as session:
            for left in session.scalars(select(Booking).where(Booking.status == BookingStatus.CONFIRMED)):
                actions.cancel(left, by=left.person, now=clock.now(), as_staff=True)
