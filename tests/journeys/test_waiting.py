"""Waiting for a time that is taken, on a phone; and the desk noting who is here, by keyboard."""

from datetime import timedelta

import pytest
from playwright.sync_api import expect

from center import clock
from center.bookings.actions import cancel
from center.bookings.models import Booking
from center.db import db, transaction
from center.people.models import Role
from tests.builders import ZONE, at, make_account, make_booking, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage
from tests.journeys.steps import ask_for, expect_booked, tab_to


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder mode"])
def test_a_taken_time_is_waited_for_offered_and_taken(open_page: OpenPage, elder: bool) -> None:
    account = make_account()
    booking = make_booking(room=make_room(), starts_at=at(10))
    code, booking_id = booking.room.code, booking.id
    day = at(10).astimezone(ZONE).date().isoformat()
    page = open_page(f"/rooms/{code}/book", account=account, lang="en")
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


def test_who_comes_is_checked_in_with_three_presses_and_undone_with_one(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    person = make_person(name="乔一心", sort_key="qiao yi xin", initials="qyx")
    soon = clock.now() + timedelta(minutes=15)
    reference = make_booking(room=make_room(), person=person, starts_at=soon).reference
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    page.keyboard.type("qyx")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("乔一心")
    assert_good(page)
    tab_to(page, page.get_by_role("button", name="Check in"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("Here since")).to_be_visible()
    page.goto("/desk")
    row = page.get_by_role("row", name=reference)
    expect(row.get_by_text("Here since")).to_be_visible()
    tab_to(page, row.get_by_role("button", name="Undo"), most=200)
    page.keyboard.press("Enter")
    expect(page.get_by_role("row", name=reference).get_by_role("button", name="Check in")).to_be_visible()
