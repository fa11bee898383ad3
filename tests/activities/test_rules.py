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
    MOST_SESSIONS,
    TRANSITIONS,
    Missing,
    may_become,
    missing,
    overlapping,
    spans_of_days,
)
from center.kernel.errors import RuleBroken
from center.kernel.spans import LocalSpan
from tests.builders import ZONE
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

TEN = LocalSpan(time(10), time(11, 30))
TUESDAY = date(2026, 11, 24)


def test_every_state_is_in_the_table_and_what_is_over_stays_over() -> None:
    assert set(TRANSITIONS) == set(ActivityState)
    for over, to in product((ActivityState.CANCELLED, ActivityState.HELD), ActivityState):
        assert not may_become(over, to)
    assert not may_become(ActivityState.PUBLISHED, ActivityState.DRAFT)


@pytest.mark.parametrize("number", [0, MOST_SESSIONS + 1], ids=["none", "too many"])
def test_no_days_or_too_many_are_refused(number: int) -> None:
    with pytest.raises(RuleBroken):
        spans_of_days([date.fromordinal(TUESDAY.toordinal() + n) for n in range(number)], TEN, ZONE)


def test_sessions_keep_local_hours_where_the_clocks_change() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    spans = spans_of_days([date(2026, 10, 20), date(2026, 10, 27)], TEN, berlin)
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
