"""Every sentence of the site is said in Chinese, and no library speaks English in between."""

import ast
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.frontend import CommandLineInterface
from babel.messages.pofile import read_po
from flask import Flask
from wtforms import (
    DateField,
    DateTimeLocalField,
    DecimalField,
    FloatField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TimeField,
    validators,
)

from center.kernel.config import ROOT
from center.web.forms import BaseForm

CATALOGUE = ROOT / "center" / "translations" / "zh_Hans_CN" / "LC_MESSAGES" / "messages.po"
PLACEHOLDER = re.compile(r"%\(\w+\)[sd]")
CHINESE = re.compile(r"[\u4e00-\u9fff]")
HOW = "run `make translations` and fill in what is new"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Message]:
    """Every sentence that is in the code and the templates now."""
    file = tmp_path_factory.mktemp("words") / "messages.pot"
    where = [str(ROOT / "center"), str(ROOT / "templates")]
    words = ["-k", "_l", "-k", "lazy_gettext"]
    mapping = file.with_name("babel.cfg")
    mapping.write_text("[python: **.py]\n[jinja2: **.html]\n")
    run: Callable[[list[str]], object] = CommandLineInterface().run
    run(["pybabel", "-q", "extract", "-F", str(mapping), *words, "-o", str(file), *where])
    return _by_id(_read(file))


@pytest.fixture(scope="module")
def chinese() -> dict[str, Message]:
    """Every sentence of the catalogue."""
    return _by_id(_read(CATALOGUE))


def test_every_sentence_has_a_translation(written: dict[str, Message], chinese: dict[str, Message]) -> None:
    missing = [key for key in written if key not in chinese or not all(_strings(chinese[key]))]
    assert missing == [], f"{len(missing)} not translated; {HOW}"


def test_no_sentence_hides_where_it_is_not_collected(written: dict[str, Message]) -> None:
    """Inside an f-string, say: there it is collected by no tool, and stays English on every page."""
    hidden = []
    for file in (ROOT / "center").rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            said = node.args[0] if isinstance(node, ast.Call) and node.args else None
            if isinstance(said, ast.Constant) and isinstance(said.value, str) and _translates(node):
                hidden += [f"{file.name}: {said.value}"] if said.value not in written else []
    assert hidden == []


def _translates(node: ast.AST) -> bool:
    name = getattr(node, "func", None)
    return isinstance(name, ast.Name) and name.id in {"_", "_l", "gettext", "lazy_gettext", "ngettext", "lazy_ngettext"}


def test_no_translation_is_a_guess(chinese: dict[str, Message]) -> None:
    assert [key for key, message in chinese.items() if message.fuzzy] == []


def test_the_catalogue_says_what_it_is() -> None:
    """Without its first entry it counts as a guess as a whole, and `pybabel compile` leaves it out."""
    catalogue = _read(CATALOGUE)
    assert (catalogue.fuzzy, catalogue.num_plurals) == (False, 1)
    assert str(catalogue.locale_identifier) == "zh_Hans_CN"


def test_no_translation_is_left_over(written: dict[str, Message], chinese: dict[str, Message]) -> None:
    assert [key for key in chinese if key not in written] == [], HOW


def test_plural_sentences_are_plural_in_both(written: dict[str, Message], chinese: dict[str, Message]) -> None:
    both = written.keys() & chinese.keys()
    assert [key for key in sorted(both) if written[key].pluralizable != chinese[key].pluralizable] == []


def test_translations_use_the_same_placeholders(chinese: dict[str, Message]) -> None:
    """In every sentence: a placeholder too many would be an error on the page, one too few would hide a fact."""
    wrong = []
    for key, message in chinese.items():
        expected = set(PLACEHOLDER.findall(_ids(message)[-1]))
        wrong += [key for string in _strings(message) if string and set(PLACEHOLDER.findall(string)) != expected]
    assert wrong == []


def test_the_desk_has_one_name(chinese: dict[str, Message]) -> None:
    assert [key for key, message in chinese.items() if any("前台" in each for each in _strings(message))] == []


def test_translations_are_in_chinese(chinese: dict[str, Message]) -> None:
    """Words without one Chinese character are most likely copied; what is the same in both languages has no letters."""
    worded = {key: m for key, m in chinese.items() if re.search(r"[a-z]{3}", PLACEHOLDER.sub("", key))}
    odd = [key for key, message in worded.items() if not CHINESE.search("".join(_strings(message)))]
    assert odd == []


class EveryComplaint(BaseForm):
    """Fields and checks with whatever their library says by itself."""

    date = DateField()
    moment = DateTimeLocalField()
    time = TimeField()
    whole = IntegerField()
    number = FloatField()
    money = DecimalField()
    one = SelectField(choices=[("a", "a")])
    radio = RadioField(choices=[("a", "a")])
    some = SelectMultipleField(choices=[("a", "a")])
    needed = StringField(validators=[validators.InputRequired()])
    filled = StringField(validators=[validators.DataRequired()])
    short = StringField(validators=[validators.Length(max=2)])
    long = StringField(validators=[validators.Length(min=200)])
    between = StringField(validators=[validators.Length(min=200, max=300)])
    exact = StringField(validators=[validators.Length(min=200, max=200)])
    small = IntegerField(validators=[validators.NumberRange(1, 2)])
    not_less = IntegerField(validators=[validators.NumberRange(min=100)])
    not_more = IntegerField(validators=[validators.NumberRange(max=2)])
    pattern = StringField(validators=[validators.Regexp("^z$")])
    listed = StringField(validators=[validators.AnyOf(["z"])])
    banned = StringField(validators=[validators.NoneOf(["abc"])])
    same = StringField(validators=[validators.EqualTo("needed")])
    uuid = StringField(validators=[validators.UUID()])
    link = StringField(validators=[validators.URL()])


def test_what_stands_after_a_colon_is_written_as_the_language_writes_colons() -> None:
    plain = re.compile(r"(\}\}|%\}|>): ?(\{\{ (?!draw)|\{%|<)")
    found = [
        f"{page.relative_to(ROOT)}:{number}"
        for page in (ROOT / "templates").rglob("*.html")
        for number, line in enumerate(page.read_text().splitlines(), 1)
        if plain.search(line)
    ]
    assert found == []  # {{ _(": ") }} is ： in Chinese


def test_what_a_library_says_about_a_field_is_said_in_chinese(app: Flask) -> None:
    typed = dict.fromkeys((name for name in vars(EveryComplaint) if not name.startswith("_")), "abc")
    typed |= {"needed": "", "filled": "", "small": "9", "not_less": "9", "not_more": "9"}
    with app.test_request_context("/?lang=zh", method="POST", data=typed):
        form = EveryComplaint()
        assert not form.validate()
        said = {field.name: [str(error) for error in field.errors] for field in form if field.name != "csrf_token"}
    silent = [name for name, errors in said.items() if not errors]
    english = {name: e for name, e in said.items() if not all(CHINESE.search(text) for text in e)}
    assert silent == []
    assert english == {}


def _read(file: Path) -> Catalog:
    assert file.exists(), f"{file} is missing; {HOW}"
    with file.open("rb") as source:
        return read_po(source)


def _by_id(catalogue: Catalog) -> dict[str, Message]:
    return {_key(message): message for message in catalogue if message.id}


def _key(message: Message) -> str:
    return _ids(message)[0]


def _ids(message: Message) -> tuple[str, ...]:
    """The sentence; of a plural one both forms."""
    return (message.id,) if isinstance(message.id, str) else tuple(message.id)


def _strings(message: Message) -> tuple[str, ...]:
    said = message.string
    return tuple(said) if isinstance(said, tuple | list) else (said or "",)
