"""Errand 9: a blind resident books a room by ear. Nothing here needs JavaScript, a picture or a drag."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import make_account, make_booking, make_person, make_room
from tests.journeys.conftest import OpenPage
from tests.journeys.steps import ask_for, expect_booked, sign_in


def test_a_room_is_booked_without_javascript_from_the_home_page_on(open_page: OpenPage) -> None:
    account = make_account(make_person(name="盲人读者"))
    room = make_room(name="九号读书室", name_en="Ninth reading room")
    page = open_page("/", lang="en", java_script_enabled=False)
    page.get_by_role("navigation").get_by_role("link", name="Rooms", exact=True).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Rooms")
    page.get_by_role("listitem").get_by_role("link", name="Ninth reading room").click()
    page.get_by_role("link", name="Book this room").click()
    sign_in(page, account)
    expect(page.get_by_role("heading", level=1)).to_contain_text("Book Ninth reading room")
    ask_for(page, day="2026-11-24", start="10:00")
    expect(page.get_by_role("heading", level=1)).to_have_text("Is this right?")
    page.get_by_role("button", name="Book now").click()
    reference = expect_booked(page)
    expect(page.get_by_role("heading", level=1)).to_contain_text(reference)
    page.goto("/me")
    expect(page.get_by_role("main")).to_contain_text("Ninth reading room")
    page.goto(f"/rooms/{room.code}/week?date=2026-11-24")
    expect(page.get_by_role("main")).to_contain_text("10:00")


def test_a_refusal_is_announced_and_leads_to_its_field_and_to_what_is_free(open_page: OpenPage) -> None:
    account, room = make_account(), make_room(name_en="Taken room")
    make_booking(room=room)  # tomorrow 10:00-11:00
    page = open_page(f"/bookings/new/{room.code}", account=account, lang="en", java_script_enabled=False)
    ask_for(page, day="2026-11-24", start="10:30", people=3, purpose="Braille circle")
    summary = page.get_by_role("alert")
    expect(summary).to_be_visible()
    wrong = page.locator("[aria-invalid=true]").first
    described_by = wrong.get_attribute("aria-describedby") or ""
    for name in described_by.split():
        expect(page.locator(f"#{name}")).to_have_count(1)
    expect(summary.get_by_role("link").first).to_have_attribute("href", f"#{wrong.get_attribute('id')}")
    expect(page.get_by_label("What for")).to_have_value("Braille circle")
    expect(page.get_by_role("main")).to_contain_text("11:00")
    page.get_by_role("button", name="11:00").first.click()
    page.get_by_role("button", name="Book now").click()
    expect_booked(page)


HEARD = """() => ({
  h1: document.querySelectorAll('h1').length,
  live: [...document.querySelectorAll('[role=status], [role=alert], [aria-live]')].length,
  dumb: [...document.querySelectorAll('main :is(input:not([type=hidden]), select, textarea)')]
    .filter(el => !el.labels.length && !el.ariaLabel && !el.getAttribute('aria-labelledby')).map(el => el.name),
  twins: [...document.querySelectorAll('main a[href], main button')]
    .filter(el => !el.closest('[aria-hidden=true], [hidden]') && !(el.ariaLabel || el.textContent.trim()))
    .map(el => el.outerHTML.slice(0, 80)),
})"""


def sounds_right(page: Page) -> None:
    """One heading of the first level, a place where news are said aloud, and a name for all that can be pressed."""
    page.wait_for_load_state("domcontentloaded")  # a page that is still being read has buttons without their names
    heard = page.evaluate(HEARD)
    assert (heard["h1"], heard["dumb"], heard["twins"]) == (1, [], []), page.url
    assert heard["live"] >= 1, page.url


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder mode"])
def test_a_taken_time_is_waited_for_and_taken_back_by_ear(open_page: OpenPage, elder: bool) -> None:
    account, room = make_account(), make_room(name=f"听书室{int(elder)}")
    make_booking(room=room)  # tomorrow 10:00-11:00
    page = open_page(f"/rooms/{room.code}", account=account)
    page.goto(f"/bookings/new/{room.code}?elder=0")
    page.get_by_label("日期", exact=True).fill("2026-11-24")
    page.get_by_label("开始时间", exact=True).select_option("10:00")
    page.get_by_label("用多久").select_option("60")
    page.get_by_label("来多少人").fill("3")
    page.get_by_label("用途", exact=True).fill("听书")
    page.get_by_role("button", name="下一步：核对").click()
    sounds_right(page)
    page.get_by_role("button", name="空出来时告诉我").click()
    page.goto(f"{page.url}{'&' if '?' in page.url else '?'}elder={int(elder)}")
    sounds_right(page)
    page.goto("/me")
    sounds_right(page)
    expect(page.get_by_role("listitem").filter(has_text=f"听书室{int(elder)}").first).to_contain_text("排队中")
    for path in (
        "/",
        "/find",
        "/rooms",
        f"/rooms/{room.code}",
        f"/rooms/{room.code}/month",
        "/me/notices",
        "/me/contact",
    ):
        page.goto(path)
        sounds_right(page)
