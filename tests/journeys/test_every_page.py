"""Every page on the narrowest phone, in both languages and sizes, full of long words and links: axe finds nothing,
fingers find the buttons, and nothing scrolls sideways, even with all of it opened."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page

from center.kernel import clock
from center.kernel.access import Access, Permission
from tests.builders import session_cookie
from tests.engines import Engines
from tests.hostile import write_long_words
from tests.journeys.checks import ELDER_TARGET, STANDARD_TARGET, axe_faults, faults, opened_wide
from tests.journeys.conftest import MORNING, OpenPage, opener
from tests.journeys.wearing import SHAPE, dressed, wear
from tests.servers import Site, serve
from tests.well_made import faults as source_faults
from tests.world import addresses, build

NO_PAGES = {
    "activities.calendar",
    "activities.date_calendar",
    "activities.news",
    "activities.organisation_news",
    "activities.photo",
    "web.healthz",
    "web.metrics",
    "allocation.figures",
    "allocation.result_table",
    "bookings.calendar",
    "bookings.own_calendar",
    "bookings.series_calendar",
    "checkin.snapshot",
    "classroom.audit_table",
    "classroom.child_photo",
    "classroom.collector_photo",
    "classroom.defence_zip",
    "classroom.figures_table",
    "checkin.web_manifest",
    "checkin.worker",
    "classroom.day_snapshot",
    "classroom.worker",
    "checkin.ping",
    "desk.incubation_letter_file",
    "desk.incubation_paper",
    "desk.trail_table",
    "evidence.picture",
    "evidence.receipt",
    "incubation.letter_file",
    "posting.agreement_paper",
    "incubation.paper",
    "incubation.review_paper",
    "people.data_file_of",
    "people.my_data_file",
    "posting.sheet_photo",
    "rooms.import_template",
    "timetable.calendar",
    "troupes.calendar",
    "troupes.file",
    "troupes.work_photo",
    "timetable.organisation_calendar",
    "timetable.room_calendar",
}
NARROW = {"width": 360, "height": 740}
WALKERS = ("visitor", "resident", "director", "grid worker")
AS_TOLD, TOLD_IN = re.compile(r"/notices/\d+/slip"), "zh"  # the slip of a message is in the language of its reader
DRESSES = [(False, "zh"), (False, "en"), (True, "zh"), (True, "en")]  # elder mode, and the language


@dataclass(frozen=True)
class Walk:
    """Who walks, by the cookie of their browser, and where; what was seen need not be looked at again."""

    cookie: str | None
    addresses: dict[str, str]  # the endpoint of each
    opened: set[str] = field(default_factory=set)  # endpoints of which a page ran with its scripts
    paths: set[str] = field(default_factory=set)  # several addresses lead to the same page
    shapes: set[str] = field(default_factory=set)  # at which axe has looked


@pytest.fixture(scope="module")
def walked(engines: Engines, worker: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A site of its own: what other journeys build would stand beside it under the same names."""
    url = engines.new_url("sqlite", f"walk_{worker}")
    with serve(url, tmp_path_factory.mktemp("walk"), workers=1, clock_start=MORNING.isoformat()) as site:
        yield site


@pytest.fixture
def open_page(browser: Browser, walked: Site) -> Iterator[OpenPage]:
    yield from opener(browser, walked)


@pytest.fixture(scope="module")
def walks(walked: Site) -> Iterator[dict[str, Walk]]:
    """Every page of a small centre, each with the least of those who may see it."""
    clock.start_at(MORNING)
    with walked.app.app_context():
        world = build()
        write_long_words()
        pages = [each for each in addresses(walked.app, world, variants=2) if each[0] not in NO_PAGES]
        cookies = {
            "visitor": None,
            "resident": session_cookie(walked.app, world.resident),
            "director": session_cookie(walked.app, world.director),
            "grid worker": session_cookie(walked.app, world.grid_worker),
        }
        yield {
            who: Walk(cookies[who], {address: endpoint for endpoint, address, access in pages if _is_for(who, access)})
            for who in WALKERS
        }
    clock.start_at(None)


@pytest.mark.slow("it looks at every page in a browser")
@pytest.mark.parametrize("who", WALKERS)
def test_every_page_is_for_everybody(walks: dict[str, Walk], open_page: OpenPage, who: str) -> None:
    page = open_page("/healthz", cookie=walks[who].cookie, viewport=NARROW)
    found: dict[str, list[str]] = {}
    for address in walks[who].addresses:
        for fault in _visit(page, address, walks[who]):
            found.setdefault(fault, []).append(address)
    assert not found, "\n".join(f"{fault}  ({len(where)} pages, such as {where[0]})" for fault, where in found.items())


def _is_for(who: str, access: Access | None) -> bool:
    """Whether this is the walker to see the page with."""
    assert access is not None
    if access.is_public:
        return who == "visitor"
    if access.permission is Permission.WALK_ROUND:
        return who == "grid worker"
    return who == ("director" if access.permission else "resident")


def _visit(page: Page, address: str, walk: Walk) -> list[str]:
    """What is wrong in either language and size; axe looks once at pages that differ in words and size alone.

    One page of each endpoint runs with its scripts. Others of it are looked at as they come.
    """
    dresses, found = DRESSES, []
    if walk.addresses[address] not in walk.opened:
        (elder, lang), *dresses = DRESSES
        answer = page.goto(dressed(address, lang=lang, elder=elder))
        assert answer is not None
        path, shape = urlsplit(page.url).path, page.evaluate(SHAPE)
        if not _is_to_see(walk, path, shape, answer.status):
            return [f"status {answer.status}"] if answer.status >= 500 else []
        walk.opened.add(walk.addresses[address])
        found += [*faults(page, elder=elder, by_axe=_is_new(shape, walk)), *opened_wide(page)]
    for elder, lang in dresses:
        worn = wear(page, dressed(address, lang=lang, elder=elder), least=ELDER_TARGET if elder else STANDARD_TARGET)
        if (elder, lang) == DRESSES[0] and not _is_to_see(walk, worn.path, worn.shape, worn.status):
            return [f"status {worn.status}"] if worn.status >= 500 else []
        said = [f"status {worn.status}"] if worn.status >= 500 else []
        said += [*([worn.wide] if worn.wide else []), *(f"target under size: {each}" for each in worn.small)]
        said += source_faults(worn.source, TOLD_IN if AS_TOLD.search(address) else lang)
        if _is_new(worn.shape, walk):
            said += axe_faults(page)
        found += [f"{lang}, elder mode: {each}" if elder else f"{lang}: {each}" for each in said]
    return found


def _is_to_see(walk: Walk, path: str, shape: str, status: int) -> bool:
    """Whether nobody has looked at this page; "not found" looks the same everywhere."""
    if path in walk.paths or status >= 500 or (status >= 400 and shape in walk.shapes):
        return False
    walk.paths.add(path)
    return True


def _is_new(shape: str, walk: Walk) -> bool:
    """Whether axe has not looked at a page of this shape; it does now."""
    is_new = shape not in walk.shapes
    walk.shapes.add(shape)
    return is_new
