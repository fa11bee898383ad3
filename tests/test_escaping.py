"""What people wrote is text on every page, whichever way it came there, and none of it presses a button."""

import ast
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

import pytest
from flask import Flask, flash, render_template_string, session
from flask.testing import FlaskClient
from jinja2 import nodes
from wtforms import StringField

from center.kernel.config import ROOT
from center.kernel.i18n import lazy_gettext
from center.web.forms import BaseForm
from tests.builders import at, make_account, make_booking, make_organisation, make_room, sign_in
from tests.engines import ONE_ENGINE
from tests.hostile import MARKUP, write_markup
from tests.world import World, addresses

CENTER, TEMPLATES = ROOT / "center", ROOT / "templates"
LAZY, AT_ONCE = {"_l", "lazy_gettext"}, {"_", "gettext", "ngettext"}
NUMBER = re.compile(r"%\((\w+)\)d")
# Where markup is made on purpose, each from what Jinja or a library has escaped.
MAKERS_OF_MARKUP = {
    "center/kernel/caching/fragment_cache.py",
    "center/kernel/i18n.py",
    "center/web/qr.py",
    "center/web/rendering.py",
    "center/web/timeline.py",
    "center/web/activities/structured.py",
}
SWAPPING = {"components/refreshing.html", *(f"public/timetable/{name}.html" for name in ("board", "door", "week"))}


def lazy_calls() -> Iterator[tuple[str, str, list[str]]]:
    """Every sentence with something in it that is translated when it is shown: where, its words, what stands in it."""
    for file in sorted(CENTER.rglob("*.py")):
        for call in _calls(ast.parse(file.read_text()), LAZY):
            if call.keywords and isinstance(call.args[0], ast.Constant):
                yield f"{file.name}:{call.lineno}", str(call.args[0].value), [each.arg or "" for each in call.keywords]


def _calls(tree: ast.AST, names: set[str]) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in names:
            yield node


@ONE_ENGINE
def test_what_stands_in_a_translated_sentence_is_escaped_wherever_it_is_shown(app: Flask) -> None:
    calls = list(lazy_calls())
    assert len(calls) > 30
    with app.test_request_context("/?lang=zh"):
        assert [where for where, words, names in calls if MARKUP[:4] in _shown(app, words, names)] == []


def _shown(app: Flask, words: str, names: list[str]) -> str:
    """The sentence with markup in it, wherever one is shown: text, label, hint, attribute, sentence, flashed."""
    numbers = set(NUMBER.findall(words))
    sentence = lazy_gettext(words, **{name: 7 if name in numbers else MARKUP for name in names})

    class Form(BaseForm):
        label = StringField(sentence, description=sentence)

    flash(sentence, "error")
    kept_in: Any = app.session_interface
    keeper = kept_in.get_signing_serializer(app)
    assert keeper is not None
    flashed = keeper.loads(keeper.dumps(session.pop("_flashes")))
    page = (
        "{{ s }}{{ f.label.label }}{{ f.label.description }}{{ [s, s]|join }}{{ _('%(x)s', x=s) }}<a title='{{ s }}'>"
    )
    shown: str = render_template_string(page + "{{ flashed[0][1] }}", s=sentence, f=Form(), flashed=flashed)
    return shown


def test_every_sentence_that_is_translated_when_shown_is_made_by_the_one_module_that_escapes() -> None:
    """And its words are a constant, so that the walk above has seen them all."""
    elsewhere, unseen = [], []
    for file in sorted(CENTER.rglob("*.py")):
        source = file.read_text()
        if file != CENTER / "kernel" / "i18n.py" and re.search(r"flask_babel.*lazy|LazyString", source):
            elsewhere.append(file.name)
        unseen += [
            f"{file.name}:{call.lineno}"
            for call in _calls(ast.parse(source), LAZY)
            if not (len(call.args) == 1 and isinstance(call.args[0], ast.Constant)) or None in _names(call)
        ]
    assert (elsewhere, unseen) == ([], [])


def _names(call: ast.Call) -> list[str | None]:
    return [each.arg for each in call.keywords]


def test_markup_is_made_only_where_it_is_known_to_be_escaped() -> None:
    """`Markup` of a constant is safe anywhere."""
    makers = {
        str(file.relative_to(ROOT))
        for file in CENTER.rglob("*.py")
        for call in _calls(ast.parse(file.read_text()), {"Markup"})
        if not isinstance(call.args[0], ast.Constant)
    }
    assert makers == MAKERS_OF_MARKUP


@ONE_ENGINE
def test_no_template_takes_a_text_for_markup(app: Flask) -> None:
    """No `safe`, no switched-off escaping, no attribute without quotes; sentences get their words as arguments."""
    wrong = []
    for file in sorted(TEMPLATES.rglob("*.html")):
        source, name = file.read_text(), str(file.relative_to(TEMPLATES))
        tree = app.jinja_env.parse(source)
        wrong += [f"{name}: {each.name}" for each in tree.find_all(nodes.Filter) if each.name in {"safe", "xmlattr"}]
        wrong += [f"{name}: autoescape" for _ in tree.find_all(nodes.EvalContextModifier)]
        wrong += [f"{name}: {each}" for each in re.findall(r"\s[\w-]+=\{\{.*?\}\}", source)]
        for call in tree.find_all(nodes.Call):
            if isinstance(call.node, nodes.Name) and call.node.name in AT_ONCE:
                wrong += [f"{name}:{call.lineno}" for first in call.args[:1] if not isinstance(first, nodes.Const)]
    assert wrong == []


@ONE_ENGINE
def test_what_stands_in_a_sentence_of_a_template_is_escaped(app: Flask) -> None:
    wrong, count = [], 0
    with app.test_request_context("/?lang=zh"):
        for file in sorted(TEMPLATES.rglob("*.html")):
            for call in app.jinja_env.parse(file.read_text()).find_all(nodes.Call):
                if isinstance(call.node, nodes.Name) and call.node.name in AT_ONCE and call.kwargs:
                    count += 1
                    wrong += [f"{file.name}:{call.lineno}"] if MARKUP[:4] in _said(call, call.node.name) else []
    assert wrong == []
    assert count > 100


def _said(call: nodes.Call, name: str) -> str:
    constants = [each.value for each in call.args if isinstance(each, nodes.Const)]
    numbers = {each for words in constants for each in NUMBER.findall(str(words))}
    arguments = {each.key: 7 if each.key in numbers else MARKUP for each in call.kwargs}
    written = ", ".join([*map(repr, constants), *(["2"] if name == "ngettext" else []), "**arguments"])
    said: str = render_template_string("{{ " + f"{name}({written})" + " }}", arguments=arguments)
    return said


@pytest.mark.slow("it reads every page of a centre full of markup")
@ONE_ENGINE
def test_no_page_has_markup_that_people_wrote(app: Flask, world: World) -> None:
    """Every page of a centre where all that anybody wrote begins with markup, as whoever sees most of it."""
    write_markup()
    found = []
    for who in (world.director, world.lead):
        client = app.test_client()
        sign_in(client, who)
        for _endpoint, address, access in addresses(app, world, variants=1):
            if who is world.director or access is None or access.permission is None:
                answer = client.get(address)
                if answer.mimetype == "text/html" and MARKUP[:6] in answer.text:
                    found.append(f"{address} as {who.person.name}")
    assert found == []


def test_pages_load_htmx_only_where_they_exchange_a_part_of_themselves() -> None:
    loading = {f for f in TEMPLATES.rglob("*.html") if re.search("swapping.html|htmx.min", f.read_text())}
    assert {str(f.relative_to(TEMPLATES)) for f in loading} == {*SWAPPING, "components/swapping.html"}
    assert '"mode": "same-origin"' in (TEMPLATES / "components" / "swapping.html").read_text()


class Outline(HTMLParser):
    """Which texts htmx would look into, and which elements carry its attributes."""

    EMPTY = frozenset({"area", "br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"})

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, bool]] = []
        self.seen = ""
        self.live: list[Any] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        is_ignored = "hx-ignore" in given or bool(self.open and self.open[-1][1])
        if any(name.startswith(("hx-", "data-hx-")) and name != "hx-ignore" for name in given):
            self.live.append((given.get("id"), is_ignored))
        if not is_ignored:
            self.seen += " ".join(value or "" for value in given.values())
        if tag not in self.EMPTY:
            self.open.append((tag, is_ignored))

    def handle_endtag(self, tag: str) -> None:
        while self.open and self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if not (self.open and self.open[-1][1]):
            self.seen += data


@ONE_ENGINE
@pytest.mark.parametrize(
    ("address", "live"),
    [
        ("/board?lang=en&date={day}", {"earlier", "later", "back-to-today"}),
        ("/rooms/R1/week?lang=en&date={day}", {"earlier", "later", "back-to-today"}),
        ("/rooms/R1/door", {"door"}),
    ],
)
def test_htmx_looks_into_nothing_that_people_wrote(client: FlaskClient, address: str, live: set[str]) -> None:
    room = make_room(code="R1", name="hostile room", name_en="hostile room")
    team = make_organisation(name="hostile team", name_en="hostile team")
    for days in (0, 9):
        make_booking(room=room, organisation=team, starts_at=at(14, days=days), purpose="hostile purpose")
    page = client.get(address.format(day=at(14, days=9).date().isoformat()))
    assert page.text.count("hostile") > 1
    outline = Outline(page.text.partition("<body")[2])
    assert "hostile" not in outline.seen
    assert {name for name, is_ignored in outline.live if not is_ignored} == live


@ONE_ENGINE
@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"HX-Request": "true"}, id="htmx"),
        pytest.param({"Sec-Fetch-Mode": "same-origin"}, id="a script"),
        pytest.param({"Sec-Fetch-Mode": "cors"}, id="a script that takes any origin"),
    ],
)
def test_a_form_that_a_script_sends_changes_nothing(client: FlaskClient, headers: dict[str, str]) -> None:
    sign_in(client, make_account())
    answer = client.post("/sign-out", headers=headers)
    assert answer.status_code == 403
    assert client.get("/me").status_code == 200
    assert client.post("/sign-out", headers={"Sec-Fetch-Mode": "navigate"}).status_code in {302, 303}


@ONE_ENGINE
def test_the_browser_is_told_to_load_nothing_but_our_own(client: FlaskClient) -> None:
    policy = client.get("/board").headers["Content-Security-Policy"]
    assert dict(each.split(" ", 1) for each in policy.split("; ")) == {
        "default-src": "'none'",
        "script-src": "'self'",
        "style-src": "'self'",
        "img-src": "'self'",
        "connect-src": "'self'",
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
