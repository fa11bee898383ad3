"""What people type is understood or refused in words, whatever it is."""

from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from flask import Flask
from hypothesis import example, given
from hypothesis import strategies as st

from center.activities.titles import sought
from center.kernel.errors import RuleBroken
from center.kernel.sealed import unseal
from center.people import phones, rules
from center.people.search_terms import pieces
from center.rooms.hours import parse_hours, parse_one
from center.web.activities.form_parts import days_in
from center.web.desk.rules import prefilled
from center.web.edge import safe_next
from center.web.forms import id_of
from center.web.people import unsent_form
from center.web.rooms.forms import equipment_lines
from center.web.settings.rooms.opening_forms import window_lines
from tests.engines import ONE_ENGINE
from tests.fuzz.cases import cases, within

READERS: dict[str, tuple[Callable[[str], Any], tuple[type[Exception], ...]]] = {
    "a form kept through signing in": (unsent_form.from_text, ()),
    "a list of days": (days_in, (ValueError,)),
    "a name": (rules.name_of, (RuleBroken,)),
    "a number in an address": (id_of, ()),
    "a phone number": (phones.normalise, (RuleBroken,)),
    "a sign-in name": (rules.tidy_login, (RuleBroken,)),
    "an address to go on to": (safe_next, ()),
    "equipment": (equipment_lines, ()),
    "fixed windows": (window_lines, (RuleBroken,)),
    "opening hours": (parse_hours, (RuleBroken,)),
    "one opening": (parse_one, (RuleBroken,)),
    "the search for activities": (sought, ()),
    "the search for people": (pieces, ()),
    "what a form showed": (unseal, ()),
    "what to sign in with": (rules.login_of, ()),
    "who was not found": (lambda text: prefilled(text, {"3": 1}), ()),
}
LIKELY = st.sampled_from([
    "3栋2单元301", "3-2-301", "138", "１３８ 1234 5678", "+86", "0086", "li xiu ying", "xianxian", "王", "·", "8:00",
    "08:30-12:00", "24:00", ",", "、", "–", "至", "|", "2026-12-01", "2026年12月1日", "2026/13/1", "\n", "\x00", "//",
    "\\", "[", "http:", "?",
])  # fmt: skip
TYPED = st.lists(st.one_of(LIKELY, st.text(max_size=8)), max_size=8).map("".join)


@pytest.mark.parametrize("name", READERS)
@ONE_ENGINE
@cases(60)
@given(typed=TYPED)
@example(typed="a" * 100_000)
@example(typed="xianxian" * 400)
def test_whatever_is_typed_is_read_or_refused(app: Flask, name: str, typed: str) -> None:
    read, refuses = READERS[name]
    with app.test_request_context("/"), within(1), suppress(*refuses):
        read(typed)
