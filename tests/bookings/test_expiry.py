"""Requests that nobody decided in time: over as soon as their moment has come, tidied away later."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask.testing import FlaskClient
from sqlalchemy import select

from center.bookings import queries
from center.bookings.approvals import listing
from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.availability import room_days
from center.bookings.rulebook.segments import SegmentState
from center.bookings.sweeps import overdue_requests, put_away
from center.kernel import clock
from center.kernel.db import db
from center.people.models import Role
from center.rooms.models import Approval, Occupancy
from tests.builders import ZONE, at, make_account, make_booking, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.walking import book

pytestmark = pytest.mark.usefixtures("app")


def make_overdue(**facts: Any) -> Booking:
    facts.setdefault("room", make_room(approval=Approval.ALWAYS))
    return make_booking(status=BookingStatus.REQUESTED, expires_at=clock.now() - timedelta(minutes=1), **facts)


def test_an_overdue_request_is_in_no_queue_and_on_no_board() -> None:
    booking, now = make_overdue(), clock.now()
    assert listing.waiting(now) == []
    assert queries.count_waiting_requests(now) == 0
    assert queries.bookings_on(at(10).date(), zone=ZONE, now=now) == []
    assert queries.bookings_of_person(booking.person_id, upcoming=True, now=now) == []
    assert queries.bookings_of_person(booking.person_id, upcoming=False, now=now) == [booking]
    (day,) = room_days([booking.room], at(10).date(), at(10).date(), now=now)
    assert {segment.state for segment in day.segments} == {SegmentState.FREE}


@ONE_ENGINE
def test_a_request_without_a_moment_is_over_at_its_start() -> None:
    booking = make_booking(status=BookingStatus.REQUESTED, room=make_room(approval=Approval.ALWAYS))
    assert booking.state_at(at(9, 59)) is BookingStatus.REQUESTED
    assert booking.state_at(at(10)) is BookingStatus.EXPIRED
    assert listing.waiting(at(10)) == []


@ONE_ENGINE
def test_the_sweep_tidies_once_and_only_what_is_overdue() -> None:
    overdue = make_overdue()
    waiting = make_booking(status=BookingStatus.REQUESTED)
    now = clock.now()
    assert overdue_requests(now) == [overdue.id]
    for booking in (overdue, overdue, waiting):
        put_away(booking.id, now)
    put_away(10**6, now)
    db.session.rollback()
    assert (overdue.status, overdue.sequence) == (BookingStatus.EXPIRED, 1)
    assert waiting.status is BookingStatus.REQUESTED
    assert overdue_requests(now) == []
    held = db.session.scalars(select(Occupancy.use_id)).all()
    assert held == [waiting.use_id]


@ONE_ENGINE
def test_its_page_says_expired_and_offers_no_decision(client: FlaskClient) -> None:
    booking = make_overdue()
    sign_in(client, make_account(roles=[Role.CLERK]))
    page = client.get(f"/bookings/{booking.reference}?lang=en").get_data(as_text=True)
    assert "Expired" in page
    assert "Waiting for approval" not in page
    assert "Approve" not in page
    answer = client.post(f"/desk/bookings/{booking.reference}/approve", data={}, follow_redirects=True)
    assert "so it is over" in answer.get_data(as_text=True)


@ONE_ENGINE
def test_a_request_made_after_the_rooms_moment_has_half_the_time_that_is_left(client: FlaskClient) -> None:
    account, room = make_account(), make_room(approval=Approval.ALWAYS, expire_minutes=24 * 60)
    with time_machine.travel(at(8, days=1), tick=False):
        sign_in(client, account)
        wish = {"date": at(10, days=0).date().isoformat(), "start": "10:00", "minutes": "60", "people": "5"}
        known = {"purpose": "象棋", "party": "self", "request_key": "", "stage": "book"}
        assert book(client, f"/bookings/new/{room.code}", {**wish, **known}).status_code == 303
    booking = db.session.scalars(select(Booking)).one()
    assert booking.expires_at == at(9, days=1), "two hours before had passed as well"
