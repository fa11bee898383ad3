"""One loaded document wears page after page, with their own style sheets: a fraction of what opening each would cost.

No script of the pages runs. Who reads a page as it is with its scripts opens it first.
"""

from dataclasses import dataclass

from playwright.sync_api import Page

from tests.journeys.checks import SMALL_TARGETS, WIDEST

# A page without its words: its elements, with all that is said of them but in which language.
SHAPE = """() => [...document.querySelectorAll('title, body, body *')].map(el => [
  el.tagName, el.textContent.trim() === '', ...[...el.attributes].map(each => [
    'class', 'role', 'type', 'id', 'for', 'aria-describedby', 'aria-hidden', 'aria-labelledby', 'autocomplete', 'scope',
    'style', 'tabindex'].includes(each.name) ? `${each.name}=${each.value}` : each.name + !each.value)
].join(' ')).join()"""
WEAR = """async ([address, least]) => {
  const [shape, smallTargets, widest] = [SHAPE, SMALL_TARGETS, WIDEST], root = document.documentElement;
  if (!window.sheetsWorn) {
    window.sheetsWorn = new Map();
    document.head.replaceChildren();
  }
  async function wear(links) {
    for (const link of links.filter(each => !sheetsWorn.has(each.outerHTML))) {
      const sheet = document.importNode(link);
      const loaded = new Promise((done, failed) => { sheet.onload = done; sheet.onerror = failed; });
      sheetsWorn.set(link.outerHTML, document.head.appendChild(sheet));
      await loaded;
    }
    for (const [html, sheet] of sheetsWorn) sheet.sheet.disabled = !links.some(each => each.outerHTML === html);
  }
  const answer = await fetch(address), source = await answer.text(), path = new URL(answer.url).pathname;
  const page = new DOMParser().parseFromString(source, 'text/html');
  const found = { path, status: answer.status, source, shape: '', wide: '', small: [] };
  if (!page.querySelector('main')) return found;
  await wear([...page.querySelectorAll('link[rel=stylesheet]')]);
  for (const each of [...root.attributes]) root.removeAttribute(each.name);
  for (const each of page.documentElement.attributes) root.setAttribute(each.name, each.value);
  document.title = page.title;
  document.body.replaceWith(document.importNode(page.body, true));
  [found.shape, found.small] = [shape(), smallTargets(least)];
  for (const each of document.querySelectorAll('details')) each.open = true;
  const [wide, shown] = [root.scrollWidth, root.clientWidth];
  if (wide > shown) found.wide = `scrolls sideways: ${wide} of ${shown}px, for ${widest()}`;
  return found;
}"""
for name, piece in {"SHAPE": SHAPE, "SMALL_TARGETS": SMALL_TARGETS, "WIDEST": WIDEST}.items():
    WEAR = WEAR.replace(name, piece)


@dataclass(frozen=True)
class Worn:
    """A page as it was worn: first as it comes, then with all of it opened."""

    path: str  # where the address led
    status: int
    source: str
    shape: str
    small: list[str]  # targets
    wide: str  # in words; "" where it is not wider than the screen, even opened


def wear(page: Page, address: str, *, least: int) -> Worn:
    """The page at this address, worn by the document that is open; targets need this many pixels."""
    return Worn(**page.evaluate(WEAR, [address, least]))


def dressed(address: str, *, lang: str, elder: bool) -> str:
    """The address of a page in this language and size."""
    return f"{address}{'&' if '?' in address else '?'}lang={lang}&elder={int(elder)}"
