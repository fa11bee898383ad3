"""Errand 11: a working parent at nine in the evening, on a phone: books, adds it to a calendar, cancels in two taps."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from icalendar import Calendar
from playwright.sync_api import Browser, expect

from center import clock
from center.db import db
from tests.builders import ZONE, make_account, make_room
from tests.engines import Engines
from tests.journeys.checks import assert_good
from tests.journeys.conftest import OpenPage, opener
from tests.journeys.steps import ask_for, expect_booked, sign_in
from tests.servers import Site, serve

EVENING = datetime.fromisoformat("2026-11-23T21:00+08:00")


@pytest.fixture
def site(engines: Engines, worker: str, tmp_path: Path) -> Iterator[Site]:
    """The site in the evening, when the centre is closed and its site is not."""
    url = engines.new_url("sqlite", f"evening_{worker}")
    with serve(url, tmp_path, workers=1, clock_start=EVENING.isoformat()) as site, site.app.app_context():
        clock.start_at(EVENING)
        yield site
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
    [event] = Calendar.from_ical(download.value.path().read_bytes()).walk("VEVENT")
    assert event.start == datetime(2026, 11, 24, 19, tzinfo=ZONE)
    assert event.end == datetime(2026, 11, 24, 20, 30, tzinfo=ZONE)
    assert reference in str(event)

    page.goto("/me")
    assert_good(page)
    page.get_by_role("link", name="Cancel").first.tap()
    page.get_by_role("button", name="Yes, cancel it").tap()
    expect(page.get_by_role("status").filter(has_text="The booking is cancelled")).to_be_visible()
    assert_good(page)
    page.goto(f"/rooms/{room.code}/book?date=2026-11-24")
    expect(page.get_by_role("button", name="19:00", exact=True)).to_have_count(1)
