"""What may become of an activity, and on which days it happens."""

from datetime import date, time
from itertools import product
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.activities.models import ActivityState
from center.activities.rules import (
    TRANSITIONS,
    Missing,
    WeeklyRule,
    may_become,
    missing,
    overlapping,
    spans_of_days,
    spans_of_rule,
)
from center.kernel.errors import RuleBroken
from center.kernel.spans import LocalSpan
from tests.builders import ZONE
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

TEN = LocalSpan(time(10), time(11, 30))
TUESDAY = date(2026, 11, 24)


def days_of(**facts: Any) -> list[date]:
    known = {"first": TUESDAY, "weekdays": frozenset({1, 3}), "hours": TEN}
    return [span.start.astimezone(ZONE).date() for span in spans_of_rule(WeeklyRule(**{**known, **facts}), ZONE)]


def test_every_state_is_in_the_table_and_what_is_over_stays_over() -> None:
    assert set(TRANSITIONS) == set(ActivityState)
    for over, to in product((ActivityState.CANCELLED, ActivityState.HELD), ActivityState):
        assert not may_become(over, to)
    assert not may_become(ActivityState.PUBLISHED, ActivityState.DRAFT)


@pytest.mark.parametrize(
    ("facts", "days"),
    [
        ({"until": date(2026, 12, 3)}, ["11-24", "11-26", "12-01", "12-03"]),
        ({"count": 3}, ["11-24", "11-26", "12-01"]),
        ({"count": 3, "every_weeks": 2}, ["11-24", "11-26", "12-08"]),
        ({"until": date(2026, 12, 3), "without": frozenset({date(2026, 11, 26)})}, ["11-24", "12-01", "12-03"]),
        ({"count": 2, "weekdays": frozenset({0})}, ["11-30", "12-07"]),
    ],
    ids=["until, both ends included", "so many times", "every other week", "without one", "not on the first day"],
)
def test_a_weekly_rule_is_expanded(facts: dict[str, Any], days: list[str]) -> None:
    assert [day.isoformat()[5:] for day in days_of(**facts)] == days


@pytest.mark.parametrize(
    "facts",
    [
        {},
        {"until": TUESDAY, "count": 1},
        {"count": 1, "weekdays": frozenset()},
        {"until": date(2020, 1, 1)},
        {"count": 500},
    ],
    ids=["without end", "two ends", "no weekday", "over before it begins", "too many"],
)
def test_a_rule_that_makes_no_sense_is_refused(facts: dict[str, Any]) -> None:
    with pytest.raises(RuleBroken):
        days_of(**facts)


def test_a_weekly_rule_keeps_local_hours_where_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    rule = WeeklyRule(first=date(2026, 10, 20), weekdays=frozenset({1}), hours=TEN, count=2)
    spans = spans_of_rule(rule, berlin)
    assert [span.start.astimezone(berlin).hour for span in spans] == [10, 10]


def test_a_list_of_dates_is_put_in_order_each_once() -> None:
    spans = spans_of_days([date(2026, 12, 1), TUESDAY, TUESDAY], TEN, ZONE)
    assert [span.start.astimezone(ZONE).date() for span in spans] == [TUESDAY, date(2026, 12, 1)]


@given(st.lists(st.integers(0, 60), min_size=1, max_size=12))
def test_days_of_one_rule_never_overlap(offsets: Any) -> None:
    spans = spans_of_days([date.fromordinal(TUESDAY.toordinal() + n) for n in offsets], TEN, ZONE)
    assert overlapping(spans) == []
    assert spans == sorted(spans)


def test_what_is_missing_is_all_said() -> None:
    assert missing(summary="", sessions=[], place="") == [Missing.SUMMARY, Missing.SESSIONS]
    assert missing(summary="x", sessions=[(True, ""), (False, "")], place="") == [Missing.PLACE]
    assert missing(summary="x", sessions=[(True, ""), (False, "江边")], place="") == []
