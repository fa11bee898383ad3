"""Errand 11: a working parent at nine in the evening, on a phone: books, adds it to a calendar, cancels in two taps."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from center.kernel import clock
from center.kernel.db import db
from tests.activity_builders import make_activity, make_roster, sign_up
from tests.builders import ZONE, at, make_account, make_person, make_room
from tests.engines import Engines
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage, opener
from tests.journeys.steps import ask_for, expect_booked, said_in, sign_in
from tests.servers import Site, serve

EVENING = datetime.fromisoformat("2026-11-23T21:00+08:00")


@pytest.fixture(scope="module")
def evening(engines: Engines, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site in the evening, when the centre is closed and its site is not."""
    url = engines.new_url("sqlite", f"evening_{worker}")
    with serve(url, tmp_path_factory.mktemp("evening"), workers=1, clock_start=EVENING.isoformat()) as site:
        yield site


@pytest.fixture
def site(evening: Site) -> Iterator[Site]:
    """It, at its hour."""
    clock.start_at(EVENING)
    with evening.app.app_context():
        yield evening
        db.session.rollback()
    clock.start_at(None)


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[OpenPage]:
    """Pages of the evening's site."""
    yield from opener(browser, site)


def test_books_adds_to_the_calendar_and_cancels_in_two_taps(open_page: OpenPage) -> None:
    account, room = make_account(), make_room(name="亲子活动室", name_en="Family room")
    page = open_page("/", lang="en", has_touch=True, is_mobile=True)
    assert_good(page)
    page.goto(f"/rooms/{room.code}")
    page.get_by_role("link", name="Book this room").tap()
    sign_in(page, account)
    assert_good(page)
    ask_for(page, day="2026-11-24", start="19:00", minutes=90)
    assert_good(page)
    page.get_by_role("button", name="Book now").tap()
    reference = expect_booked(page)
    assert_good(page)

    with page.expect_download() as download:
        page.get_by_role("link", name="Add to my calendar").tap()
    [event] = Calendar.from_ical(download.value.path().read_bytes()).events
    assert event.start == datetime(2026, 11, 24, 19, tzinfo=ZONE)
    assert event.end == datetime(2026, 11, 24, 20, 30, tzinfo=ZONE)
    assert reference in str(event)

    page.goto("/me")
    assert_good(page)
    page.get_by_role("link", name="Cancel").first.tap()
    page.get_by_role("button", name="Yes, cancel it").tap()
    expect(page.get_by_role("status").filter(has_text="The booking is cancelled")).to_be_visible()
    assert_good(page)
    page.goto(f"/bookings/new/{room.code}?date=2026-11-24")
    expect(page.get_by_role("button", name="19:00", exact=True)).to_have_count(1)


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder mode"])
def test_joins_the_waiting_list_adds_it_to_the_calendar_and_cancels_in_two_taps(
    open_page: OpenPage, elder: bool
) -> None:
    say = said_in("zh")
    account = make_account()
    activity = make_activity(title="亲子观影", starts=[at(19, days=4)], minutes=90)
    roster = make_roster(activity, capacity=1)
    for _ in range(3):
        sign_up(roster, make_person())
    page = open_page(f"/activities/{activity.slug}", account=account, elder=elder, has_touch=True, is_mobile=True)
    assert_good(page, elder=elder)
    page.get_by_role("link", name=say("Join the waiting list")).tap()
    page.get_by_role("button", name=say("Join the waiting list")).tap()
    expect(page.get_by_role("status").filter(has_text="第 3 位")).to_be_visible()
    assert_good(page, elder=elder)
    with page.expect_download() as download:
        page.get_by_role("link", name=say("Add to my calendar")).tap()
    [event] = Calendar.from_ical(download.value.path().read_bytes()).events
    assert event.start == at(19, days=4).astimezone(ZONE)
    page.goto("/me")
    expect(page.get_by_role("article").filter(has_text="亲子观影")).to_contain_text("第3位")
    page.get_by_role("link", name=say("Cancel")).first.tap()
    expect(page.get_by_role("main")).to_contain_text(
        say("You leave the waiting list. You can sign up again, at its end.")
    )
    assert_good(page, elder=elder)
    page.get_by_role("button", name=say("Yes, cancel the sign-up")).tap()
    expect(page.get_by_role("status").filter(has_text=say("Cancelled")).first).to_be_visible()
    assert_good(page, elder=elder)
