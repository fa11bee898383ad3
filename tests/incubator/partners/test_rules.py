"""Periods of statements, and what a day of service may say."""

from datetime import date

import pytest

from center.incubator.partners.rules import Period, day_faults, periods_back, read_period

TODAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("on_date", "reached", "fields"),
    [
        (date(2026, 11, 25), 3, ["on_date"]),
        (date(2025, 1, 1), 3, ["on_date"]),
        (TODAY, -1, ["reached"]),
        (TODAY, 0, []),
    ],
)
def test_a_day_of_service_is_over_and_not_long_ago(on_date: date, reached: int, fields: list[str]) -> None:
    assert [each.field for each in day_faults(on_date=on_date, reached=reached, today=TODAY)] == fields


@pytest.mark.parametrize(
    ("text", "has_halves", "period"),
    [
        ("2025", False, Period(2025)),
        ("2025-1", True, Period(2025, 1)),
        ("2025-3", True, Period(2026, 2)),
        ("2025", True, Period(2026, 2)),
        ("x", False, Period(2026)),
        ("2025-1", False, Period(2026)),
        ("", True, Period(2026, 2)),
    ],
)
def test_a_period_is_read_from_an_address_or_is_the_present_one(text: str, has_halves: bool, period: Period) -> None:
    assert read_period(text, has_halves=has_halves, today=TODAY) == period


def test_halves_are_whole() -> None:
    first, second = Period(2026, 1), Period(2026, 2)
    assert (first.first_on, first.last_on) == (date(2026, 1, 1), date(2026, 6, 30))
    assert (second.first_on, second.last_on) == (date(2026, 7, 1), date(2026, 12, 31))
    assert [str(each) for each in periods_back(date(2026, 3, 1), has_halves=True)] == ["2026-1", "2025-2", "2025-1"]
