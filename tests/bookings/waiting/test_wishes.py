"""Waiting for a time that is taken: in order, held while offered, never held a moment longer."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select
from time_machine import Traveller

from center.bookings import sweeps
from center.bookings.actions import cancel, decline, request_booking
from center.bookings.actions import expire as expire_request
from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.models.visits import PresenceSettings
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.availability import room_days
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.refusals import rule_of
from center.bookings.rulebook.segments import SegmentState
from center.bookings.waiting import offers, wishes
from center.bookings.waiting.wishes import OfferOver
from center.bookings.writing import BookingRequest
from center.commands.ledger_checks import ledger_findings
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import closures, ledger
from center.rooms.models import AccessFeature, Approval, Occupancy, Room, RoomFeature, UseKind
from center.rooms.uses import live_uses
from tests.builders import at, make_booking, make_hall, make_organisation, make_person, make_room, somebody
from tests.engines import ONE_ENGINE

MINUTE = timedelta(minutes=1)


@pytest.fixture(autouse=True)
def noon(app: Flask) -> Iterator[Traveller]:
    """It is noon: offers made now last half an hour."""
    with time_machine.travel(at(12, days=0), tick=False) as traveller:
        yield traveller


def act(action: Any, *args: Any, **kwargs: Any) -> Any:
    with transaction():
        return action(*args, **kwargs)


def request(start: int = 10, end: int = 11, *, channel: Channel = Channel.ONLINE, key: str = "1") -> BookingRequest:
    return BookingRequest(span=Span(at(start), at(end)), people=5, purpose="下棋", request_key=key, channel=channel)


def wait(
    room: Room,
    person: Person | None = None,
    *,
    start: int = 10,
    end: int = 11,
    party: Party = Party.PERSON,
    organisation: Organisation | None = None,
    by: Person | None = None,
) -> Any:
    person = person or make_person()
    channel = Channel.DESK if party is Party.STAFF else Channel.ONLINE
    wanted = request(start, end, channel=channel)
    ask = {"person": person, "by": by or person, "party": party, "organisation": organisation}
    return act(wishes.ask, room, wanted, **ask, now=clock.now())


def book(room: Room, person: Person | None = None, *, start: int = 10, end: int = 11, key: str = "1") -> Any:
    person = person or make_person()
    wanted = request(start, end, key=key)
    return act(request_booking, room, wanted, person=person, by=person, party=Party.PERSON, now=clock.now())


def give_back(booking: Booking) -> None:
    act(cancel, booking, by=booking.person, now=clock.now())
    db.session.expire_all()


def accept(wish: Any) -> Any:
    return act(wishes.accept, wish, by=wish.person, channel=Channel.ONLINE, now=clock.now())


def sweep() -> None:
    """Everything that is due, as the worker does it."""
    for each in sweeps.SWEEPS:
        for due in each.due(clock.now()):
            each.settle(due, clock.now())
    db.session.expire_all()


def held() -> Any:
    return [row.use_id for row in db.session.scalars(select(Occupancy).order_by(Occupancy.id))]


@ONE_ENGINE
def test_freed_time_is_offered_to_the_first_in_line(app: Flask) -> None:
    booking = make_booking()
    first, second = wait(booking.room), wait(booking.room)
    give_back(booking)
    assert (first.state, second.state) == (WishState.OFFERED, WishState.WAITING)
    assert first.offer_ends_at == clock.now() + 30 * MINUTE
    assert held() == [first.use_id]
    assert first.use.kind is UseKind.HOLD
    assert ledger_findings() == []


@ONE_ENGINE
def test_what_is_offered_is_held_against_everybody_else(app: Flask) -> None:
    booking = make_booking()
    wait(booking.room)
    give_back(booking)
    with pytest.raises(Conflict):
        book(booking.room)


@ONE_ENGINE
def test_an_accepted_offer_is_a_booking_with_the_time_that_was_held(app: Flask) -> None:
    booking = make_booking(room=make_room(buffer_minutes=15))
    wish = wait(booking.room)
    give_back(booking)
    made = accept(wish)
    assert made.status is BookingStatus.CONFIRMED
    assert made.use_id == wish.use_id
    assert made.use.kind is UseKind.BOOKING
    assert made.clear_at == at(11, 15)
    assert held() == [made.use_id]
    assert ledger_findings() == []
    assert accept(wish).id == made.id, "accepting twice is accepting once"
    assert len(db.session.scalars(select(Booking)).all()) == 2


@ONE_ENGINE
def test_accepting_in_a_room_with_approval_asks_for_it(app: Flask) -> None:
    room = make_room(approval=Approval.ALWAYS)
    booking = make_booking(room=room)
    wish = wait(room)
    give_back(booking)
    assert accept(wish).status is BookingStatus.REQUESTED


@ONE_ENGINE
def test_a_declined_offer_goes_to_the_next(app: Flask) -> None:
    booking = make_booking()
    first, second = wait(booking.room), wait(booking.room)
    give_back(booking)
    for _ in range(2):
        act(wishes.give_up, first, now=clock.now())
    assert (first.state, second.state) == (WishState.DECLINED, WishState.OFFERED)
    assert held() == [second.use_id]
    with pytest.raises(Conflict):
        accept(first)


@ONE_ENGINE
def test_an_offer_that_ran_out_keeps_nobody_out_even_before_it_is_tidied(app: Flask, noon: Traveller) -> None:
    booking = make_booking()
    wish = wait(booking.room)
    give_back(booking)
    noon.shift(30 * MINUTE)
    [day] = room_days([booking.room], at(0).date(), at(0).date(), now=clock.now())
    assert {segment.state for segment in day.segments} == {SegmentState.FREE}
    assert live_uses([booking.room], after=clock.now()) == []
    taken = book(booking.room)
    assert held() == [taken.use_id], "whoever books over it removes it in the same transaction"
    with pytest.raises(OfferOver) as refused:
        accept(wish)
    assert len(refused.value.slots) == 3
    sweep()
    assert wish.state is WishState.EXPIRED
    assert held() == [taken.use_id]
    assert ledger_findings() == []


@ONE_ENGINE
def test_an_offer_that_ran_out_goes_to_the_next_when_it_is_swept(app: Flask, noon: Traveller) -> None:
    booking = make_booking()
    first, second = wait(booking.room), wait(booking.room)
    give_back(booking)
    noon.shift(30 * MINUTE)
    sweep()
    sweep()
    assert (first.state, second.state) == (WishState.EXPIRED, WishState.OFFERED)
    assert held() == [second.use_id]


@ONE_ENGINE
def test_an_accepted_offer_does_not_expire(app: Flask, noon: Traveller) -> None:
    booking = make_booking()
    wish = wait(booking.room)
    give_back(booking)
    made = accept(wish)
    noon.shift(31 * MINUTE)
    act(offers.expire, wish, now=clock.now())
    assert wish.state is WishState.ACCEPTED
    assert held() == [made.use_id]
    with pytest.raises(Conflict):
        act(wishes.give_up, wish, now=clock.now())


@ONE_ENGINE
def test_withdrawn_wishes_are_never_offered_anything(app: Flask) -> None:
    booking = make_booking()
    first, second = wait(booking.room), wait(booking.room)
    for _ in range(2):
        act(wishes.give_up, first, now=clock.now())
    give_back(booking)
    assert (first.state, second.state) == (WishState.WITHDRAWN, WishState.OFFERED)


@ONE_ENGINE
def test_only_whole_times_are_offered(app: Flask) -> None:
    room = make_room(live_limit=0)
    early, late = make_booking(room=room), make_booking(room=room, starts_at=at(11))
    long, short = wait(room, start=10, end=12), wait(room)
    give_back(early)
    assert (long.state, short.state) == (WishState.WAITING, WishState.OFFERED)
    give_back(late)
    assert long.state is WishState.WAITING, "an hour of it is held"


@ONE_ENGINE
def test_one_freed_time_serves_several_who_fit_into_it(app: Flask) -> None:
    booking = make_booking(minutes=180)
    waiting = [wait(booking.room, start=n, end=n + 1) for n in (10, 12)]
    between = wait(booking.room, start=10, end=12)
    give_back(booking)
    assert [wish.state for wish in waiting] == [WishState.OFFERED] * 2
    assert between.state is WishState.WAITING


@ONE_ENGINE
def test_whoever_waits_for_the_hall_and_for_its_parts_is_in_one_line(app: Flask) -> None:
    hall, left, right = make_hall(live_limit=0)
    booking = make_booking(room=hall)
    whole, part = wait(hall), wait(left)
    give_back(booking)
    assert (whole.state, part.state) == (WishState.OFFERED, WishState.WAITING)
    assert len(held()) == 2
    other = make_booking(room=right, starts_at=at(14))
    act(wishes.give_up, whole, now=clock.now())
    assert part.state is WishState.OFFERED
    assert len(held()) == 2
    give_back(other)


@ONE_ENGINE
def test_a_rule_that_stands_against_somebody_lets_the_next_in_line_have_it(app: Flask) -> None:
    room = make_room(live_limit=1)
    booking = make_booking(room=room)
    busy = make_person()
    first, second = wait(room, busy), wait(room)
    book(make_room(), busy)
    give_back(booking)
    assert (first.state, second.state) == (WishState.WAITING, WishState.OFFERED)


@ONE_ENGINE
def test_rules_stand_against_accepting_too(app: Flask) -> None:
    room = make_room(live_limit=1)
    booking = make_booking(room=room)
    wish = wait(room)
    give_back(booking)
    book(make_room(live_limit=0), wish.person)
    with pytest.raises(RuleBroken):
        accept(wish)
    assert held()[0] == wish.use_id


@ONE_ENGINE
def test_the_notice_of_the_room_does_not_run_out_while_an_offer_runs(app: Flask, noon: Traveller) -> None:
    room = make_room(notice_minutes=22 * 60)
    booking = make_booking(room=room)
    wish = wait(room)
    noon.move_to(at(11, 50, days=0))
    give_back(booking)
    noon.shift(20 * MINUTE)
    assert accept(wish).status is BookingStatus.CONFIRMED


@ONE_ENGINE
def test_asking_again_for_the_same_is_asking_once(app: Flask) -> None:
    booking, person = make_booking(), make_person()
    assert wait(booking.room, person).id == wait(booking.room, person).id


@ONE_ENGINE
def test_nobody_waits_for_what_is_free(app: Flask) -> None:
    with pytest.raises(wishes.FreeNow):
        wait(make_room())


@ONE_ENGINE
@pytest.mark.parametrize("people", [21], ids=["too many people"])
def test_nobody_waits_for_what_the_rules_refuse(app: Flask, people: int) -> None:
    booking, person = make_booking(), make_person()
    wanted = BookingRequest(span=Span(at(10), at(11)), people=people, purpose="棋", request_key="1")
    with pytest.raises(RuleBroken):
        act(wishes.ask, booking.room, wanted, person=person, by=person, party=Party.PERSON, now=clock.now())


def test_one_person_waits_for_a_few_times_only(app: Flask) -> None:
    with transaction() as session:
        session.add(PresenceSettings(id=1, wish_limit=2))
    room, person = make_room(live_limit=0), make_person()
    for hour in (10, 11, 12):
        make_booking(room=room, starts_at=at(hour))
    for hour in (10, 11):
        wait(room, person, start=hour, end=hour + 1)
    with pytest.raises(RuleBroken):
        wait(room, person, start=12, end=13)
    assert wait(room, person, start=12, end=13, party=Party.STAFF, by=make_person()).state is WishState.WAITING


@ONE_ENGINE
def test_a_wish_whose_time_has_come_lapses(app: Flask, noon: Traveller) -> None:
    booking = make_booking()
    wish = wait(booking.room)
    noon.shift(timedelta(days=1))
    sweep()
    assert wish.state is WishState.LAPSED
    assert wishes.wishes_of(wish.person_id, now=clock.now()) == []


@ONE_ENGINE
def test_too_late_to_answer_is_not_offered(app: Flask, noon: Traveller) -> None:
    start = at(10)
    booking = make_booking()
    wish = wait(booking.room)
    noon.move_to(start - 19 * MINUTE)
    act(cancel, booking, by=booking.person, now=clock.now(), as_staff=True)
    assert wish.state is WishState.WAITING
    assert held() == []


def test_a_lifted_closure_is_offered(app: Flask) -> None:
    room = make_room()
    booking = make_booking(room=room)
    wish = wait(room)
    with transaction() as session:
        ledger.release(booking.use_id)
        session.merge(booking).status = BookingStatus.CANCELLED
    closing = {"starts_at": at(8), "ends_at": at(12), "reason": "粉刷", "reason_en": "", "by": somebody()}
    closure = act(closures.close, room, **closing, now=clock.now())
    act(closures.lift, closure, by=somebody(), now=clock.now())
    assert wish.state is WishState.OFFERED
    assert held() == [wish.use_id]


@ONE_ENGINE
def test_nobody_waits_for_the_end_of_a_closure(app: Flask) -> None:
    room = make_room()
    closing = {"starts_at": at(8), "ends_at": at(12), "reason": "粉刷", "reason_en": "", "by": somebody()}
    act(closures.close, room, **closing, now=clock.now())
    with pytest.raises(RuleBroken, match="粉刷"):
        wait(room)


@ONE_ENGINE
def test_nobody_waits_for_their_own_booking(app: Flask) -> None:
    person = make_person()
    room = make_room()
    make_booking(room=room, person=person)
    with pytest.raises(RuleBroken) as refused:
        wait(room, person)
    assert rule_of(refused.value) == "own"


@ONE_ENGINE
def test_a_declined_request_is_offered(app: Flask) -> None:
    room = make_room(approval=Approval.ALWAYS)
    booking = make_booking(room=room, status=BookingStatus.REQUESTED)
    wish = wait(room)
    act(decline, booking, reason="有活动", by=make_person(), now=clock.now())
    assert wish.state is WishState.OFFERED


@ONE_ENGINE
def test_time_that_is_free_whatever_freed_it_is_offered_by_the_sweep(app: Flask) -> None:
    room = make_room(live_limit=1)
    booking = make_booking(room=room)
    wish = wait(room)
    with transaction() as session:
        for row in session.scalars(select(Occupancy)).all():
            session.delete(row)
        booking.status = BookingStatus.CANCELLED
    sweep()
    assert wish.state is WishState.OFFERED


@ONE_ENGINE
def test_the_sweep_leaves_alone_who_cannot_have_it_now(app: Flask) -> None:
    room = make_room(live_limit=1)
    booking = make_booking(room=room)
    wish = wait(room)
    book(make_room(live_limit=0), wish.person)
    give_back(booking)
    assert wish.state is WishState.WAITING
    assert offers.free_again_ids(clock.now()) == [], "so that a worker does not turn in circles"


def test_who_no_longer_leads_an_organisation_is_not_offered_its_time(app: Flask) -> None:
    lead = make_person()
    organisation = make_organisation(leads=[lead])
    booking = make_booking()
    wish = wait(booking.room, lead, party=Party.ORGANISATION, organisation=organisation)
    with transaction():
        organisation.memberships[0].ends_on = at(0, days=-1).date()
    give_back(booking)
    assert wish.state is WishState.WAITING


@ONE_ENGINE
def test_boards_say_that_time_is_held_and_for_confidential_rooms_only_that_it_is_in_use(app: Flask) -> None:
    for is_confidential, state in ((False, SegmentState.HELD), (True, SegmentState.BOOKED)):
        booking = make_booking(room=make_room(is_confidential=is_confidential))
        wait(booking.room)
        give_back(booking)
        [day] = room_days([booking.room], at(0).date(), at(0).date(), now=clock.now())
        [segment] = [each for each in day.segments if each.state is not SegmentState.FREE]
        assert (segment.state, segment.label, segment.booking_reference) == (state, "", None)


def test_a_closure_may_come_over_an_offer_that_ran_out(app: Flask, noon: Traveller) -> None:
    booking = make_booking()
    wait(booking.room)
    give_back(booking)
    noon.shift(30 * MINUTE)
    closing = {"starts_at": at(8), "ends_at": at(12), "reason": "粉刷", "reason_en": "", "by": somebody()}
    closure = act(closures.close, booking.room, **closing, now=clock.now())
    assert held() == [closure.use_id]
    assert db.session.scalars(select(SlotWish.state)).all() == [WishState.OFFERED]


@ONE_ENGINE
def test_a_request_that_nobody_decided_in_time_does_not_stop_others_from_cancelling(
    app: Flask, noon: Traveller
) -> None:
    room = make_room(live_limit=0)
    late = make_booking(room=room, starts_at=at(11), status=BookingStatus.REQUESTED)
    booking = make_booking(room=room)
    wish = wait(room, start=10, end=12)
    with transaction():
        late.expires_at = clock.now() - MINUTE
    give_back(booking)
    assert wish.state.name == "WAITING", "the request's rows are still there"
    act(expire_request, late, now=clock.now())
    assert wish.state is WishState.OFFERED
    assert ledger_findings() == []


@ONE_ENGINE
def test_what_somebody_needs_of_the_room_becomes_the_bookings(app: Flask) -> None:
    room = make_room(set_up_minutes=30, buffer_minutes=15)
    with transaction() as session:
        session.add(RoomFeature(room_id=room.id, feature=AccessFeature.LIFT))
    booking, person = make_booking(room=room), make_person()
    further: dict[str, Any] = {"set_up": "椅子围成圈", "needs": frozenset({AccessFeature.LIFT}), "note": "带茶"}
    wanted = BookingRequest(span=Span(at(10), at(11)), people=5, purpose="棋", request_key="1", **further)
    wish = act(wishes.ask, room, wanted, person=person, by=person, party=Party.PERSON, now=clock.now())
    give_back(booking)
    made = accept(wish)
    assert (made.set_up, made.note, made.needed) == ("椅子围成圈", "带茶", frozenset({AccessFeature.LIFT}))
    assert made.clear_at == at(11, 45)
    assert ledger_findings() == []
