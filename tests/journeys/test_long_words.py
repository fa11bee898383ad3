"""Every page on the narrowest phone, full of long words and links, all of it opened: nothing scrolls sideways."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.engines import Engines
from tests.hostile import write_long_words
from tests.journeys.checks import WIDEST
from tests.journeys.conftest import MORNING, OpenPage, opener
from tests.journeys.test_every_page import WALKERS, Walk, walks_through
from tests.servers import Site, serve

NARROW = {"width": 360, "height": 740}
DRESSES = ("lang=en&elder=0", "lang=en&elder=1", "lang=zh&elder=0", "lang=zh&elder=1")
# One loaded document wears page after page, with its own style sheets: a fraction of what opening each would cost.
WALK = (
    """async ([addresses, dress]) => {
  const sheets = new Map(), widest = %s;
  document.head.replaceChildren();
  async function wear(links) {
    for (const link of links.filter(each => !sheets.has(each.outerHTML))) {
      const sheet = document.importNode(link);
      const loaded = new Promise((done, failed) => { sheet.onload = done; sheet.onerror = failed; });
      sheets.set(link.outerHTML, document.head.appendChild(sheet));
      await loaded;
    }
    for (const [html, sheet] of sheets) sheet.sheet.disabled = !links.some(each => each.outerHTML === html);
  }
  const found = [];
  for (const address of addresses) {
    const answer = await fetch(address + (address.includes('?') ? '&' : '?') + dress);
    const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
    if (!page.querySelector('main')) { found.push(`${address}: no page, ${answer.status}`); continue; }
    await wear([...page.querySelectorAll('link[rel=stylesheet]')]);
    const root = document.documentElement;
    for (const each of [...root.attributes]) root.removeAttribute(each.name);
    for (const each of page.documentElement.attributes) root.setAttribute(each.name, each.value);
    document.body.replaceWith(document.importNode(page.body, true));
    for (const each of document.querySelectorAll('details')) each.open = true;
    const [wide, shown] = [root.scrollWidth, root.clientWidth];
    if (wide > shown) found.push(`${address}: ${wide} of ${shown}px, for ${widest()}`);
  }
  return found;
}""".replace("WIDEST", WIDEST)
    % WIDEST
)


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
    page = open_page("/", cookie=walks[who].cookie, viewport=NARROW)
    found = [f"{dress} {each}" for dress in DRESSES for each in page.evaluate(WALK, [walks[who].addresses, dress])]
    assert not found, "\n".join(found)
