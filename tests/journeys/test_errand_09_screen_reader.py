"""Errand 9: a blind resident books a room by ear. Nothing here needs JavaScript, a picture or a drag."""

from playwright.sync_api import expect

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
    page = open_page(f"/rooms/{room.code}/book", account=account, lang="en", java_script_enabled=False)
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
