"""How long an entry of the register counts, and which quarter is due when."""

from datetime import date
from typing import Any

import pytest

from center.incubator.registration.rules import (
    Quarter,
    Validity,
    entry_faults,
    last_day,
    quarter_of,
    read_quarter,
    renew_by,
    to_report,
    validity_of,
)

UNTIL = date(2027, 1, 9)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        pytest.param({"founders": 1}, ["founders"], id="one founder"),
        pytest.param({"members": 9}, ["members"], id="nine members"),
        pytest.param({"last": date(2026, 12, 1)}, ["starts_on"], id="it begins before the last one ends"),
        pytest.param({"starts_on": date(2027, 6, 1)}, ["starts_on"], id="far ahead"),
        pytest.param({"founders": 0, "members": 0}, ["founders", "members"], id="both"),
        pytest.param({"last": date(2026, 11, 30)}, [], id="the day after"),
    ],
)
def test_an_entry_says_everything_that_it_lacks(given: dict[str, Any], fields: list[str]) -> None:
    known = {"starts_on": date(2026, 12, 1), "founders": 2, "members": 10, "last": None, "today": date(2026, 11, 24)}
    assert [each.field for each in entry_faults(**{**known, **given})] == fields


@pytest.mark.parametrize(
    ("today", "ended_on", "expected"),
    [
        (date(2026, 11, 9), None, Validity.VALID),
        (date(2026, 11, 10), None, Validity.RENEW),
        (UNTIL, None, Validity.RENEW),
        (date(2027, 1, 10), None, Validity.LAPSED),
        (date(2026, 12, 1), date(2026, 12, 1), Validity.ENDED),
    ],
)
def test_an_entry_stands_where_its_day_says(today: date, ended_on: date | None, expected: Validity) -> None:
    assert validity_of(UNTIL, ended_on, today) is expected


def test_three_years_end_on_the_day_before_and_are_renewed_fifteen_days_ahead() -> None:
    assert last_day(date(2024, 1, 10)) == UNTIL
    assert last_day(date(2024, 2, 29)) == date(2027, 2, 27)
    assert renew_by(UNTIL) == date(2026, 12, 25)


def test_a_quarter_is_due_on_the_twentieth_after_it() -> None:
    last = Quarter(2026, 4)
    assert (last.first_on, last.last_on, last.due_on) == (date(2026, 10, 1), date(2026, 12, 31), date(2027, 1, 20))
    assert to_report(date(2027, 1, 3)) == last
    assert quarter_of(date(2026, 3, 31)) == Quarter(2026, 1)
    assert (last.next, Quarter(2026, 1).before) == (Quarter(2027, 1), Quarter(2025, 4))


@pytest.mark.parametrize("text", ["", "2026", "2026-q5", "2026-q0", "q1", "二零二六-q1", "1999-q1", "2026-q1x"])
def test_what_is_no_quarter_is_none(text: str) -> None:
    assert read_quarter(text) is None


def test_a_quarter_is_read_as_it_is_written() -> None:
    assert read_quarter(str(Quarter(2026, 3))) == Quarter(2026, 3)
