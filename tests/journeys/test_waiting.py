"""Waiting for a time that is taken, on a phone: the wait, the offer, the room."""

import pytest
from playwright.sync_api import expect

from center.bookings.actions import cancel
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db, transaction
from tests.builders import ZONE, at, make_account, make_booking, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import ask_for, expect_booked


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder mode"])
def test_a_taken_time_is_waited_for_offered_and_taken(open_page: OpenPage, elder: bool) -> None:
    account = make_account()
    booking = make_booking(room=make_room(), starts_at=at(10))
    code, booking_id = booking.room.code, booking.id
    day = at(10).astimezone(ZONE).date().isoformat()
    page = open_page(f"/bookings/new/{code}", account=account, lang="en")
    ask_for(page, day=day, start="10:00", people=3)
    page.get_by_role("button", name="Tell me when it is free").click()
    expect(page.get_by_role("status").filter(has_text="You are on the list")).to_be_visible()
    assert_good(page)
    with transaction():
        taken = db.session.get_one(Booking, booking_id)
        cancel(taken, by=taken.person, now=clock.now())
    db.session.rollback()
    page.goto(f"/me?elder={int(elder)}")
    page.get_by_role("link", name="Take it or leave it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("It is free: will you take it?")
    assert_good(page, elder=elder)
    page.locator("summary", has_text="Book it").click()
    page.get_by_role("button", name="Yes: Book it").click()
    expect_booked(page)
