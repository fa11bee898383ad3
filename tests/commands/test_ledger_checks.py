"""`center doctor` knows every owner of room time: it is quiet about what is right, and says what is not."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import delete, update

from center.bookings.actions import cancel
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.facts import Party
from center.bookings.waiting.wishes import ask
from center.bookings.writing import BookingRequest
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.rooms import closures
from center.rooms.models import Closure, Occupancy, Room
from tests.builders import at, make_booking, make_hall, make_person, make_room, somebody


def close(room: Room | None, start: int, end: int, **how: Any) -> Closure:
    with transaction():
        times: dict[str, Any] = {"starts_at": at(start), "ends_at": at(end)}
        return closures.close(room, **times, reason="维修", reason_en="", by=somebody(), now=clock.now(), **how)


def keep_all(_uses: Any, _message: Any, _field: Any = None) -> None:
    """Everything in the way stays."""


def offered(room: Room) -> Any:
    booking, person = make_booking(room=room), make_person()
    wanted = BookingRequest(span=Span(at(10), at(11)), people=5, purpose="棋", request_key="1")
    with transaction():
        wish = ask(room, wanted, person=person, by=person, party=Party.PERSON, now=clock.now())
    with transaction():
        cancel(booking, by=booking.person, now=clock.now())
    assert wish.state is WishState.OFFERED
    return wish


def lose(*where: Any) -> None:
    with transaction() as session:
        session.execute(delete(Occupancy).where(*where))


def test_a_closure_that_has_no_row_because_others_have_its_time_is_right(app: Flask) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(10))
    close(room, 9, 12, decide=keep_all)
    close(None, 10, 11, decide=keep_all)
    close(room, 11, 12)
    assert ledger_findings() == []


@pytest.mark.parametrize("hour", [9, 11])
def test_a_closure_that_leaves_some_of_its_time_free_is_found(app: Flask, hour: int) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(10))
    close(room, 9, 12, decide=keep_all)
    lose(Occupancy.starts_at == at(hour))
    assert ledger_findings() == ["1 closures leave some of their time free"]


def test_a_closure_that_runs_and_lost_its_row_is_found(app: Flask) -> None:
    clock.start_at(at(9))
    room = make_room()
    close(None, 8, 12, decide=keep_all)
    clock.start_at(at(10, days=0))
    assert ledger_findings() == []
    lose(Occupancy.room_id == room.id)
    assert ledger_findings() == ["1 closures leave some of their time free"]


def test_an_offer_holds_its_time_until_it_ends(app: Flask) -> None:
    hall, part, _other = make_hall(live_limit=0)
    wish = offered(hall)
    assert ledger_findings() == []
    lose(Occupancy.use_id == wish.use_id, Occupancy.room_id == part.id)
    assert ledger_findings() == ["1 offers that can be accepted hold no time in a part of their room"]
    clock.start_at(clock.now() + timedelta(days=1))
    assert ledger_findings() == []


def test_a_use_in_half_of_its_room_or_in_another_is_found(app: Flask) -> None:
    hall, part, other = make_hall()
    booking, elsewhere = make_booking(room=hall), make_room()
    lose(Occupancy.room_id == part.id)
    assert ledger_findings() == ["1 live bookings have no row in a part of their room"]
    with transaction() as session:
        session.execute(update(Occupancy).where(Occupancy.room_id == other.id).values(room_id=elsewhere.id))
    assert "1 bookings or offers have rows in another room than their own" in ledger_findings()
    db.session.refresh(booking)


def test_an_offer_at_another_time_than_it_says_is_found(app: Flask) -> None:
    wish = offered(make_room(live_limit=0))
    with transaction():
        db.session.get_one(SlotWish, wish.id).starts_at += timedelta(minutes=30)
    assert ledger_findings() == ["1 bookings or offers have rows at another time than their own"]
