"""Every page on the narrowest phone, full of long words and links, all of it opened: nothing scrolls sideways."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.engines import Engines
from tests.hostile import write_long_words
from tests.journeys.checks import sideways
from tests.journeys.conftest import MORNING, OpenPage, opener
from tests.journeys.test_every_page import WALKERS, Walk, walks_through
from tests.servers import Site, serve

NARROW = {"width": 360, "height": 740}
OPEN_ALL = "for (const each of document.querySelectorAll('details')) each.open = true"


@pytest.fixture(scope="module")
def walked(engines: Engines, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own."""
    url = engines.new_url("sqlite", f"long_{worker}")
    with serve(url, tmp_path_factory.mktemp("long"), workers=1, clock_start=MORNING.isoformat()) as site:
        yield site


@pytest.fixture
def open_page(browser: Browser, walked: Site) -> Iterator[OpenPage]:
    yield from opener(browser, walked)


@pytest.fixture(scope="module")
def walks(walked: Site) -> Iterator[dict[str, Walk]]:
    yield from walks_through(walked, variants=1, also=write_long_words)


@pytest.mark.parametrize("who", WALKERS)
def test_a_long_word_makes_no_page_wider(walks: dict[str, Walk], open_page: OpenPage, who: str) -> None:
    page = open_page("/healthz", cookie=walks[who].cookie, viewport=NARROW, lang="en")
    found = []
    for address in walks[who].addresses:
        page.goto(address)
        page.evaluate(OPEN_ALL)
        found += [f"{address}: {each}" for each in sideways(page)]
    assert not found, "\n".join(found)
