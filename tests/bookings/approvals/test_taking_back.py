"""Taking a decision back within a minute: what is undone, what was said of it, and when it is refused."""

from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from center.bookings import actions
from center.bookings.approvals import listing, undoing
from center.bookings.models import Booking, BookingEvent, BookingStatus
from center.bookings.series.actions import decide_series
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices import actions as notices
from center.notices.models import Delivery, DeliveryState, Notice, Way
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Approval, Occupancy, Room, UseKind
from tests.bookings.affected_uses.test_races import at_once
from tests.bookings.series.scene import MORNING, TUESDAYS, asked, book, troupe
from tests.builders import ZONE, at, make_account, make_booking, make_person, make_room
from tests.engines import ONE_ENGINE
from tests.there import there

pytestmark = pytest.mark.usefixtures("app")
MINUTE = timedelta(minutes=1)


@pytest.fixture
def clerk() -> Person:
    return make_person()


def make_request(**facts: Any) -> Booking:
    room = facts.pop("room", None) or make_room(approval=Approval.ALWAYS)
    return make_booking(status=BookingStatus.REQUESTED, room=room, starts_at=at(10, days=3), **facts)


def decide(booking: Booking, clerk: Person, *, approve: bool = True, now: datetime | None = None) -> None:
    with transaction():
        if approve:
            actions.approve(booking, by=clerk, now=now or clock.now())
        else:
            actions.decline(booking, reason="检修", by=clerk, now=now or clock.now())


def take_back(booking: Booking, clerk: Person, *, now: datetime | None = None) -> list[Booking]:
    with transaction():
        return undoing.take_back([booking], by=clerk, now=now or clock.now())


def fresh(booking: Booking) -> Booking:
    db.session.rollback()
    return db.session.get_one(Booking, booking.id, populate_existing=True)


def told(person: Person) -> list[str]:
    db.session.rollback()
    query = select(Notice.kind).where(Notice.person_id == person.id).order_by(Notice.id)
    return list(db.session.scalars(query))


def held(booking: Booking) -> int:
    return len(db.session.scalars(select(Occupancy).where(Occupancy.use_id == booking.use_id)).all())


@pytest.mark.parametrize("approve", [True, False], ids=["approved", "declined"])
def test_it_waits_again_holds_its_time_and_nobody_hears_what_was_not_said_yet(clerk: Person, approve: bool) -> None:
    booking = make_request()
    decide(booking, clerk, approve=approve)
    assert len(told(booking.person)) == 1
    take_back(booking, clerk)
    again = fresh(booking)
    assert (again.status, again.decided_at, again.decision_reason) == (BookingStatus.REQUESTED, None, "")
    assert held(booking) == 1
    assert told(booking.person) == []
    assert take_back(booking, clerk) == [], "twice is once"
    assert [each.what for each in db.session.scalars(select(BookingEvent).order_by(BookingEvent.id))] == [
        "approved" if approve else "declined",
        "decision_undone",
    ]
    decide(booking, clerk)
    assert fresh(booking).status is BookingStatus.CONFIRMED, "and can be decided anew"


def test_a_minute_passes_before_the_decision_leaves_the_house(clerk: Person) -> None:
    booking = make_request()
    decide(booking, clerk, approve=False)
    [delivery] = db.session.scalars(select(Delivery)).all()
    assert delivery.due_at >= there(fresh(booking).decided_at) + MINUTE


@ONE_ENGINE
def test_whoever_heard_of_it_is_told_that_it_does_not_stand(clerk: Person) -> None:
    booking = make_request(person=make_account().person)
    decide(booking, clerk)
    with transaction():
        notices.read(db.session.scalars(select(Notice)).one(), now=clock.now())
    take_back(booking, clerk)
    assert told(booking.person) == ["booking.approved", "booking.decision_undone"]


@ONE_ENGINE
def test_what_was_rung_up_already_is_corrected_by_a_call(clerk: Person) -> None:
    booking = make_request()
    decide(booking, clerk, approve=False)
    with transaction():
        notices.tick_off(db.session.scalars(select(Delivery)).one(), by=clerk, now=clock.now())
    take_back(booking, clerk)
    assert told(booking.person) == ["booking.declined", "booking.decision_undone"]
    last = db.session.scalars(select(Delivery).order_by(Delivery.id.desc())).first()
    assert (there(last).way, there(last).state) == (Way.CALL, DeliveryState.DUE)


@ONE_ENGINE
def test_a_call_that_the_decision_had_replaced_is_to_be_made_again(clerk: Person) -> None:
    booking = make_request()
    with transaction():
        actions.ask_for_change(booking, "请减少到40人", by=clerk, now=clock.now())
    decide(booking, clerk)
    take_back(booking, clerk)
    assert told(booking.person) == ["booking.change_asked"]
    assert db.session.scalars(select(Delivery.state)).all() == [DeliveryState.DUE]
    assert fresh(booking).awaits_answer, "what was asked still stands"


@ONE_ENGINE
def test_after_a_minute_it_is_too_late(clerk: Person) -> None:
    booking = make_request()
    decide(booking, clerk)
    with time_machine.travel(clock.now() + MINUTE, tick=False), pytest.raises(RuleBroken, match="一分钟"):
        take_back(booking, clerk)
    assert fresh(booking).status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_only_whoever_decided_takes_it_back(clerk: Person) -> None:
    booking, other = make_request(), make_person()
    decide(booking, clerk)
    with pytest.raises(Conflict):
        take_back(booking, other)
    assert fresh(booking).status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_time_that_somebody_else_has_by_now_is_not_taken_back(clerk: Person) -> None:
    booking = make_request()
    decide(booking, clerk, approve=False)
    make_booking(room=booking.room, starts_at=booking.starts_at)
    with pytest.raises(Conflict, match="给了别人"):
        take_back(booking, clerk)
    assert fresh(booking).status is BookingStatus.DECLINED
    assert told(booking.person) == ["booking.declined"]


@ONE_ENGINE
def test_what_its_person_cancelled_meanwhile_stays_cancelled(clerk: Person) -> None:
    booking = make_request()
    decide(booking, clerk)
    with transaction():
        actions.cancel(booking, by=booking.person, now=clock.now())
    with pytest.raises(Conflict, match="又有变动"):
        take_back(booking, clerk)
    assert fresh(booking).status is BookingStatus.CANCELLED


@ONE_ENGINE
def test_a_request_whose_moment_has_passed_meanwhile_stays_as_it_was_decided(clerk: Person) -> None:
    booking = make_request(expires_at=clock.now() + timedelta(seconds=30))
    decide(booking, clerk)
    with time_machine.travel(clock.now() + timedelta(seconds=40), tick=False), pytest.raises(RuleBroken):
        take_back(booking, clerk)
    assert fresh(booking).status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_all_or_none_of_what_was_decided_in_one_go(clerk: Person) -> None:
    first, second = make_request(), make_request()
    for each in (first, second):
        decide(each, clerk, approve=False)
    make_booking(room=second.room, starts_at=second.starts_at)
    with pytest.raises(Conflict), transaction():
        undoing.take_back([first, second], by=clerk, now=clock.now())
    assert {fresh(each).status for each in (first, second)} == {BookingStatus.DECLINED}
    assert held(first) == 0


@pytest.mark.parametrize("meanwhile", ["taken", "taken back twice"])
def test_at_one_moment_the_time_goes_to_one_only(app: Flask, clerk: Person, meanwhile: str) -> None:
    for _round in range(4):
        booking = make_request()
        decide(booking, clerk, approve=False)
        room_id, starts_at, key, hand = booking.room_id, booking.starts_at, booking.id, clerk.id

        def undo(key: Any = key, hand: Any = hand) -> None:
            found, by = db.session.get_one(Booking, key), db.session.get_one(Person, hand)
            undoing.take_back([found], by=by, now=clock.now())

        def other(room_id: int = room_id, starts_at: Any = starts_at) -> None:
            room = db.session.get_one(Room, room_id)
            ledger.take(UseKind.BOOKING, room, starts_at=starts_at, clear_at=starts_at + MINUTE * 60, zone=ZONE)

        done = at_once(app, undo, undo if meanwhile == "taken back twice" else other)
        assert done.count(True) == (2 if meanwhile == "taken back twice" else 1)
        rows = db.session.scalars(select(Occupancy).where(Occupancy.room_id == room_id)).all()
        assert len(rows) == 1
        waits = fresh(booking).status is BookingStatus.REQUESTED
        assert waits == (rows[0].use_id == booking.use_id)


@time_machine.travel(MORNING, tick=False)
def test_a_series_that_was_decided_waits_again_with_all_its_dates(clerk: Person) -> None:
    whose = troupe()
    series = book(asked(make_room(approval=Approval.ALWAYS)), whose)
    with transaction():
        decide_series(series, [TUESDAYS[1]], reason="有讲座", by=clerk, now=clock.now())
    bookings = list(db.session.scalars(select(Booking).order_by(Booking.starts_at)))
    with transaction():
        undoing.take_back(bookings, by=clerk, now=clock.now())
    assert {fresh(each).status for each in bookings} == {BookingStatus.REQUESTED}
    assert [held(each) for each in bookings] == [1, 1, 1, 1]
    assert told(whose.person) == ["series.requested"]
    [request] = listing.waiting(clock.now())
    assert (request.series, len(request.bookings)) == (series, 4)
    assert listing.count_to_decide(clock.now()) == 1, "it is one request"


def ask(booking: Booking, clerk: Person, words: str, *, now: datetime) -> None:
    with transaction():
        actions.ask_for_change(booking, words, by=clerk, now=now)


@ONE_ENGINE
def test_taking_back_a_second_ask_restores_the_first_with_its_answer(clerk: Person) -> None:
    booking, now = make_request(), clock.now()
    ask(booking, clerk, "少一些人", now=now)
    with transaction():
        actions.answer(booking, "十个人行吗", by=booking.person, now=now + 2 * MINUTE)
    ask(booking, clerk, "换一间", now=now + 3 * MINUTE)
    take_back(booking, clerk, now=now + 3 * MINUTE + timedelta(seconds=20))
    again = fresh(booking)
    assert (again.change_wanted, again.change_answer) == ("少一些人", "十个人行吗")
    assert (again.change_wanted_at, again.change_answered_at) == (now, now + 2 * MINUTE)


@ONE_ENGINE
def test_an_ask_is_not_taken_back_after_its_minute_its_answer_or_by_another(clerk: Person) -> None:
    late, answered, others = make_request(), make_request(), make_request()
    now = clock.now()
    for each in (late, answered, others):
        ask(each, clerk, "少一些人", now=now)
    with pytest.raises(RuleBroken):
        take_back(late, clerk, now=now + MINUTE)
    with transaction():
        actions.answer(answered, "好", by=answered.person, now=now + timedelta(seconds=5))
    with pytest.raises(Conflict):
        take_back(answered, clerk, now=now + timedelta(seconds=9))
    with pytest.raises(Conflict):
        take_back(others, make_person(), now=now + timedelta(seconds=9))


@ONE_ENGINE
def test_whoever_read_what_was_asked_is_told_that_it_is_not(clerk: Person) -> None:
    booking, now = make_request(person=make_account().person), clock.now()
    ask(booking, clerk, "少一些人", now=now)
    with transaction():
        notices.read(db.session.scalars(select(Notice)).one(), now=now)
    take_back(booking, clerk, now=now)
    assert told(booking.person) == ["booking.change_asked", "booking.ask_undone"]
