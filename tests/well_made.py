"""What every page must get right, whatever it shows: read from its source."""

import re
from collections import Counter
from collections.abc import Iterator
from html.parser import HTMLParser

# What ends an open paragraph: its row of buttons falls apart then.
BLOCKS = {"details", "div", "dl", "fieldset", "form", "h2", "h3", "h4", "ol", "p", "pre", "section", "table", "ul"}


class Page(HTMLParser):
    """What every page must get right, whatever it shows."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: Counter[str] = Counter()
        self.ids: Counter[str] = Counter()
        self.points_to: list[str] = []
        self.language = ""
        self.refusals = 0
        self.has_focus: str | None = None
        self.is_in_paragraph = False
        self.cut_paragraphs: list[str] = []
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        facts = {name: value or "" for name, value in attrs}
        self.tags[tag] += 1
        if tag in BLOCKS:
            if self.is_in_paragraph:
                self.cut_paragraphs.append(tag)
            self.is_in_paragraph = tag == "p"
        if "id" in facts:
            self.ids[facts["id"]] += 1
        for name in ("aria-describedby", "aria-labelledby", "aria-controls", "for"):
            self.points_to += facts.get(name, "").split()
        role = facts.get("role", "")
        self.refusals += role == "alert" and "tabindex" in facts
        if "autofocus" in facts and self.has_focus is None:
            self.has_focus = role
        if tag == "html":
            self.language = facts.get("lang", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "p":
            self.is_in_paragraph = False


def faults(source: str, language: str) -> Iterator[str]:
    """What is wrong with a page in "zh" or "en", in words."""
    page = Page(source)
    if page.tags["h1"] != 1:
        yield f"{page.tags['h1']} h1"
    if page.tags["main"] != 1:
        yield f"{page.tags['main']} main"
    if page.language != {"zh": "zh-Hans", "en": "en"}[language]:
        yield f"lang={page.language}"
    yield from (f"id {name} twice" for name, n in page.ids.items() if n > 1)
    yield from (f"points to no id {name}" for name in page.points_to if name not in page.ids)
    yield from (f"a {tag} inside a paragraph ends it" for tag in sorted(set(page.cut_paragraphs)))
    yield from (f"left over: {left}" for left in re.findall(r"%\(\w+\)s|\{\{|\{%|>Undefined<", source))
    said_first = re.search(r"<title>(错误：|Error:) ", source) is not None
    if page.refusals and not said_first:
        yield "a refusal that the title does not say"
    if page.refusals and page.has_focus != "alert":
        yield "a refusal without focus"
    if language == "zh":
        yield from (f"left over: {left}" for left in re.findall(r">None<", source))
