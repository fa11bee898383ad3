"""No query of any page, and nothing that a form may be sent with, is an error of ours."""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote, quote_from_bytes

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from tests.engines import ONE_ENGINE
from tests.fuzz.cases import cases
from tests.noting import Noting, noting_requests
from tests.scenes import Stage, writes
from tests.world import rules

pytestmark = ONE_ENGINE
Page = tuple[str, str]  # the method and the address

WHO = ("director", "director", "lead", "resident", "visitor")
ODD = [
    "", " ", "0", "-1", "1", "1.5", "1e309", "nan", "2147483648", "9223372036854775808", "9" * 400, "０", "١", "None",
    "true", "on", "all", "*", "zh", "en", "x" * 5000, "\x00", "\u202e", "😀", "%", "_", "\\", "'", '"', "<b>", "//[",
    "[::1", "http://[", "..", "0001-01-01", "1900-01-01", "9999-12-31", "2026-02-30", "2026-11-24", "2026-11-25",
    "20261124", "2026-W48-2", "2026-11", "2026-13", "24:00", "00:00", "99:99", "10:00", "10:00:00+08:00", "1000",
    "2026-11-24T10:00", "9999-12-31T23:59", "0001-01-01T00:00+14:00", "ours", "week", "month", "desk", "phone", "ical",
]  # fmt: skip
ANYTHING = st.one_of(
    st.sampled_from(ODD),
    st.text(max_size=20),
    st.integers().map(str),
    st.integers(0, 60).map(str),
    st.dates().map(str),
    st.times().map(lambda time: f"{time:%H:%M}"),
    st.datetimes().map(lambda moment: moment.isoformat("T", "minutes")),
)


class Pages:
    """Every page and button, and the names that each looks for in a query or in a form, for whom."""

    def __init__(self, stage: Stage) -> None:
        self.stage, self.all = stage, sorted(set(_pages(stage.app, stage)))
        self._names: dict[tuple[Page, str], list[str]] = {}

    def names(self, page: Page, who: str) -> list[str]:
        """What the page looks for when somebody opens it, or sends it a form without anything in it."""
        if (page, who) not in self._names:
            Noting.looked_for.clear()
            sent: dict[str, Any] = (
                {"data": {"x": ""}} if page[0] == "POST" else {}
            )  # a form without any field is not looked at
            with writes() as written:
                self.stage.browser(who).open(page[1], method=page[0], **sent)
            if written:
                self.stage.put_back()
            self._names[page, who] = sorted(Noting.looked_for - {"csrf_token"})
        return self._names[page, who]


@pytest.fixture
def pages(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.setattr(stage.app, "request_class", noting_requests(stage.app))
    return Pages(stage)


def _pages(app: Flask, stage: Stage) -> Iterator[Page]:
    for rule in rules(app):
        for _whose, address in list(stage.scenes.addresses(rule, "director"))[:1]:
            yield from ((method, address) for method in ("GET", "POST") if method in (rule.methods or ()))


def test_the_names_that_pages_look_for_are_found(pages: Pages) -> None:
    assert {"date", "lang", "elder"} <= set(pages.names(("GET", "/board"), "visitor"))
    assert {"login", "password"} <= set(pages.names(("POST", "/sign-in"), "visitor"))


@cases(100)
@given(st.data())
def test_no_query_is_an_error_of_ours(stage: Stage, pages: Pages, data: st.DataObject) -> None:
    page, who = (
        data.draw(st.sampled_from([each for each in pages.all if each[0] == "GET"])),
        data.draw(st.sampled_from(WHO)),
    )
    names = st.sampled_from([*pages.names(page, who), "x"])
    values = st.one_of(ANYTHING.map(_quoted), st.binary(max_size=9).map(quote_from_bytes))
    said = data.draw(st.lists(st.tuples(names, values), max_size=6))
    query = "&".join(f"{quote(name)}={value}" for name, value in said)
    with writes() as written:
        answer = stage.browser(who).get(f"{page[1]}?{query}")
    assert answer.status_code < 500
    assert written == set()


@cases(60)
@given(st.data())
def test_no_form_is_an_error_of_ours(stage: Stage, pages: Pages, data: st.DataObject) -> None:
    page, who = (
        data.draw(st.sampled_from([each for each in pages.all if each[0] == "POST"])),
        data.draw(st.sampled_from(WHO)),
    )
    names = st.sampled_from([*pages.names(page, who), "x"])
    form = data.draw(st.dictionaries(names, st.lists(ANYTHING, min_size=1, max_size=2), max_size=12))
    with writes() as written:
        answer = stage.browser(who).post(page[1], data=form)
    if written:
        stage.put_back()
    assert answer.status_code < 500


def _quoted(text: str) -> str:
    return quote(text, safe="", errors="surrogatepass")
