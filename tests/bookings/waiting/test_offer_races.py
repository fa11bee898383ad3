"""Visits and offers when several hands move at the same moment: one of them has its way, and the ledger stays true."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from center.bookings.actions import cancel, request_booking
from center.bookings.models import LIVE, Booking, BookingChange, BookingEvent, BookingStatus, Channel
from center.bookings.models.visits import BookingLimit, NoShow
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.facts import Party
from center.bookings.visits import actions as presence
from center.bookings.visits import limits
from center.bookings.waiting import offers, wishes
from center.bookings.writing import BookingRequest
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms.models import Occupancy, Room
from tests.builders import at, make_booking, make_hall, make_person, make_room
from tests.there import there

ROUNDS = 5


def at_once(app: Flask, *actions: Any) -> Any:
    """Run each action in a thread and a transaction of its own, from one start; what each returns, or how it failed."""
    db.session.rollback()
    gate = threading.Barrier(len(actions))

    def run(action: Any) -> Any:
        with app.app_context():
            gate.wait()
            try:
                with transaction():
                    return action()
            except DomainError as error:
                return error
            finally:
                db.session.remove()

    with ThreadPoolExecutor(len(actions)) as threads:
        outcome = list(threads.map(run, actions))
    db.session.expire_all()
    return outcome


def get(model: Any, row_id: int) -> Any:
    return db.session.get_one(model, row_id)


def wait(room: Room, person: Person | None = None, *, start: int = 10, end: int = 11) -> SlotWish:
    person = person or make_person()
    wanted = BookingRequest(span=Span(at(start), at(end)), people=5, purpose="棋", request_key="1")
    with transaction():
        return wishes.ask(room, wanted, person=person, by=person, party=Party.PERSON, now=clock.now())


def give_back(booking: Booking) -> None:
    with transaction():
        cancel(booking, by=booking.person, now=clock.now())


def offered(room: Room | None = None) -> SlotWish:
    """An offer, and its wish."""
    booking = make_booking(room=room or make_room(live_limit=0))
    wish = wait(booking.room)
    give_back(booking)
    assert wish.state is WishState.OFFERED
    return wish


def accept(wish_id: Any, by_id: int, channel: Channel, now: datetime) -> int:
    return wishes.accept(get(SlotWish, wish_id), by=get(Person, by_id), channel=channel, now=now).id


def assert_ledger_is_true() -> None:
    assert ledger_findings() == []
    live = select(Booking.use_id).where(Booking.status.in_(LIVE))
    held = select(SlotWish.use_id).where(SlotWish.state == WishState.OFFERED)
    owners = set(db.session.scalars(live.union_all(held)))
    assert set(db.session.scalars(select(Occupancy.use_id))) <= owners
    assert set(db.session.scalars(live)) <= set(db.session.scalars(select(Occupancy.use_id)))


def test_an_answer_in_the_last_second_and_somebody_elses_booking_do_not_both_win(app: Flask) -> None:
    winners = []
    for n in range(ROUNDS):
        wish, other = offered(), make_person()
        ended = clock.now() - timedelta(seconds=1)
        with transaction():
            wish.offered_at, wish.offer_ends_at, there(wish.use).held_until = ended - timedelta(minutes=9), ended, ended
        wish_id, person_id, room_id, other_id = wish.id, wish.person_id, wish.room_id, other.id

        def book(room_id: int = room_id, other_id: Any = other_id, n: Any = n) -> int:
            person = get(Person, other_id)
            wanted = BookingRequest(span=Span(at(10), at(11)), people=5, purpose="棋", request_key=f"race-{n}")
            own = {"person": person, "by": person, "party": Party.PERSON}
            return request_booking(get(Room, room_id), wanted, **own, now=clock.now()).id

        def answer(wish_id: Any = wish_id, person_id: int = person_id, ended: Any = ended) -> int:
            return accept(wish_id, person_id, Channel.ONLINE, ended - timedelta(seconds=1))

        outcome = at_once(app, answer, book)
        won = [not isinstance(each, DomainError) for each in outcome]
        assert sorted(won) == [False, True], outcome
        winners.append(won.index(True))
        live = select(Booking.id).where(Booking.room_id == room_id, Booking.status.in_(LIVE))
        assert len(db.session.scalars(live).all()) == 1
        assert_ledger_is_true()


def test_the_person_and_the_desk_accept_one_booking(app: Flask) -> None:
    for _ in range(ROUNDS):
        wish, clerk = offered(), make_person()
        wish_id, person_id, clerk_id = wish.id, wish.person_id, clerk.id
        hands = [(person_id, Channel.ONLINE), (clerk_id, Channel.DESK), (person_id, Channel.ONLINE)]
        made = at_once(app, *(partial(accept, wish_id, by, channel, clock.now()) for by, channel in hands))
        assert len(set(made)) == 1, made
        assert isinstance(made[0], int)
        assert_ledger_is_true()


def test_whoever_withdraws_while_their_time_is_freed_holds_nothing(app: Flask) -> None:
    for _ in range(ROUNDS):
        booking = make_booking(room=make_room(live_limit=0))
        first, second = wait(booking.room), wait(booking.room)
        booking_id, wish_id = booking.id, first.id

        def free(booking_id: int = booking_id) -> None:
            found = get(Booking, booking_id)
            cancel(found, by=found.person, now=clock.now())

        outcome = at_once(app, free, lambda wish_id=wish_id: wishes.give_up(get(SlotWish, wish_id), now=clock.now()))
        assert outcome == [None, None]
        assert first.state in {WishState.WITHDRAWN, WishState.DECLINED}
        assert second.state is WishState.OFFERED
        assert_ledger_is_true()


def test_two_neighbours_freed_at_once_offer_nothing_twice(app: Flask) -> None:
    for _ in range(ROUNDS):
        hall, left, _right = make_hall(live_limit=0)
        early = make_booking(room=hall)
        late = make_booking(room=left, starts_at=at(11))
        wanted = [(hall, 10, 12), (left, 10, 11), (left, 11, 12), (hall, 11, 12), (left, 10, 12)]
        waiting = [wait(room, start=start, end=end) for room, start, end in wanted]
        ids = early.id, late.id

        def free(booking_id: int) -> None:
            found = get(Booking, booking_id)
            cancel(found, by=found.person, now=clock.now())

        outcome = at_once(app, *(lambda each=each: free(each) for each in ids))
        assert outcome == [None, None]
        assert any(wish.state is WishState.OFFERED for wish in waiting)
        assert_ledger_is_true()


def test_declining_and_running_out_pass_the_time_on_once(app: Flask) -> None:
    for _ in range(ROUNDS):
        first = offered()
        second, third = wait(first.room), wait(first.room)
        later = first.offer_ends_at
        wish_id = first.id

        def expire(wish_id: Any = wish_id, later: Any = later) -> None:
            offers.expire(get(SlotWish, wish_id), now=later)

        at_once(app, expire, lambda wish_id=wish_id: wishes.give_up(get(SlotWish, wish_id), now=clock.now()))
        assert first.state in {WishState.DECLINED, WishState.EXPIRED}
        assert [second.state, third.state] == [WishState.OFFERED, WishState.WAITING]
        assert_ledger_is_true()


def test_whoever_comes_as_the_room_is_released_has_it_or_is_told(app: Flask) -> None:
    for _ in range(ROUNDS):
        booking, clerk = make_booking(room=make_room(release_minutes=15)), make_person()
        booking_id, clerk_id = booking.id, clerk.id

        def come(booking_id: int = booking_id, clerk_id: Any = clerk_id) -> None:
            presence.check_in(get(Booking, booking_id), by=get(Person, clerk_id), now=at(10, 15))

        def release(booking_id: int = booking_id) -> bool:
            return presence.release_unclaimed(get(Booking, booking_id), now=at(10, 15))

        came, released = at_once(app, come, release)
        assert released is isinstance(came, DomainError)
        assert (booking.status is BookingStatus.RELEASED) is released
        missed = select(NoShow).where(NoShow.booking_id == booking_id)
        assert len(db.session.scalars(missed).all()) == int(released)
        assert_ledger_is_true()


@pytest.mark.parametrize("kind", ["checked in", "marked as missed"])
def test_a_double_click_at_the_desk_is_one(app: Flask, kind: str) -> None:
    act, change = {
        "checked in": (presence.check_in, BookingChange.CHECKED_IN),
        "marked as missed": (presence.mark_missed, BookingChange.NO_SHOW),
    }[kind]
    booking, clerk_id = make_booking(), make_person().id
    booking_id = booking.id

    def press() -> None:
        act(get(Booking, booking_id), by=get(Person, clerk_id), now=at(10, 15))

    assert at_once(app, press, press, press) == [None] * 3
    events = select(BookingEvent).where(BookingEvent.booking_id == booking_id, BookingEvent.what == change)
    assert len(db.session.scalars(events).all()) == 1


def test_two_clerks_decide_on_one_person_once(app: Flask) -> None:
    person, clerk = make_person(), make_person()
    for days in (3, 2, 1):
        booking = make_booking(person=person, starts_at=at(10, days=-days))
        with transaction():
            presence.mark_missed(booking, by=clerk, now=at(12, days=-days))
    ids = person.id, clerk.id

    def decide(action: Any) -> None:
        action(get(Person, ids[0]), reason="看过了", by=get(Person, ids[1]), now=clock.now())

    outcome = at_once(app, lambda: decide(limits.limit), lambda: decide(limits.dismiss), lambda: decide(limits.limit))
    assert sum(each is None for each in outcome) == 1
    assert len(db.session.scalars(select(BookingLimit)).all()) == 1


def test_asking_twice_at_once_is_waiting_once(app: Flask) -> None:
    booking, person = make_booking(), make_person()
    room_id, person_id = booking.room_id, person.id

    def ask() -> int:
        who = get(Person, person_id)
        wanted = BookingRequest(span=Span(at(10), at(11)), people=5, purpose="棋", request_key="1")
        return wishes.ask(get(Room, room_id), wanted, person=who, by=who, party=Party.PERSON, now=clock.now()).id

    assert len(set(at_once(app, ask, ask, ask))) == 1
    assert len(db.session.scalars(select(SlotWish)).all()) == 1
