"""Errand 1: a 76-year-old without a mobile. The clerk finds her by building and door, books, prints a large slip."""

from playwright.sync_api import expect

from center.people.models import Role
from tests.builders import make_account, make_building, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage
from tests.journeys.steps import expect_booked

SIZES = "els => els.map(el => parseFloat(getComputedStyle(el).fontSize))"


def test_the_clerk_books_for_her_and_prints_a_slip_in_large_type(open_page: OpenPage) -> None:
    clerk = make_account(make_person(name="周前台"), roles=[Role.CLERK])
    building = make_building(code="17栋")
    make_person(name="刘桂兰", building=building, unit="1", door="1203", phone=None, birth_year=1950, lives_alone=True)
    make_room(name="一号棋牌室", name_en="First games room")
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    assert_good(page)
    page.get_by_role("searchbox").or_(page.get_by_role("search").get_by_role("textbox")).fill("17-1203")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("刘桂兰")
    expect(page.get_by_role("main")).to_contain_text("Lives alone")
    page.get_by_role("link", name="First games room").first.click()  # two, after "Find"
    expect(page.get_by_role("main")).to_contain_text("You are booking for 刘桂兰")
    page.get_by_label("How many people come").fill("4")
    page.get_by_label("What for").fill("麻将")
    page.get_by_role("button", name="Book now").click()  # three
    reference = expect_booked(page)
    expect(page.get_by_role("main")).to_contain_text("刘桂兰")
    assert_good(page)
    page.get_by_role("link", name="Print a slip").click()
    slip = page.get_by_role("article")
    expect(slip).to_contain_text(reference)
    expect(slip).to_contain_text("一号棋牌室")  # in her language, not the clerk's
    page.get_by_role("link", name="English").click()
    expect(slip).to_contain_text("First games room")
    expect(slip.locator("svg, img").first).to_be_visible()
    page.emulate_media(media="print")
    slip.page.wait_for_load_state()  # its letters are as large as its styles say, once these are there
    assert min(slip.locator("p").evaluate_all(SIZES)) >= 24  # 18 points
    assert slip.locator(".slip__reference").evaluate_all(SIZES)[0] >= 32
    page.set_viewport_size({"width": 272, "height": 800})  # what a printer of 80 mm rolls uses of them: 72 mm
    assert page.evaluate("document.documentElement.scrollWidth") <= 272
    assert min(slip.locator("p").evaluate_all(SIZES)) >= 24
