"""Errand 7: the front desk on a rush morning, by keyboard only: one search box, the person, the time, done."""

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from center.bookings import actions
from center.bookings.models import Booking
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.texts import new_reference
from center.people import sessions
from center.people.models import Person, Role
from tests.builders import make_account, make_booking, make_building, make_person, make_room
from tests.journeys.checks import assert_good
from tests.journeys.conftest import DESK, OpenPage
from tests.journeys.steps import expect_booked, press_key, tab_to, type_where_the_cursor_is


@pytest.mark.parametrize("typed", ["7788", "ohm", "欧海", "16-2-704"], ids=["phone tail", "initials", "name", "door"])
def test_a_walk_in_is_booked_without_a_mouse(open_page: OpenPage, typed: str) -> None:
    clerk = make_account(roles=[Role.CLERK])
    _one_person()
    room = make_room(
        name=f"七号琴房 {typed}", name_en=f"Piano room {typed}", position=0, live_limit=0
    )  # whatever rooms others made
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    type_where_the_cursor_is(page, typed)  # the cursor is in the search box already
    page.keyboard.press("Enter")  # only one person is meant, so their page opens
    expect(page.get_by_role("heading", level=1)).to_contain_text("欧海梅")
    tab_to(page, page.get_by_role("link", name=f"Piano room {typed}").first)
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/bookings/new/{room.code}/**")
    assert_good(page)
    tab_to(page, page.get_by_label("How many people come"))
    page.keyboard.type("2")
    page.keyboard.press("Tab")
    page.keyboard.type("Piano")
    page.keyboard.press("Enter")
    expect_booked(page)


def test_of_several_people_found_the_first_has_the_focus(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    make_person(name="尉迟一", sort_key="yu chi yi", initials="ycy")
    make_person(name="尉迟二", sort_key="yu chi er", initials="yce")
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    type_where_the_cursor_is(page, "尉迟")
    page.keyboard.press("Enter")
    people = page.get_by_role("list", name="People found")
    expect(people.get_by_role("listitem")).to_have_count(2)
    expect(people.get_by_role("link").first).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("尉迟")


# Enter in a form is a click to a browser, too, but not of a mouse.
COUNT_CLICKS = """addEventListener('click', event => {
  if (event.detail) window.name = Number(window.name || 0) + 1;
}, true)"""


def test_a_walk_in_takes_two_clicks_and_checking_in_one_more(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    make_person(name="柏二娘", sort_key="bai er niang", initials="ben")
    room = make_room(name="七号茶座", name_en="Seventh tea room", position=0)
    page = open_page("/desk", account=clerk, viewport=DESK)
    page.add_init_script(COUNT_CLICKS)
    page.reload()
    type_where_the_cursor_is(page, "ben")
    page.keyboard.press("Enter")
    page.get_by_role("listitem").filter(has_text=room.name).get_by_role("link").first.click()
    page.get_by_label("来多少人").fill("2")
    page.get_by_label("用途", exact=True).fill("喝茶")
    page.get_by_role("button", name="确认预约").click()
    expect(page.get_by_role("status").filter(has_text="房间约好了")).to_be_visible()
    assert page.evaluate("Number(window.name)") == 2
    page.get_by_role("button", name="签到").click()
    expect(page.get_by_text("到的").first).to_be_visible()
    assert page.evaluate("Number(window.name)") == 3


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder mode"])
def test_who_comes_is_checked_in_and_the_slip_of_the_hand_undone(open_page: OpenPage, elder: bool) -> None:
    clerk = make_account(roles=[Role.CLERK])
    guest = make_person(name=f"乐{'老' if elder else '小'}七", sort_key="le qi", initials=f"l{'l' if elder else 'x'}q")
    soon = clock.now() + timedelta(minutes=15)
    reference = make_booking(room=make_room(), person=guest, starts_at=soon).reference
    page = open_page("/desk", account=clerk, viewport=DESK, elder=elder)
    type_where_the_cursor_is(page, guest.initials)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text(guest.name)
    expect(page.get_by_role("button", name="签到")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_text("到的").first).to_be_visible()
    page.goto("/desk")
    row = page.get_by_role("row", name=reference)
    expect(row.get_by_text("到的")).to_be_visible()
    _press(page, reference, "撤销")
    expect(row.get_by_role("button", name="签到")).to_be_visible()
    assert_good(page, elder=elder)


def _guest(initials: str) -> str:
    """Somebody who is awaited now; returns the number of their booking."""
    guest = make_person(name=f"客{initials}", sort_key=" ".join(initials), initials=initials)
    soon = clock.now() + timedelta(minutes=15)
    return make_booking(room=make_room(), person=guest, starts_at=soon, reference=new_reference()).reference


def _search(page: Page, typed: str) -> None:
    type_where_the_cursor_is(page, typed)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("客")


def test_from_the_search_one_key_checks_in_and_one_goes_on_to_the_next(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    _guest("qxa")
    second = _guest("qxb")
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    _search(page, "qxa")
    press_key(page, "c")
    expect(page.get_by_text("Here since").first).to_be_visible()
    expect(page.get_by_role("link", name="Next person")).to_be_focused()
    assert_good(page)
    page.keyboard.press("Enter")
    expect(page.get_by_label("Find a person")).to_be_focused()
    type_where_the_cursor_is(page, second)  # by the number on the slip
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/bookings/{second}")
    expect(page.get_by_role("button", name="Check in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Next person")).to_be_focused()


def test_a_slip_of_the_hand_is_undone_by_one_key(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    _guest("qxc")
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    _search(page, "qxc")
    press_key(page, "c")
    expect(page.get_by_role("button", name="Undo until").locator("kbd")).to_be_visible()
    press_key(page, "u")
    expect(page.get_by_role("button", name="Check in")).to_be_focused()


def test_without_scripts_the_first_action_has_the_focus_all_the_same(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    _guest("qxd")
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en", java_script_enabled=False)
    page.get_by_label("Find a person").press_sequentially("qxd")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("客")
    expect(page.get_by_role("button", name="Keys")).to_be_hidden()
    expect(page.get_by_role("button", name="Check in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Next person")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("People we know")


def test_keys_type_in_a_field_and_can_be_switched_off_for_good(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    _guest("qxe")
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    _search(page, "qxe")
    press_key(page, "/")
    page.keyboard.type("c")
    expect(page.get_by_label("Find a person")).to_have_value("c")
    page.get_by_role("button", name="Check in").focus()
    page.keyboard.press("Control+c")
    press_key(page, "?")
    keys = page.get_by_role("dialog", name="Keys on this page")
    expect(keys.get_by_role("row").filter(has_text="Check in")).to_contain_text("C")
    assert_good(page)
    keys.get_by_role("checkbox").uncheck()
    page.keyboard.press("Escape")
    expect(page.locator("kbd").first).to_be_hidden()
    page.reload()
    page.get_by_role("button", name="Check in").focus()
    page.keyboard.press("c")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Check in")).to_be_visible()
    page.get_by_role("button", name="Keys", exact=True).click()
    page.get_by_role("checkbox").check()
    page.get_by_role("button", name="Close").click()
    press_key(page, "c")
    expect(page.get_by_text("Here since").first).to_be_visible()


def _press(page: Page, reference: str, label: str) -> None:
    """With the keyboard alone."""
    tab_to(page, page.get_by_role("button", name=label).filter(has_text=reference), most=300)
    page.keyboard.press("Enter")


def _one_person() -> None:
    """The same person for every way of looking, made once."""
    if db.session.scalar(select(Person).where(Person.name == "欧海梅")) is None:
        building = make_building(code="16栋")
        make_person(
            name="欧海梅", sort_key="ou hai mei", initials="ohm", phone="19900007788", building=building,
            unit="2", door="704",
        )  # fmt: skip


def test_from_a_free_time_on_the_board_to_a_booking_without_a_mouse(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    _one_person()
    room = make_room(name="十一号琴房", name_en="Eleventh piano room", position=0, live_limit=0)
    page = open_page("/desk/day?date=2026-11-24", account=clerk, viewport=DESK, lang="en")
    assert_good(page)
    free = page.locator(f"#row-{room.code}-2026-11-24").get_by_role("link", name=re.compile("Free"))
    free.first.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("For whom?")
    assert_good(page)
    type_where_the_cursor_is(page, "7788")  # the cursor is in the search box
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/bookings/new/{room.code}/**")
    expect(page.get_by_label("Day", exact=True)).to_have_value("2026-11-24")
    expect(page.get_by_label("From", exact=True)).to_have_value("08:00")
    page.get_by_label("How many people come").fill("2")
    page.get_by_label("What for").fill("Piano")
    page.keyboard.press("Enter")
    expect_booked(page)
    expect(page.get_by_text("欧海梅").first).to_be_visible()


# As after half a minute, without waiting for it.
REFRESH = "document.querySelector('[data-refreshes]').dispatchEvent(new CustomEvent('refresh'))"


def test_the_desk_refreshes_itself_while_somebody_types_and_keeps_what_they_typed(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    type_where_the_cursor_is(page, "oh")
    _book_meanwhile("Somebody new")
    with page.expect_response(lambda answer: answer.request.headers.get("x-refresh") == "1"):
        page.evaluate(REFRESH)
    expect(page.get_by_role("row").filter(has_text="Somebody new")).to_have_count(2)  # of its room, and of the bookings
    page.keyboard.type("m")
    expect(page.get_by_role("searchbox")).to_have_value("ohm")
    expect(page.get_by_role("searchbox")).to_be_focused()
    assert_good(page)


def test_what_has_the_focus_keeps_it_though_the_list_changes_above_it_and_what_was_opened_stays_open(
    open_page: OpenPage,
) -> None:
    clerk = make_account(roles=[Role.CLERK])
    start = clock.now() + timedelta(minutes=20)
    reference = make_booking(room=make_room(), starts_at=start).reference
    make_booking(room=make_room(), starts_at=clock.now() - timedelta(minutes=50), minutes=30)
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    page.locator("#bookings-over > summary").click()
    button = page.locator(f"#check-in-{reference}")
    button.focus()
    _book_meanwhile("Just before", at=start - timedelta(minutes=5))
    page.evaluate(REFRESH)
    expect(page.get_by_role("row").filter(has_text="Just before")).to_have_count(2)  # of its room, and of the bookings
    expect(button).to_be_focused()
    assert page.locator("#bookings-over").get_attribute("open") is not None


def test_where_what_had_the_focus_is_gone_the_heading_above_it_has_it(open_page: OpenPage) -> None:
    clerk = make_account(roles=[Role.CLERK])
    going = make_booking(room=make_room(), starts_at=clock.now() + timedelta(minutes=20))
    reference, booking_id = going.reference, going.id
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    page.locator(f"#check-in-{reference}").focus()
    with transaction() as session:
        booking = session.get_one(Booking, booking_id)
        actions.cancel(booking, by=booking.person, now=clock.now(), as_staff=True)
    page.evaluate(REFRESH)
    expect(page.locator(f"#check-in-{reference}")).to_have_count(0)
    expect(page.locator("#todays-bookings")).to_be_focused()


def test_a_page_that_nobody_sees_or_that_was_told_to_stand_still_asks_for_nothing(open_page: OpenPage) -> None:
    page = open_page("/desk", account=make_account(roles=[Role.CLERK]), viewport=DESK, lang="en")
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.url.endswith("/desk") else None)
    page.evaluate("Object.defineProperty(document, 'hidden', { value: true, configurable: true })")
    page.evaluate(REFRESH)
    page.evaluate("delete document.hidden")
    page.get_by_role("button", name="Do not refresh by itself").click()
    page.evaluate(REFRESH)
    page.wait_for_timeout(200)
    assert asked == []
    page.get_by_role("button", name="Do not refresh by itself", pressed=True).click()
    with page.expect_response("**/desk"):
        page.evaluate(REFRESH)


def test_a_page_whose_sign_in_has_ended_says_so_and_shows_nothing_more(open_page: OpenPage) -> None:
    clerk, guest = make_account(roles=[Role.CLERK]), make_person(name="闾丘一")
    make_booking(room=make_room(), person=guest, starts_at=clock.now() + timedelta(hours=2))
    account_id = clerk.id
    page = open_page("/desk", account=clerk, viewport=DESK, lang="en")
    expect(page.get_by_text("闾丘一").first).to_be_visible()
    with transaction():
        sessions.end_all(account_id, now=clock.now())
    page.evaluate(REFRESH)
    expect(page.get_by_text("You are signed out")).to_be_visible()
    expect(page.get_by_text("闾丘一")).to_have_count(0)
    assert_good(page)
    page.get_by_role("link", name="Sign in", exact=True).last.click()
    page.wait_for_url("**/sign-in?next=/desk")


def _book_meanwhile(purpose: str, *, at: datetime | None = None) -> None:
    """Somebody else books while the clerk's page is open."""
    make_booking(room=make_room(), starts_at=at or clock.now() + timedelta(hours=1), purpose=purpose)
    db.session.rollback()
