"""Changes of hours against bookings made in the same moment: whoever comes second sees what the first did."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete

from center.bookings.actions import request_booking
from center.bookings.models import Channel
from center.bookings.rulebook.facts import Party
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.kernel.spans import LocalSpan, Span
from center.people.models import Person
from center.rooms import opening, parts
from center.rooms.models import HoursException, Occupancy, Room
from center.rooms.rules import NewPart
from tests.builders import at, make_person, make_room, somebody

ROUNDS = 6


def at_once(app: Flask, *actions: Any) -> Any:
    """Run each action in a thread and a transaction of its own, from one start; returns whether each was let."""
    gate = threading.Barrier(len(actions))

    def run(action: Any) -> bool:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    action()
            except DomainError:
                return False
            finally:
                db.session.remove()
            return True

    with ThreadPoolExecutor(len(actions)) as threads:
        return list(threads.map(run, actions))


def book(room_id: int, person_id: int, key: str) -> None:
    room, person = db.session.get_one(Room, room_id), db.session.get_one(Person, person_id)
    wish = BookingRequest(
        span=Span(at(14), at(15)),
        people=5,
        purpose="排练",
        note="",
        channel=Channel.ONLINE,
        request_key=key,
    )
    request_booking(room, wish, person=person, by=person, party=Party.PERSON, now=clock.now())


@pytest.mark.parametrize("owner", ["room", "centre"])
def test_no_booking_is_left_outside_hours_that_were_set_meanwhile(app: Flask, owner: str) -> None:
    room_id, person_id = make_room(live_limit=0).id, make_person().id
    db.session.rollback()

    def shut() -> None:
        own = db.session.get_one(Room, room_id) if owner == "room" else None
        morning = [LocalSpan(time(8), time(12))]
        opening.add_exception(own, at(0).date(), morning, reason="停电", reason_en="", by=somebody(), now=clock.now())

    for n in range(ROUNDS):
        outcome = at_once(app, lambda n=n: book(room_id, person_id, f"{owner}-{n}"), shut)
        assert sorted(outcome) == [False, True], "one of them, and one only, has its way"
        with transaction() as session:
            for table in (Occupancy, HoursException):
                for row in session.scalars(db.select(table)).all():
                    session.delete(row)


def test_a_room_is_not_divided_twice(app: Flask) -> None:
    for n in range(ROUNDS):
        room_id = make_room(capacity=100).id
        db.session.rollback()

        def divide(letter: str, room_id: int = room_id, n: Any = n) -> None:
            pieces = [NewPart(k, f"P{n}{letter}{k}", "区", "", 50) for k in (1, 2)]
            parts.divide(db.session.get_one(Room, room_id), pieces, by=somebody())

        outcome = at_once(app, lambda divide=divide: divide("x"), lambda divide=divide: divide("y"))
        assert sorted(outcome) == [False, True]
        db.session.expire_all()
        assert len(db.session.get_one(Room, room_id).parts) == 2
        db.session.rollback()


def test_a_booking_made_while_a_room_is_divided_takes_all_of_it_or_nothing(app: Flask) -> None:
    person_id = make_person().id
    for n in range(ROUNDS):
        room_id = make_room(capacity=100, live_limit=0).id
        db.session.rollback()

        def divide(room_id: int = room_id, n: Any = n) -> None:
            pieces = [NewPart(k, f"D{n}{k}", "区", "", 50) for k in (1, 2)]
            parts.divide(db.session.get_one(Room, room_id), pieces, by=somebody())

        _booked, divided = at_once(app, lambda room_id=room_id, n=n: book(room_id, person_id, f"divide-{n}"), divide)
        assert divided
        db.session.expire_all()
        room = db.session.get_one(Room, room_id)
        rows = db.session.scalars(db.select(Occupancy).where(Occupancy.starts_at == at(14))).all()
        assert {row.room_id for row in rows} <= {part.id for part in room.parts}
        assert len(rows) in {0, 2}
        with transaction() as session:
            session.execute(delete(Occupancy))
