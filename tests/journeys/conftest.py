"""A real browser on a real server, at a fixed morning; each journey builds the people and rooms it is about."""

import os
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, sync_playwright

from center.kernel import clock
from center.kernel.db import db
from center.people.models import Account
from tests.browser import find_browser
from tests.builders import session_cookie
from tests.conftest import NOT_RUN
from tests.engines import DATA_KEYS, Engines
from tests.servers import Site, serve
from tests.there import there

MORNING = datetime.fromisoformat("2026-11-23T09:00+08:00")  # a Monday
PHONE: ViewportSize = {"width": 390, "height": 844}
DESK: ViewportSize = {"width": 1366, "height": 768}

OpenPage = Callable[..., Page]


@pytest.fixture(scope="session")
def browser(engines: Engines) -> Iterator[Browser]:
    """The browser of this test process."""
    found = find_browser()
    if found is None:
        say = f"Browser not available: {NOT_RUN}"
        pytest.fail(say) if os.environ.get("CI") else pytest.skip(say)
    (engines.home / "browser.txt").write_text(str(found))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=there(found).path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def served(engines: Engines, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The site of this test process, on a Monday morning."""
    url = engines.new_url("sqlite", f"journeys_{worker}")
    folder, now = tmp_path_factory.mktemp("site"), MORNING.isoformat()
    with serve(url, folder, workers=1, clock_start=now, data_keys=DATA_KEYS) as site:  # it reads what tests encrypt
        yield site


@pytest.fixture
def site(served: Site) -> Iterator[Site]:
    """The site, with an app context for building what the journey needs, on the server's own morning."""
    clock.start_at(MORNING)
    with served.app.app_context():
        yield served
        db.session.rollback()
    clock.start_at(None)


@pytest.fixture
def open_page(browser: Browser, site: Site) -> Iterator[OpenPage]:
    """Open a page in a fresh browser profile, perhaps signed in: open_page("/rooms", account=..., lang="en")."""
    yield from opener(browser, site)


def opener(browser: Browser, site: Site) -> Iterator[OpenPage]:
    """What `open_page` does, for any site."""
    contexts: list[BrowserContext] = []

    def _open(
        path: str = "/",
        *,
        account: Account | None = None,
        cookie: str | None = None,
        viewport: ViewportSize = PHONE,
        lang: str = "zh",
        elder: bool = False,
        **options: Any,
    ) -> Page:
        _let_go()
        context = browser.new_context(
            base_url=site.address,
            viewport=viewport,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
            **options,
        )
        contexts.append(context)
        context.set_default_timeout(20_000)
        wishes = {"lang": lang, "elder": "1" if elder else "0"}
        if account is not None:
            cookie = session_cookie(site.app, account)
        if cookie is not None:
            wishes["center"] = cookie
        context.add_cookies([{"name": k, "value": v, "url": site.address} for k, v in wishes.items()])
        page = context.new_page()
        page.goto(path)
        return page

    yield _open
    for context in contexts:
        context.close()


def _let_go() -> None:
    """Keep what was built as plain facts: a reading of the test's own would hold up the server's writes on SQLite."""
    for each in list(db.session):
        db.session.refresh(each)
    db.session.expunge_all()
    db.session.rollback()
