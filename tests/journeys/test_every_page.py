"""Every page, at a phone's width, in both languages and sizes: axe finds nothing, and fingers find the buttons."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Page

from center import clock
from center.access import Access
from tests.builders import session_cookie
from tests.journeys.checks import faults
from tests.journeys.conftest import MORNING, OpenPage
from tests.servers import Site
from tests.world import addresses, build

NO_PAGES = {
    "activities.calendar",
    "activities.date_calendar",
    "activities.news",
    "activities.organisation_news",
    "activities.photo",
    "web.healthz",
    "web.metrics",
    "bookings.calendar",
    "bookings.own_calendar",
    "bookings.series_calendar",
    "rooms.import_template",
    "timetable.calendar",
    "timetable.organisation_calendar",
    "timetable.room_calendar",
}
# A page without its words: its elements, with all that is said of them but in which language.
SHAPE = """() => [...document.querySelectorAll('body, body *')].map(el => [el.tagName, el.textContent.trim() === '',
  ...[...el.attributes].map(each => ['class', 'role', 'type', 'id', 'for', 'aria-describedby', 'aria-labelledby']
    .includes(each.name) ? `${each.name}=${each.value}` : each.name + !each.value)].join(' ')).join()"""
WALKERS = ("visitor", "resident", "director")


@dataclass(frozen=True)
class Walk:
    """Who walks, by the cookie of their browser, and where."""

    cookie: str | None
    addresses: list[str]


@pytest.fixture(scope="module")
def walks(served: Site) -> Iterator[dict[str, Walk]]:
    """Every page of a small centre, each with the least of those who may see it."""
    clock.start_at(MORNING)
    with served.app.app_context():
        world = build()
        pages = [each for each in addresses(served.app, world) if each[0] not in NO_PAGES]
        cookies = {
            "visitor": None,
            "resident": session_cookie(served.app, world.resident),
            "director": session_cookie(served.app, world.director),
        }
        yield {
            who: Walk(cookies[who], [address for _endpoint, address, access in pages if _is_for(who, access)])
            for who in WALKERS
        }
    clock.start_at(None)


@pytest.mark.parametrize("elder", [False, True], ids=["standard", "elder mode"])
@pytest.mark.parametrize("who", WALKERS)
def test_every_page_is_for_everybody(walks: dict[str, Walk], open_page: OpenPage, who: str, elder: bool) -> None:
    page = open_page("/healthz", cookie=walks[who].cookie, elder=elder)
    found: dict[str, list[str]] = {}
    for address in walks[who].addresses:
        for fault in _visit(page, address, elder=elder):
            found.setdefault(fault, []).append(address)
    assert not found, "\n".join(f"{fault}  ({len(where)} pages, such as {where[0]})" for fault, where in found.items())


def _is_for(who: str, access: Access | None) -> bool:
    """Whether this is the walker to see the page with."""
    assert access is not None
    if access.is_public:
        return who == "visitor"
    return who == ("director" if access.permission else "resident")


def _visit(page: Page, address: str, *, elder: bool) -> list[str]:
    """What is wrong in either language; axe looks once at what differs in nothing but its words."""
    found: list[str] = []
    shapes: list[str] = []
    for lang in ("zh", "en"):
        page.context.add_cookies([{"name": "lang", "value": lang, "url": page.url}])
        answer = page.goto(address)
        assert answer is not None
        if answer.status >= 500:
            return [f"status {answer.status}"]
        shapes.append(page.evaluate(SHAPE))
        found += [f"{lang}: {each}" for each in faults(page, elder=elder, with_axe=len(set(shapes)) == len(shapes))]
    return found
