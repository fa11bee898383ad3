"""What holds for every page in a browser: axe finds nothing, nothing scrolls sideways, targets are large enough."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    # Contrast is looked at below; targets have to be larger than axe asks for.
    "rules": {"color-contrast": {"enabled": False}, "target-size": {"enabled": False}},
    "resultTypes": ["violations"],
}
STANDARD_TARGET, ELDER_TARGET = 44, 60
AXE = Axe().axe_script

# Of all that axe does, contrast takes four fifths of the time. What it finds follows from the colours, what lies behind
# them and the size of the letters: each such combination is looked at once.
MARK_NEW_COLOURS = """seen => {
  const known = new Set(seen), found = new Set(), styles = new Map();
  const styleOf = el => styles.get(el) ?? styles.set(el, getComputedStyle(el)).get(el);
  for (const el of document.querySelectorAll('body *')) {
    el.removeAttribute('data-new-colours');
    const hasWords = [...el.childNodes].some(each => each.nodeType === 3 && each.data.trim());
    if (!(hasWords || el.matches('input, select, textarea')) || !el.checkVisibility()) continue;
    const { color, fontSize, fontWeight, textShadow } = styleOf(el);
    const behind = [color, fontSize, fontWeight, textShadow, el.matches(':disabled')];
    for (let each = el; each; each = each.parentElement) {
      const { backgroundColor, backgroundImage, opacity, position } = styleOf(each);
      if (opacity !== '1' || position === 'absolute' || position === 'fixed') behind.push(opacity, position);
      if (backgroundImage !== 'none') behind.push(backgroundImage);
      if (!backgroundColor.endsWith(', 0)')) behind.push(backgroundColor);
    }
    const colours = behind.join('|');
    if (known.has(colours)) continue;
    found.add(colours);
    el.setAttribute('data-new-colours', '');
  }
  return [...found];
}"""
RUN = """async ([where, options]) => {
  const { violations } = await axe.run(where ?? document, options);
  return violations.map(({ id, help, nodes }) => ({ id, help, nodes: nodes.map(({ target }) => ({ target })) }));
}"""
CONTRAST = {"runOnly": ["color-contrast"], "resultTypes": ["violations"]}
_colours_seen: set[str] = set()

# The style guide shows its pieces in the other size, too, on purpose.
SMALL_TARGETS = """least => {
  const seen = [];
  for (const el of document.querySelectorAll('a[href], button, input:not([type=hidden]), select, textarea, summary')) {
    if (!el.checkVisibility({ visibilityProperty: true, opacityProperty: true })) continue;
    if (el.closest('.skip-link, [aria-hidden=true], .guide-standard, .guide-elder') || el.disabled) continue;
    const style = getComputedStyle(el);
    if (el.tagName === 'A' && style.display === 'inline' && isInSentence(el)) continue;
    const after = getComputedStyle(el, '::after');  // a link may cover the whole card it stands on
    const target = after.content !== 'none' && after.position === 'absolute' ? el.offsetParent : el;
    let box = target.getBoundingClientRect();
    if (el.tagName === 'INPUT' && ['radio', 'checkbox'].includes(el.type)) {
      const boxes = [box, ...[...el.labels].map(label => label.getBoundingClientRect())];
      const left = Math.min(...boxes.map(b => b.left)), right = Math.max(...boxes.map(b => b.right));
      const top = Math.min(...boxes.map(b => b.top)), bottom = Math.max(...boxes.map(b => b.bottom));
      box = { width: right - left, height: bottom - top, right, bottom };
    }
    if (box.width === 0 || box.right <= 0 || box.bottom <= 0) continue;
    if (box.height < least - 0.5 || box.width < least - 0.5) {
      const name = (el.getAttribute('aria-label') || el.innerText || el.name || '').trim().slice(0, 30);
      seen.push(`${el.tagName.toLowerCase()}.${el.className.toString().split(' ')[0]} "${name}" `
                + `${Math.round(box.width)}x${Math.round(box.height)}`);
    }
  }
  return [...new Set(seen)];

  // A link inside a sentence is as high as its line: WCAG 2.5.8 excepts it.
  function isInSentence(el) {
    const block = el.closest('p, li, dd, td, dt, label, legend, figcaption');
    if (!block) return false;
    const around = block.cloneNode(true);
    for (const link of around.querySelectorAll('a')) link.remove();
    return around.textContent.trim().length > 0;
  }
}"""


WIDEST = """() => {
  const wide = [...document.querySelectorAll('body *')].filter(el => el.getBoundingClientRect().right > innerWidth);
  const el = wide.at(-1);
  return el ? `${el.tagName.toLowerCase()}.${el.className} "${el.textContent.trim().slice(0, 40)}"` : 'no element';
}"""

# A word that is wider than its place in the bar lies over its neighbour.
CROWDED = """() => [...document.querySelectorAll('.site-bar a > span:not(.count)')]
  .filter(el => el.checkVisibility() && el.offsetWidth > el.parentElement.clientWidth).map(el => el.innerText)"""


def faults(page: Page, *, elder: bool = False, by_axe: bool = True) -> list[str]:
    """Everything that is wrong with the page as it is shown now, in words; what axe finds among it, or not."""
    page.wait_for_load_state("load")
    least = ELDER_TARGET if elder else STANDARD_TARGET
    found = [f"target under {least}px: {each}" for each in page.evaluate(SMALL_TARGETS, least)]
    found += [f"lies over its neighbour in the bar: {each}" for each in page.evaluate(CROWDED)]
    return found + (axe_faults(page) if by_axe else []) + sideways(page)


def axe_faults(page: Page) -> list[str]:
    """What axe finds on the page as it is shown now; of colours, those that stand on no page before it."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate(RUN, [None, RULES])
    if new := page.evaluate(MARK_NEW_COLOURS, list(_colours_seen)):
        _colours_seen.update(new)
        found += page.evaluate(RUN, ["[data-new-colours]", CONTRAST])
    return [_say(violation) for violation in found]


def sideways(page: Page) -> list[str]:
    """That the page is wider than the screen, and for what; nothing where it is not."""
    wide, shown = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    return [f"scrolls sideways: {wide} of {shown}px, for {page.evaluate(WIDEST)}"] if wide > shown else []


def opened_wide(page: Page) -> list[str]:
    """That the page is wider than the screen once all of it is opened."""
    page.evaluate("for (const each of document.querySelectorAll('details')) each.open = true")
    return sideways(page)


def assert_good(page: Page, *, elder: bool = False) -> None:
    """Nothing is wrong with the page."""
    found = faults(page, elder=elder)
    assert not found, "\n".join([page.url, *found])


def _say(violation: dict[str, Any]) -> str:
    where = "; ".join(" ".join(node["target"]) for node in violation["nodes"][:3])
    return f"axe {violation['id']}: {violation['help']} at {where}"
