"""What happens to bookings."""

import uuid
from datetime import datetime, time, timedelta

import pytest
from sqlalchemy import select

from center.bookings import actions
from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.availability import room_days
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.refusals import rule_of
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Approval, Occupancy, Room, UseKind
from tests.builders import ZONE, at, make_booking, make_hall, make_organisation, make_person, make_room
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


def request(
    start: datetime | None = None, *, minutes: int = 60, people: int = 5, key: str | None = None
) -> BookingRequest:
    start = start or at(10)
    span = Span(start, start + timedelta(minutes=minutes))
    return BookingRequest(span=span, people=people, purpose="读书会", request_key=key or str(uuid.uuid4()))


def book(
    room: Room,
    person: Person | None = None,
    asked: BookingRequest | None = None,
    *,
    party: Party = Party.PERSON,
    organisation: Organisation | None = None,
    by: Person | None = None,
) -> Booking:
    person = person or make_person()
    with transaction():
        return actions.request_booking(
            db.session.get_one(Room, room.id),
            asked or request(),
            person=person,
            by=by or person,
            party=party,
            organisation=organisation,
            now=clock.now(),
        )


def rows_of(booking: Booking) -> list[Occupancy]:
    db.session.rollback()
    query = select(Occupancy).where(Occupancy.use_id == booking.use_id).order_by(Occupancy.id)
    return list(db.session.scalars(query))


def test_a_booking_is_entered_in_the_ledger_until_it_is_cleared() -> None:
    booking = book(make_room(buffer_minutes=15))
    (row,) = rows_of(booking)
    assert booking.status is BookingStatus.CONFIRMED
    assert (row.starts_at, row.clear_at) == (at(10), at(11, 15))


def test_sending_the_same_form_twice_makes_one_booking() -> None:
    room, person, asked = make_room(), make_person(), request(key=str(uuid.uuid4()))
    first, second = book(room, person, asked), book(room, person, asked)
    assert first.id == second.id
    assert len(rows_of(first)) == 1


@ONE_ENGINE
def test_the_same_key_from_another_hand_is_another_booking() -> None:
    room, key = make_room(), str(uuid.uuid4())
    first = book(room, asked=request(key=key))
    second = book(room, asked=request(at(15), key=key))
    assert first.id != second.id


@ONE_ENGINE
def test_a_taken_time_is_refused_and_nothing_is_written() -> None:
    room = make_room()
    book(room)
    with pytest.raises(Conflict) as refused:
        book(room, asked=request(at(10, 30)))
    assert refused.value.field == "start"
    assert len(db.session.scalars(select(Booking)).all()) == 1


@ONE_ENGINE
def test_back_to_back_bookings_do_not_clash() -> None:
    room = make_room()
    book(room, asked=request(at(10)))
    book(room, asked=request(at(11)))


def test_the_whole_hall_takes_both_parts_and_a_part_blocks_the_whole() -> None:
    hall, part_a, part_b = make_hall()
    booking = book(hall)
    assert {row.room_id for row in rows_of(booking)} == {part_a.id, part_b.id}
    with pytest.raises(Conflict):
        book(part_a)
    book(part_b, asked=request(at(15)))
    with pytest.raises(Conflict):
        book(hall, asked=request(at(15, 30)))


@ONE_ENGINE
def test_a_waiting_request_holds_its_time() -> None:
    room = make_room(approval=Approval.ALWAYS)
    booking = book(room)
    assert booking.status is BookingStatus.REQUESTED
    with pytest.raises(Conflict):
        book(room)


@ONE_ENGINE
def test_declining_frees_the_time_and_keeps_the_reason() -> None:
    room, clerk = make_room(approval=Approval.ALWAYS), make_person()
    booking = book(room)
    with transaction():
        actions.decline(booking, reason="音响在修", by=clerk, now=clock.now())
    assert rows_of(booking) == []
    assert booking.decision_reason == "音响在修"
    book(room)


def test_approving_twice_is_approving_once() -> None:
    room, clerk = make_room(approval=Approval.ALWAYS), make_person()
    booking = book(room)
    for _again in range(2):
        with transaction():
            actions.approve(booking, by=clerk, now=clock.now())
    assert (booking.status, booking.sequence) == (BookingStatus.CONFIRMED, 1)


@ONE_ENGINE
def test_a_cancelled_request_cannot_be_approved() -> None:
    room, person = make_room(approval=Approval.ALWAYS), make_person()
    booking = book(room, person)
    with transaction():
        actions.cancel(booking, by=person, now=clock.now())
    with pytest.raises(Conflict), transaction():
        actions.approve(booking, by=person, now=clock.now())


@ONE_ENGINE
def test_a_request_whose_time_has_begun_is_over() -> None:
    room, clerk = make_room(approval=Approval.ALWAYS), make_person()
    booking = book(room)
    with pytest.raises(RuleBroken), transaction():
        actions.approve(booking, by=clerk, now=at(10))
    with pytest.raises(RuleBroken), transaction():
        actions.decline(booking, reason="太晚", by=clerk, now=at(10))


@ONE_ENGINE
def test_cancelling_is_possible_until_the_deadline_and_by_the_desk_after_it() -> None:
    room, person = make_room(cancel_minutes=120), make_person()
    booking = book(room, person)
    with pytest.raises(RuleBroken), transaction():
        actions.cancel(booking, by=person, now=at(8, 1))
    with transaction():
        actions.cancel(booking, by=person, now=at(8, 1), as_staff=True)
    assert booking.status is BookingStatus.CANCELLED
    assert rows_of(booking) == []


@ONE_ENGINE
def test_cancelling_at_the_very_deadline_is_in_time() -> None:
    person = make_person()
    booking = book(make_room(cancel_minutes=120), person)
    with transaction():
        actions.cancel(booking, by=person, now=at(8))
    assert booking.status is BookingStatus.CANCELLED


@ONE_ENGINE
def test_two_live_bookings_are_the_limit_and_an_organisations_do_not_count() -> None:
    room, person = make_room(live_limit=2), make_person()
    organisation = make_organisation(leads=[person])
    book(room, person, request(at(9)), party=Party.ORGANISATION, organisation=organisation)
    book(room, person, request(at(10)))
    book(room, person, request(at(11)))
    with pytest.raises(RuleBroken) as refused:
        book(room, person, request(at(12)))
    assert rule_of(refused.value) == "live_limit"


@ONE_ENGINE
def test_a_cancelled_booking_no_longer_counts_towards_the_limit() -> None:
    room, person = make_room(live_limit=1), make_person()
    booking = book(room, person)
    with transaction():
        actions.cancel(booking, by=person, now=clock.now())
    book(room, person, request(at(14)))


def test_the_ledger_refuses_what_the_rules_did_not_see() -> None:
    room = make_room()
    make_booking(room=room, starts_at=at(10))
    fresh = db.session.get_one(Room, room.id)
    with pytest.raises(ledger.TimeTaken), transaction():
        ledger.take(UseKind.BOOKING, fresh, starts_at=at(10, 30), clear_at=at(11, 30), zone=ZONE)


def test_every_refusal_is_carried_at_once() -> None:
    room = make_room(capacity=4)
    with pytest.raises(RuleBroken) as refused:
        book(room, asked=request(at(7), people=5))
    assert {error.field for error in refused.value.every} == {"people", "start"}


def test_a_use_right_after_midnight_is_seen_from_the_evening_before() -> None:
    room = make_room(hours=[(weekday, time(0), time(0)) for weekday in range(8)], buffer_minutes=30)
    book(room, asked=request(at(0, days=2)))
    with pytest.raises(Conflict) as refused:
        book(room, asked=request(at(23)))
    assert rule_of(refused.value) == "free"
    assert book(room, asked=request(at(22, 30)))
    (day,) = room_days([room], at(10).date(), at(10).date(), now=clock.now())
    assert day.free_starts(60)[-1] == at(21)
