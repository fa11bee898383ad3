"""A year that was mistyped is said everywhere, by one check."""

import re
from datetime import date, timedelta

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from center.kernel import clock
from center.kernel.config import ROOT
from center.kernel.errors import RuleBroken
from center.kernel.i18n import local_date
from center.web.activities.form_parts import WhenPart
from tests.engines import ONE_ENGINE

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize("day", [date(2025, 1, 1), date(2026, 11, 29), date(2031, 12, 31)])
def test_a_day_of_our_times_may_be_meant(day: date) -> None:
    clock.check_day(day, today=TODAY)


@pytest.mark.parametrize("day", [date(2024, 12, 31), date(2032, 1, 1), date(206, 11, 29), date(9999, 12, 31)])
def test_a_day_before_last_year_or_beyond_five_years_is_refused_with_the_bounds(day: date) -> None:
    with pytest.raises(RuleBroken, match="2025-01-01 to 2031-12-31"):
        clock.check_day(day, today=TODAY, field="date")


@ONE_ENGINE
@pytest.mark.usefixtures("app")
def test_a_list_of_days_is_held_to_the_same_bounds(app: Flask) -> None:
    _first, last = clock.day_bounds(local_date(clock.now()))
    for day, is_refused in ((last, False), (last + timedelta(days=1), True)):
        pairs = MultiDict({"pattern": "list", "dates": day.isoformat(), "start": "09:00", "end": "10:00"})
        with app.test_request_context("/?lang=en", method="POST", data=pairs):
            form = WhenPart(meta={"csrf": False})
            form.offer_rooms([])
            form.validate()
            assert [str(each).startswith("Please choose a day from") for each in form.dates.errors] == [
                True
            ] * is_refused


def test_no_module_has_bounds_of_its_own() -> None:
    elsewhere = {"kernel/clock.py", "people/models.py"}  # a birth year is no day that anybody means
    files = {str(file.relative_to(ROOT / "center")): file for file in (ROOT / "center").rglob("*.py")}
    assert not [
        name for name, file in files.items() if name not in elsewhere and re.search(r"\b2100\b", file.read_text())
    ]
