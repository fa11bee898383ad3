"""The dates that rules give."""

from datetime import date, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.kernel.recurrence import (
    MOST_DATES,
    NTHS,
    Frequency,
    Repeat,
    clock_of,
    dates_of,
    is_too_long,
    next_day_like,
    weekdays_of,
    weekdays_text,
)
from center.kernel.spans import span_of

TUE, THU, FRI, SAT = 1, 3, 4, 5


def rule(
    frequency: Frequency = Frequency.WEEKLY, weekdays: Any = (TUE,), first: str = "2026-11-24", **ends: Any
) -> Repeat:
    until = ends.pop("until", None)
    return Repeat(
        frequency=frequency,
        weekdays=tuple(weekdays),
        first_on=date.fromisoformat(first),
        until=date.fromisoformat(until) if until else None,
        **ends,
    )


def given_by(repeat: Any) -> list[str]:
    return [day.isoformat()[5:] for day in dates_of(repeat)]


TABLE = {
    "every Tuesday until a date, which counts": (rule(until="2026-12-08"), ["11-24", "12-01", "12-08"]),
    "every Tuesday and Thursday": (rule(weekdays=(TUE, THU), count=4), ["11-24", "11-26", "12-01", "12-03"]),
    "whichever end comes first": (rule(until="2027-11-24", count=2), ["11-24", "12-01"]),
    "the first day need not be one of the weekdays": (rule(first="2026-11-25", count=2), ["12-01", "12-08"]),
    "every second week": (rule(Frequency.FORTNIGHTLY, count=3), ["11-24", "12-08", "12-22"]),
    "fortnights begin with the first weekday that comes": (
        rule(Frequency.FORTNIGHTLY, first="2026-11-27", count=2),
        ["12-01", "12-15"],
    ),
    "a fortnight's two weekdays lie in one week": (
        rule(Frequency.FORTNIGHTLY, weekdays=(TUE, THU), count=4),
        ["11-24", "11-26", "12-08", "12-10"],
    ),
    "a fortnight that begins on its second weekday": (
        rule(Frequency.FORTNIGHTLY, weekdays=(TUE, THU), first="2026-11-26", count=3),
        ["11-26", "12-08", "12-10"],
    ),
    "the second Tuesday": (rule(Frequency.MONTHLY, nth=2, count=3), ["12-08", "01-12", "02-09"]),
    "the last Friday": (rule(Frequency.MONTHLY, (FRI,), nth=-1, count=3), ["11-27", "12-25", "01-29"]),
    "months without a fifth Tuesday are passed over": (
        rule(Frequency.MONTHLY, nth=5, first="2026-12-01", count=3),
        ["12-29", "03-30", "06-29"],
    ),
    "29 February, where the year has one": (
        rule(Frequency.MONTHLY, (TUE,), nth=5, first="2028-02-01", count=2),
        ["02-29", "05-30"],
    ),
    "the last Saturday of a short February": (
        rule(Frequency.MONTHLY, (SAT,), nth=-1, first="2027-02-01", count=1),
        ["02-27"],
    ),
    "an end before the beginning": (rule(until="2026-11-23"), []),
    "no weekday": (rule(weekdays=(), count=3), []),
    "no end": (rule(), []),
}


@pytest.mark.parametrize(("repeat", "days"), TABLE.values(), ids=TABLE)
def test_a_rule_gives_its_dates(repeat: Any, days: Any) -> None:
    assert given_by(repeat) == days


def test_a_series_has_at_most_sixty_dates() -> None:
    assert len(dates_of(rule(count=500))) == MOST_DATES
    assert is_too_long(rule(count=MOST_DATES + 1))
    assert not is_too_long(rule(count=MOST_DATES))


def test_clock_times_stay_when_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    days = dates_of(rule(first="2026-10-20", count=2))
    spans = [span_of(day, time(14, 30), 90, berlin) for day in days]
    assert [clock_of(span.start, berlin) for span in spans] == [time(14, 30), time(14, 30)]
    assert [span.start.utcoffset() for span in spans] == [timedelta(hours=2), timedelta(hours=1)]


@pytest.mark.parametrize(
    ("days", "today", "expected"),
    [
        ([], "2026-11-23", None),
        (["2026-11-06"], "2026-11-23", "2026-12-04"),
        (["2026-10-26"], "2026-11-23", "2026-11-30"),
        (["2026-11-10", "2026-11-17"], "2026-11-23", "2026-11-24"),
        (["2026-11-17", "2026-11-10", "2026-11-17"], "2026-11-23", "2026-11-24"),
        (["2025-01-06", "2025-01-07"], "2026-11-23", "2026-11-25"),
    ],
    ids=["none", "monthly", "monthly, missed", "weekly", "in any order", "long ago"],
)
def test_a_copy_is_suggested_for_the_next_day_in_its_rhythm(days: Any, today: str, expected: str | None) -> None:
    assert next_day_like([date.fromisoformat(each) for each in days], today=date.fromisoformat(today)) == (
        date.fromisoformat(expected) if expected else None
    )


rules = st.builds(
    Repeat,
    frequency=st.sampled_from(Frequency),
    weekdays=st.sets(st.integers(0, 6), min_size=1).map(lambda days: tuple(sorted(days))),
    first_on=st.dates(date(2020, 1, 1), date(2040, 1, 1)),
    nth=st.sampled_from(NTHS),
    until=st.none() | st.dates(date(2020, 1, 1), date(2042, 1, 1)),
    count=st.integers(1, 70),
)


@given(rules)
def test_dates_rise_lie_on_their_weekdays_and_keep_the_ends(repeat: Any) -> None:
    days = dates_of(repeat)
    assert all(a < b for a, b in pairwise(days))
    assert len(days) <= min(repeat.count, MOST_DATES)
    for day in days:
        assert day.weekday() in repeat.weekdays
        assert day >= repeat.first_on
        assert repeat.until is None or day <= repeat.until
        if repeat.frequency is Frequency.MONTHLY:
            is_last = (day + timedelta(days=7)).month != day.month
            assert is_last if repeat.nth == -1 else (day.day - 1) // 7 + 1 == repeat.nth


@given(rules, st.integers(0, 30))
def test_a_later_end_only_adds_dates_at_the_end(repeat: Any, more: Any) -> None:
    longer = Repeat(**{**vars(repeat), "count": repeat.count + more})
    days = dates_of(repeat)
    assert dates_of(longer)[: len(days)] == days


@given(rules)
def test_a_series_begun_again_at_one_of_its_weekly_dates_goes_on_the_same(repeat: Any) -> None:
    days = dates_of(repeat)
    if len(days) > 1 and repeat.frequency is not Frequency.MONTHLY:
        rest = Repeat(**{**vars(repeat), "first_on": days[1], "count": len(days) - 1})
        assert dates_of(rest) == days[1:]


@given(st.sets(st.integers(0, 6)))
def test_weekdays_are_kept_as_text(weekdays: Any) -> None:
    assert weekdays_of(weekdays_text(weekdays)) == tuple(sorted(weekdays))
