"""Elder mode: one obvious switch, remembered; large type, large targets, one question a page."""

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from center.people.models import Role
from tests.builders import make_account, make_room
from tests.journeys.checks import assert_good, faults
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import expect_booked


def test_the_switch_is_on_the_home_page_and_stays(open_page: OpenPage) -> None:
    page = open_page("/", lang="en")
    assert _text_size(page) >= 18
    page.get_by_role("link", name="Elder mode").click()
    expect(page.get_by_role("link", name="Standard view")).to_be_visible()
    assert _text_size(page) >= 24
    page.get_by_role("navigation").get_by_role("link", name="Rooms", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rooms")
    assert _text_size(page) >= 24
    assert_good(page, elder=True)


@pytest.mark.parametrize("width", [360, 390])
def test_no_word_of_a_tutors_bar_lies_over_its_neighbour(open_page: OpenPage, width: int) -> None:
    account, viewport = make_account(roles=[Role.TUTOR]), ViewportSize(width=width, height=740)
    page = open_page("/classroom", account=account, lang="en", elder=True, viewport=viewport)
    assert faults(page, elder=True, by_axe=False) == []


def _text_size(page: Page) -> float:
    page.wait_for_load_state("load")
    return float(page.evaluate("parseFloat(getComputedStyle(document.querySelector('main')).fontSize)"))


def test_a_room_is_booked_one_question_a_page(open_page: OpenPage) -> None:
    account, room = make_account(), make_room(name="长辈茶室", name_en="Tea room")
    page = open_page(f"/bookings/new/{room.code}", account=account, lang="en", elder=True)
    for answer in ("Tue 24 Nov", "10:00 AM", "1 hour"):
        assert_good(page, elder=True)
        page.get_by_role("radio", name=answer).first.check(force=True)
        page.get_by_role("button", name="Go on").click()
    page.get_by_label("How many people come").fill("3")
    assert_good(page, elder=True)
    page.get_by_role("button", name="Go on").click()
    page.get_by_label("What is it for?").fill("Tea")
    page.get_by_role("button", name="Go on").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    assert_good(page, elder=True)
    page.get_by_role("button", name="Book now").click()
    expect_booked(page)
    assert_good(page, elder=True)
