"""Closures in the ledger: around what stays, over one another, longer and shorter, and lifted without leaving gaps."""

from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.bookings import actions as booking_actions
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.kernel.spans import Span, subtract
from center.rooms import actions, closures, parts
from center.rooms.closures import ClosureFacts
from center.rooms.ledger import TimeTaken
from center.rooms.models import Closure, Occupancy, Room
from center.rooms.rules import NewPart
from center.rooms.uses import InUse
from tests.builders import at, make_booking, make_hall, make_person, make_room, somebody
from tests.engines import ONE_ENGINE
from tests.there import there


def keep_all(_uses: Any, _message: Any, _field: Any = None) -> None:
    """Staff keep whatever is in the way."""


def close(room: Room | None, start: datetime, end: datetime, decide: Any = keep_all, **more: Any) -> Closure:
    facts = {"reason": "维修", "reason_en": "Repairs", "by": somebody(), "now": clock.now(), "decide": decide}
    with transaction() as session:
        room = session.get_one(Room, room.id) if room else None
        return closures.close(room, starts_at=start, ends_at=end, **{**facts, **more})


def lift(closure: Closure, now: datetime | None = None) -> None:
    with transaction() as session:
        closures.lift(session.get_one(Closure, closure.id), by=somebody(), now=now or clock.now())


def change(
    closure: Closure, start: datetime, end: datetime, decide: Any = keep_all, now: datetime | None = None
) -> None:
    facts = ClosureFacts(starts_at=start, ends_at=end, reason="消毒", reason_en="Cleaning")
    with transaction() as session:
        closures.change(
            session.get_one(Closure, closure.id), facts, by=somebody(), now=now or clock.now(), decide=decide
        )


def cancel(booking: Booking) -> None:
    with transaction() as session:
        booking = session.merge(booking, load=True)
        booking_actions.cancel(booking, by=booking.person, now=clock.now(), as_staff=True)


def rows(room: Room) -> Any:
    """The ledger of a part as (use, from, until)."""
    db.session.rollback()
    query = select(Occupancy).where(Occupancy.room_id == room.id).order_by(Occupancy.starts_at)
    return [(row.use_id, row.starts_at, row.clear_at) for row in db.session.scalars(query)]


def assert_no_closed_time_is_free() -> None:
    """Whatever a standing closure covers from now on, somebody has."""
    db.session.rollback()
    for closure in db.session.scalars(select(Closure).where(Closure.lifted_at.is_(None))):
        rooms = [closure.room] if closure.room else db.session.scalars(select(Room).where(Room.is_retired.is_(False)))
        for part in {leaf for room in rooms for leaf in room.leaves}:
            taken = [Span(start, end) for _use, start, end in rows(part)]
            start = max(closure.starts_at, clock.now())
            if start < closure.ends_at:
                assert subtract([Span(start, closure.ends_at)], taken) == []


@ONE_ENGINE
def test_without_a_choice_nothing_is_closed(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10))
    with pytest.raises(InUse), transaction() as session:
        facts: dict[str, Any] = {"reason": "维修", "reason_en": "", "by": somebody(), "now": clock.now()}
        closures.close(session.get_one(Room, room.id), starts_at=at(8), ends_at=at(18), **facts)
    assert [use for use, *_ in rows(room)] == [booking.use_id]
    assert db.session.scalar(select(Closure)) is None


@ONE_ENGINE
def test_a_closure_takes_the_time_around_what_stays(app: Flask) -> None:
    room = make_room(buffer_minutes=15)
    booking = make_booking(room=room, starts_at=at(10))
    closed = close(room, at(8), at(18))
    assert rows(room) == [
        (closed.use_id, at(8), at(10)),
        (booking.use_id, at(10), at(11, 15)),
        (closed.use_id, at(11, 15), at(18)),
    ]


@ONE_ENGINE
def test_lifting_gives_back_exactly_what_the_closure_had(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10))
    closed = close(room, at(8), at(18))
    lift(closed)
    assert [use for use, *_ in rows(room)] == [booking.use_id]
    cancel(booking)
    assert rows(room) == []


@ONE_ENGINE
def test_a_kept_booking_that_is_cancelled_later_leaves_its_time_to_the_closure(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10))
    closed = close(room, at(8), at(18))
    cancel(booking)
    assert {use for use, *_ in rows(room)} == {closed.use_id}
    assert_no_closed_time_is_free()
    with pytest.raises(TimeTaken):
        make_booking(room=room, starts_at=at(10))


@ONE_ENGINE
def test_a_kept_booking_that_reaches_beyond_the_closure_frees_what_lies_outside(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(9), minutes=120)
    closed = close(room, at(10), at(18))
    cancel(booking)
    assert rows(room)[0] == (closed.use_id, at(10), at(11))
    make_booking(room=room, starts_at=at(9))


@ONE_ENGINE
def test_a_cancelled_booking_inside_a_lifted_closure_is_free(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10))
    lift(close(room, at(8), at(18)))
    cancel(booking)
    make_booking(room=room, starts_at=at(10))


@ONE_ENGINE
def test_the_whole_centre_can_close_while_one_room_is_closed(app: Flask) -> None:
    room, other = make_room(), make_room()
    first = close(room, at(9), at(12))
    centre = close(None, at(8), at(18))
    assert [use for use, *_ in rows(room)] == [centre.use_id, first.use_id, centre.use_id]
    assert [use for use, *_ in rows(other)] == [centre.use_id]


@ONE_ENGINE
def test_when_the_earlier_of_two_closures_is_lifted_the_other_still_holds(app: Flask) -> None:
    room = make_room()
    first = close(room, at(9), at(12))
    centre = close(None, at(10), at(18))
    lift(first)
    assert {use for use, *_ in rows(room)} == {centre.use_id}
    assert min(start for _use, start, _end in rows(room)) == at(10)
    assert_no_closed_time_is_free()
    make_booking(room=room, starts_at=at(9))


@ONE_ENGINE
def test_when_the_later_of_two_closures_is_lifted_the_other_keeps_its_own(app: Flask) -> None:
    room = make_room()
    first = close(room, at(9), at(12))
    centre = close(None, at(8), at(18))
    lift(centre)
    assert rows(room) == [(first.use_id, at(9), at(12))]


@ONE_ENGINE
def test_a_closure_inside_another_waits_for_its_turn(app: Flask) -> None:
    room = make_room()
    outer = close(room, at(8), at(18))
    inner = close(room, at(10), at(12))
    assert {use for use, *_ in rows(room)} == {outer.use_id}
    lift(outer)
    assert rows(room) == [(inner.use_id, at(10), at(12))]
    lift(inner)
    assert rows(room) == []


@ONE_ENGINE
def test_three_closures_of_a_hall_its_part_and_the_centre_leave_no_gap(app: Flask) -> None:
    hall, left, right = make_hall()
    of_part = close(left, at(10), at(12))
    of_hall = close(hall, at(9), at(14))
    close(None, at(11), at(18))
    assert_no_closed_time_is_free()
    lift(of_hall)
    assert_no_closed_time_is_free()
    make_booking(room=right, starts_at=at(9))
    with pytest.raises(TimeTaken):
        make_booking(room=hall, starts_at=at(10))
    lift(of_part)
    assert_no_closed_time_is_free()


def test_a_closure_is_made_longer_and_shorter(app: Flask) -> None:
    room = make_room()
    closed = close(room, at(8), at(12))
    change(closed, at(9), at(18))
    assert rows(room) == [(closed.use_id, at(9), at(18))]
    change(closed, at(9), at(10))
    assert rows(room) == [(closed.use_id, at(9), at(10))]
    db.session.expire_all()
    again = db.session.get_one(Closure, closed.id)
    assert (again.reason, again.sequence) == ("消毒", 2)


@ONE_ENGINE
def test_a_longer_closure_asks_only_about_what_it_meets_now(app: Flask) -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(10))
    later = make_booking(room=room, starts_at=at(15))
    closed = close(room, at(8), at(12))
    met: list[Any] = []
    change(closed, at(8), at(18), decide=lambda uses, *_: met.extend(use.use_id for use in uses))
    assert met == [later.use_id]
    assert_no_closed_time_is_free()


@ONE_ENGINE
def test_a_shortened_closure_leaves_its_time_to_the_other(app: Flask) -> None:
    room = make_room()
    first = close(room, at(8), at(18))
    second = close(room, at(12), at(18))
    change(first, at(8), at(10))
    assert rows(room) == [(first.use_id, at(8), at(10)), (second.use_id, at(12), at(18))]


@ONE_ENGINE
def test_a_closure_that_has_begun_keeps_its_beginning(app: Flask) -> None:
    room = make_room()
    closed = close(room, at(8), at(18))
    with pytest.raises(RuleBroken) as error:
        change(closed, at(9), at(20), now=at(10))
    assert error.value.field == "from_date"
    change(closed, at(8), at(20), now=at(10))
    assert rows(room)[0][1] == at(8)
    assert rows(room)[-1][2] == at(20)


@ONE_ENGINE
def test_a_closure_that_is_over_is_not_changed(app: Flask) -> None:
    closed = close(make_room(), at(8), at(18))
    lift(closed)
    with pytest.raises(RuleBroken):
        change(closed, at(8), at(20))


def test_a_form_sent_twice_closes_once(app: Flask) -> None:
    room = make_room()
    key = "0e0f4a52-9d0c-4b8e-8f0c-9a6c7d6f2b11"
    first, second = (close(room, at(8), at(18), request_key=key) for _ in range(2))
    assert first.id == second.id


@ONE_ENGINE
def test_a_room_that_comes_into_use_is_closed_with_the_centre_and_by_its_own(app: Flask) -> None:
    room = make_room()
    closed = close(room, at(8), at(12))
    with transaction() as session:
        actions.retire(session.get_one(Room, room.id), by=somebody(), now=clock.now())
    centre = close(None, at(10), at(18)) if make_room() else None
    with transaction() as session:
        actions.unretire(session.get_one(Room, room.id), by=somebody(), now=clock.now())
    assert rows(room) == [(there(closed).use_id, at(8), at(12)), (there(centre).use_id, at(12), at(18))]


@ONE_ENGINE
def test_dividing_and_joining_a_closed_room_leaves_no_gap(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room, starts_at=at(10), person=make_person())
    close(room, at(8), at(18))
    made = [NewPart(number=n, code=f"P{n}", name=f"P{n}", name_en="", capacity=5) for n in (1, 2)]
    with transaction() as session:
        parts.divide(session.get_one(Room, room.id), made, by=somebody())
    assert_no_closed_time_is_free()
    cancel(booking)
    assert_no_closed_time_is_free()
    with transaction() as session:
        parts.join(session.get_one(Room, room.id), by=somebody(), now=clock.now())
    db.session.expire_all()
    assert_no_closed_time_is_free()
    assert rows(room)[0][1] == at(8)
