"""Matching a new account with somebody known already, and undoing all of it."""

import uuid
from datetime import time

import pytest
from flask import Flask
from sqlalchemy import select

from center.bookings import actions as bookings
from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.facts import Party
from center.bookings.series.actions import book_series
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import BOOK
from center.bookings.series.planning import SeriesRequest
from center.bookings.waiting import wishes
from center.bookings.writing import BookingRequest
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.recurrence import Frequency, Repeat, dates_of
from center.kernel.spans import Span
from center.kernel.trail import StaffEvent
from center.people import actions, matching
from center.people.models import Account, AccountMatch, Person
from center.people.search import find_people
from center.premises.models import CentreFacts
from center.rooms.models import Room
from tests.builders import (
    at,
    make_account,
    make_booking,
    make_building,
    make_centre,
    make_organisation,
    make_person,
    make_room,
    sign_in,
)
from tests.engines import ONE_ENGINE

pytestmark = pytest.mark.usefixtures("app")


@pytest.fixture
def waiting() -> Account:
    """Somebody who registered and waits for the desk."""
    door = {"building": make_building(code="3栋"), "unit": "2", "door": "301"}
    return make_account(make_person(name="李桂兰", birth_year=1950, phone="19900000077", **door), is_confirmed=False)


@pytest.fixture
def known() -> Person:
    """Somebody of the same name whom the centre has known for long."""
    return make_person(name="李桂兰", birth_year=None, phone=None)


def match(account: Account, onto: Person) -> AccountMatch:
    clerk = make_person()
    with transaction():
        return actions.merge_account(account, onto=onto, by=clerk, now=clock.now())


def undo(made: AccountMatch) -> None:
    clerk = make_person()
    with transaction():
        matching.undo(made, by=clerk, now=clock.now())


def owner(booking: Booking) -> int:
    db.session.rollback()
    db.session.expire_all()
    return db.session.get_one(Booking, booking.id).person_id


def ask(room: Room, person: Person, key: str, hour: int = 10) -> Booking:
    asked = BookingRequest(span=Span(at(hour), at(hour + 1)), people=2, purpose="象棋", request_key=key)
    with transaction():
        return bookings.request_booking(room, asked, person=person, by=person, party=Party.PERSON, now=clock.now())


def wait_for(room: Room, person: Person, hour: int) -> SlotWish:
    span = Span(at(hour), at(hour + 1))
    asked = BookingRequest(span=span, people=2, purpose="象棋", request_key=f"wait-{hour}")
    with transaction():
        return wishes.ask(room, asked, person=person, by=person, party=Party.PERSON, now=clock.now())


def test_what_the_new_record_holds_moves_with_the_account_and_nobody_finds_the_double(
    waiting: Account, known: Person
) -> None:
    double = waiting.person
    booking = make_booking(room=make_room(), person=double)
    match(waiting, known)
    assert owner(booking) == known.id
    assert waiting.person_id == known.id
    assert waiting.is_confirmed
    assert (known.phone, known.birth_year) == ("19900000077", 1950)
    assert [each.id for each in find_people("李桂兰")] == [known.id]
    assert [each.id for each in find_people("3-2-301")] == []


def test_undoing_puts_everything_back_also_what_was_done_since(waiting: Account, known: Person) -> None:
    double, room = waiting.person, make_room(live_limit=0)
    before, theirs = make_booking(room=room, person=double), make_booking(room=room, person=known, starts_at=at(14))
    made = match(waiting, known)
    since = ask(room, known, "since", hour=16)
    undo(made)
    assert (owner(before), owner(since), owner(theirs)) == (double.id, double.id, known.id)
    assert (waiting.person_id, waiting.is_confirmed) == (double.id, False)
    assert (known.phone, known.birth_year) == (None, None)
    assert (double.phone, double.birth_year, double.door, double.is_double) == ("19900000077", 1950, "301", False)
    assert {each.id for each in find_people("李桂兰")} == {known.id, double.id}
    with pytest.raises(Conflict):
        undo(made)
    acts = [each.act for each in db.session.scalars(select(StaffEvent).order_by(StaffEvent.id))]
    assert acts[-2:] == ["account_matched", "match_undone"]


@ONE_ENGINE
def test_nobody_gets_the_record_of_somebody_with_another_name_and_door(waiting: Account) -> None:
    neighbour = make_person(name="王明", phone="19900000077", birth_year=1950)
    with pytest.raises(RuleBroken):
        match(waiting, neighbour)
    assert waiting.person_id != neighbour.id


class TestBookingBeforeOneIsConfirmed:
    """A setting of the centre; without it a new account can look only."""

    @pytest.fixture(autouse=True)
    def _allowed(self, app: Flask) -> None:
        make_centre(provisional_bookings=True)

    @ONE_ENGINE
    def test_the_booking_waits_and_is_approved_only_once_the_desk_knows_who_asks(self, waiting: Account) -> None:
        clerk, booking = make_person(), ask(make_room(), waiting.person, "key")
        assert booking.status.name == "REQUESTED"
        with pytest.raises(RuleBroken), transaction():
            bookings.approve(booking, by=clerk, now=clock.now())
        with transaction():
            actions.confirm_account(waiting, by=clerk, now=clock.now())
        with transaction():
            bookings.approve(booking, by=clerk, now=clock.now())
        assert booking.status is BookingStatus.CONFIRMED

    @ONE_ENGINE
    def test_a_wait_for_a_taken_time_becomes_a_request_and_ends_with_the_account(self, waiting: Account) -> None:
        clerk, room = make_person(), make_room()
        taken, later = make_booking(room=room), make_booking(room=room, starts_at=at(14))
        wanted = [wait_for(room, waiting.person, hour) for hour in (10, 14)]
        with transaction():
            bookings.cancel(taken, by=taken.person, now=clock.now())
        with transaction():
            made = wishes.accept(wanted[0], by=waiting.person, channel=Channel.ONLINE, now=clock.now())
        assert made.status is BookingStatus.REQUESTED
        with transaction():
            actions.refuse_account(waiting, reason="不认识", by=clerk, now=clock.now())
        assert (made.status, wanted[1].state) == (BookingStatus.DECLINED, WishState.WITHDRAWN)
        assert later.status is BookingStatus.CONFIRMED

    @ONE_ENGINE
    def test_a_series_waits_like_a_request(self, waiting: Account) -> None:
        room, first = make_room(), at(10).date()
        organisation = make_organisation(leads=[waiting.person])
        rule = Repeat(frequency=Frequency.WEEKLY, weekdays=(first.weekday(),), first_on=first, count=2)
        asked = SeriesRequest(
            room=room, repeat=rule, starts=time(10), minutes=60, people=2, purpose="鼓", request_key=str(uuid.uuid4())
        )
        whose = OnBehalf(waiting.person, organisation, Party.ORGANISATION)
        with transaction():
            choices = dict.fromkeys(dates_of(rule), BOOK)
            made = book_series(asked, choices, whose=whose, by=waiting.person, now=clock.now())
        assert {each.booking.status for each in made.dates if each.booking} == {BookingStatus.REQUESTED}

    @ONE_ENGINE
    def test_it_is_declined_with_the_account(self, waiting: Account) -> None:
        clerk, booking = make_person(), ask(make_room(), waiting.person, "key")
        with transaction():
            actions.refuse_account(waiting, reason="不认识", by=clerk, now=clock.now())
        assert (booking.status, booking.decision_reason) == (BookingStatus.DECLINED, "不认识")

    @ONE_ENGINE
    def test_who_is_confirmed_books_as_ever(self) -> None:
        assert ask(make_room(), make_account().person, "key").status is BookingStatus.CONFIRMED


@ONE_ENGINE
@pytest.mark.parametrize("page", ["/bookings/new/{}", "/series/new/{}", "/waiting/new/{}"])
@pytest.mark.parametrize("allowed", [True, False])
def test_the_pages_let_a_new_account_ask_where_the_centre_does(
    app: Flask, waiting: Account, allowed: bool, page: str
) -> None:
    make_centre(provisional_bookings=allowed)
    assert db.session.get_one(CentreFacts, 1).confirm_days == 3
    make_organisation(leads=[waiting.person])
    client = app.test_client()
    sign_in(client, waiting)
    answer = client.get(page.format(make_room().code), follow_redirects=True)
    assert answer.status_code == (200 if allowed else 403)
