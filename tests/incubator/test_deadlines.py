"""Deadlines in working days: holidays do not count, make-up working days do, weekends do not."""

from datetime import date

import pytest

from center.incubator.models.interests import InterestKind
from center.incubator.stages.deadlines import Due, how_due
from center.incubator.stages.interest_rules import counts_until
from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.premises.working_days import counted_between, counted_on, is_working_day

# National Day of 2026: off from Thursday 1 to Wednesday 7 October; Sunday 27 September and Saturday 10 October work.
CALENDAR = {
    **{date(2026, 10, day): NamedDay(DayKind.HOLIDAY, "国庆节") for day in range(1, 8)},
    date(2026, 9, 27): NamedDay(DayKind.WORKING),
    date(2026, 10, 10): NamedDay(DayKind.WORKING),
}


@pytest.mark.parametrize(
    ("first", "days", "last"),
    [
        pytest.param(date(2026, 11, 23), 5, date(2026, 11, 30), id="a plain week"),
        pytest.param(date(2026, 11, 27), 1, date(2026, 11, 30), id="from Friday to Monday"),
        pytest.param(date(2026, 11, 28), 1, date(2026, 11, 30), id="from a Saturday"),
        pytest.param(date(2026, 9, 25), 4, date(2026, 9, 30), id="a make-up Sunday counts"),
        pytest.param(date(2026, 9, 29), 5, date(2026, 10, 12), id="over a holiday and a make-up Saturday"),
        pytest.param(date(2026, 10, 9), 1, date(2026, 10, 10), id="due on the make-up day itself"),
        pytest.param(date(2026, 11, 23), 0, date(2026, 11, 23), id="no days"),
    ],
)
def test_working_days_are_those_of_the_calendar(first: date, days: int, last: date) -> None:
    assert counted_on(first, days, CALENDAR) == last
    assert counted_between(first, last, CALENDAR) == days


def test_a_day_that_staff_called_ordinary_is_what_its_weekday_says() -> None:
    ordinary = {date(2026, 11, 28): NamedDay(DayKind.ORDINARY), date(2026, 11, 30): NamedDay(DayKind.ORDINARY)}
    assert not is_working_day(date(2026, 11, 28), ordinary)
    assert is_working_day(date(2026, 11, 30), ordinary)


@pytest.mark.parametrize(
    ("due_on", "due"),
    [
        pytest.param(None, Due.NONE, id="nothing is due"),
        pytest.param(date(2026, 9, 24), Due.LATE, id="late since yesterday"),
        pytest.param(date(2026, 9, 25), Due.TODAY, id="today"),
        pytest.param(date(2026, 9, 28), Due.SOON, id="two working days, one of them a Sunday"),
        pytest.param(date(2026, 9, 29), Due.LATER, id="three working days"),
    ],
)
def test_how_a_deadline_stands(due_on: date | None, due: Due) -> None:
    assert how_due(due_on, today=date(2026, 9, 25), calendar=CALENDAR) is due


@pytest.mark.parametrize(
    ("kind", "until", "counts"),
    [
        pytest.param(InterestKind.FAMILY, date(2020, 1, 1), None, id="families do not end"),
        pytest.param(InterestKind.FOUNDER, date(2020, 1, 1), None, id="who founded it has founded it"),
        pytest.param(InterestKind.MEMBER, None, None, id="who belongs to it"),
        pytest.param(InterestKind.FUNDED, date(2024, 2, 29), date(2027, 2, 28), id="money counts for three years"),
        pytest.param(InterestKind.MEMBER, date(2023, 6, 30), date(2026, 6, 30), id="so does having belonged to it"),
    ],
)
def test_how_long_an_interest_counts(kind: InterestKind, until: date | None, counts: date | None) -> None:
    assert counts_until(kind, until) == counts
