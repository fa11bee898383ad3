"""Who may open and send what, on what is theirs and on what is another's: every cell of `access_matrix.txt` is asked.

The table has a row for every page and every button. A page without one fails: nobody has thought about it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from center.kernel import access_log
from center.kernel.access import Permission, public, requires, signed_in
from center.people.session_models import UserSession
from tests.engines import ONE_ENGINE
from tests.scenes import EVERYBODY, SENT, Stage, writes
from tests.world import rules, stopped_with

# Who somebody is, and what is theirs, is asked of the database in the same words on either engine. Whether a page opens
# is decided before it is drawn; tests/test_routes.py reads what is drawn.
pytestmark = [ONE_ENGINE, pytest.mark.usefixtures("undrawn")]

TABLE = Path(__file__).with_name("access_matrix.txt")
MARKS = {"x": {"ours", "theirs"}, "o": {"ours"}, "t": {"theirs"}, ".": set[str]()}
METHODS = ("GET", "POST")
REFUSED = {401, 403, 404}
# These ask for every page. What the site's guard keeps from the others is told by asking it alone: it stands before
# every page in the same way, and whatever it lets through is asked for by everybody.
AT_EVERY_DOOR = {"visitor", "resident", "former", "auditor"}
MISSING = """
{page} has no row in tests/access_matrix.txt. Add one, in the order of names:

    {page} {marks}

with a mark for each of {everybody} in place of the question marks: x who may whosever it is, o who may on what is
ours, t on what is theirs, . who may not (tests/scenes.py says what is ours and theirs). A value in the address that
belongs to somebody is given to both in tests/scenes.py."""


@pytest.fixture(autouse=True)
def unnoted(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody notes here who looked and who was refused: tests/test_who_looked.py reads that."""
    monkeypatch.setattr(access_log, "_write", lambda response: response)


def test_every_page_has_a_row_and_every_row_a_page(app: Flask) -> None:
    table, pages = read_table(), {page for page, _rule in pages_of(app)}
    assert "\n".join(_missing(page) for page in sorted(pages - table.keys())) == ""
    assert sorted(table.keys() - pages) == [], "these rows of tests/access_matrix.txt have no page"
    assert list(table) == sorted(table), "the rows of tests/access_matrix.txt stand in the order of their names"


@pytest.mark.slow("it asks for every address")
@pytest.mark.parametrize("who", EVERYBODY)
def test_pages_open_for_whom_the_table_says(stage: Stage, who: str) -> None:
    assert [str(cell) for cell in asked(stage, who, "GET") if cell.is_wrong] == []


@pytest.mark.slow("it asks for every address")
@pytest.mark.parametrize("who", EVERYBODY)
def test_buttons_work_for_whom_the_table_says(stage: Stage, who: str) -> None:
    assert [str(cell) for cell in asked(stage, who, "POST") if cell.is_wrong] == []


def test_a_page_that_opens_for_everybody_is_noticed(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without this the tests above might pass because they ask for nothing."""
    monkeypatch.setitem(stage.app.view_functions, "bookings.show", public(lambda reference: reference))
    for who in ("visitor", "housemate"):
        found = [cell for cell in asked(stage, who, "GET", only="bookings.show") if cell.is_wrong]
        assert [cell.whose for cell in found] == ["ours", "theirs"]
    monkeypatch.setitem(stage.app.view_functions, "desk.board", signed_in(lambda: "everybody"))
    monkeypatch.setitem(stage.app.view_functions, "people.account", requires(Permission.SEE_TRAIL)(lambda: "nobody"))
    for page in ("desk.board", "people.account"):
        assert [cell.page for cell in asked(stage, "member", "GET", only=page) if cell.is_wrong] == [f"{page} GET"]


@dataclass(frozen=True)
class Cell:
    """One mark of the table, and what became of the request."""

    page: str
    who: str
    whose: str
    address: str
    may: bool
    status: int
    written: frozenset[str]

    @property
    def is_wrong(self) -> bool:
        """Whether it was answered otherwise than the table says, did something for somebody who may not, or broke."""
        done = self.written - {UserSession.__tablename__}  # when a browser was last used
        return self.may is (self.status in REFUSED) or (not self.may and bool(done)) or self.status >= 500

    def __str__(self) -> str:
        says, wrote = "may" if self.may else "may not", f", and wrote {sorted(self.written)}" if self.written else ""
        return f"{self.page}: {self.who} {says} on {self.whose}; {self.address} answered {self.status}{wrote}"


def asked(stage: Stage, who: str, method: str, *, only: str = "") -> Iterator[Cell]:
    """Ask for every page, or send every form empty, as somebody; what that does is undone before the next."""
    table, browser = read_table(), stage.browser(who)
    stopped = frozenset[str]() if who in AT_EVERY_DOOR else stopped_with(stage.app, stage.scenes.cookies[who])
    for page, rule in pages_of(stage.app, method):
        if only and rule.endpoint != only:
            continue
        mark = table.get(page, dict.fromkeys(EVERYBODY, "."))[who]
        for whose, address in stage.scenes.addresses(rule, who):
            if rule.endpoint in stopped:
                yield Cell(page, who, whose, address, whose in MARKS[mark], 403, frozenset())
                continue
            with writes() as written:
                status = _status(browser.open(address, method=method, data=SENT.get(rule.endpoint)), who)
            yield Cell(page, who, whose, address, whose in MARKS[mark], status, frozenset(written))
            if written:
                stage.put_back()
                browser = stage.browser(who)


def _status(answer: TestResponse, who: str) -> int:
    """The status of an answer; to be sent to the sign-in page is to be refused."""
    to_sign_in = answer.status_code in {302, 303} and (answer.location or "").startswith("/sign-in")
    return 401 if who == "visitor" and to_sign_in else answer.status_code


def pages_of(app: Flask, *methods: str) -> list[tuple[str, Rule]]:
    """Every page and every button, such as "bookings.cancel POST", with its rule."""
    found = [
        (f"{rule.endpoint} {method}", rule)
        for rule in rules(app)
        for method in methods or METHODS
        if method in (rule.methods or ())
    ]
    assert len({page for page, _rule in found}) == len(found), "a page has two addresses; which is asked for?"
    return found


def read_table() -> dict[str, dict[str, str]]:
    """The marks of each page, by who asks."""
    return {" ".join(words[:2]): _marks(words) for words in map(str.split, _rows(TABLE.read_text().splitlines()))}


def _marks(words: list[str]) -> dict[str, str]:
    page, marks = " ".join(words[:2]), words[2:]
    assert len(marks) == len(EVERYBODY), f"{page} has {len(marks)} marks; there are {len(EVERYBODY)} people"
    assert set(marks) <= MARKS.keys(), f"{page} has other marks than {' '.join(MARKS)}"
    return dict(zip(EVERYBODY, marks, strict=True))


def _rows(lines: Iterable[str]) -> Iterator[str]:
    return (line for line in lines if line.strip() and not line.startswith("#"))


def _missing(page: str) -> str:
    return MISSING.format(page=page, marks=" ".join("?" * len(EVERYBODY)), everybody=", ".join(EVERYBODY))
