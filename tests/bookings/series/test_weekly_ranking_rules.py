"""How weekly times are ranked, with no database."""

from collections.abc import Iterable
from datetime import date, time, timedelta

import pytest

from center.bookings.series.weekly_ranking import Days, Week, free_at, rank

MONDAY = date(2026, 11, 23)
NINE, TEN, HALF_PAST_TWO, FOUR = time(9), time(10), time(14, 30), time(16)


def term(free: Iterable[tuple[int, time]], *, weeks: int = 4, but: Iterable[tuple[int, int, time]] = ()) -> Days:
    """Days of some weeks on which these (weekday, start) are free, `but` for those of (week, weekday, start)."""
    free, taken = list(free), set(but)
    return {
        MONDAY + timedelta(weeks=week, days=day): frozenset(
            start for weekday, start in free if weekday == day and (week, day, start) not in taken
        )
        for week in range(weeks)
        for day in range(7)
    }


def test_nothing_is_ranked_where_nothing_is_free() -> None:
    assert rank([term([])], Week(weekdays=(1, 3), times=2, minutes=120)) == []
    assert rank([], Week(weekdays=(1, 3), times=2, minutes=120)) == []


def test_the_time_that_lacks_the_fewest_dates_comes_first() -> None:
    days = term([(1, NINE), (3, NINE), (1, HALF_PAST_TWO), (3, HALF_PAST_TWO)], but=[(0, 1, NINE), (2, 3, NINE)])
    best, second = rank([days], Week(weekdays=(1, 3), times=2, minutes=120))
    assert (best.starts, best.free, len(best.dates)) == (HALF_PAST_TWO, 8, 8)
    assert (second.starts, second.free) == (NINE, 6)


def test_a_time_free_on_one_of_two_weekdays_counts_with_what_it_has() -> None:
    [only] = rank([term([(1, NINE)])], Week(weekdays=(1, 3), times=2, minutes=120))
    assert (only.weekdays, only.free, len(only.dates)) == ((1, 3), 4, 8)


def test_of_all_pairs_of_weekdays_the_best_is_found_and_days_apart_come_before_neighbours() -> None:
    days = term([(0, NINE), (1, NINE), (4, NINE)])
    best = rank([days], Week(weekdays=tuple(range(7)), times=2, minutes=60))
    assert [each.weekdays for each in best[:3]] == [(0, 4), (1, 4), (0, 1)]


def test_times_that_overlap_are_named_once() -> None:
    days = term([(1, NINE), (1, TEN), (1, HALF_PAST_TWO)])
    assert [each.starts for each in rank([days], Week(weekdays=(1,), times=1, minutes=120))] == [NINE, HALF_PAST_TWO]
    assert len(rank([days], Week(weekdays=(1,), times=1, minutes=60))) == 3


def test_among_equals_the_nearest_to_what_was_asked_for_comes_first_and_then_the_earlier_room() -> None:
    days = term([(1, NINE), (1, HALF_PAST_TWO)])
    asked = Week(weekdays=(1,), times=1, minutes=60, near=FOUR)
    assert [(each.starts, each.room) for each in rank([days, days], asked)] == [
        (HALF_PAST_TWO, 0),
        (HALF_PAST_TWO, 1),
        (NINE, 0),
        (NINE, 1),
    ]


@pytest.mark.parametrize(("times", "patterns"), [(0, 2), (1, 2), (2, 1), (9, 1)], ids=str)
def test_as_many_weekdays_go_together_as_there_are(times: int, patterns: int) -> None:
    assert len(list(Week(weekdays=(3, 1, 1), times=times, minutes=60).patterns)) == patterns


def test_one_weekly_time_is_told_whether_it_is_among_the_best_or_not() -> None:
    known = free_at(term([(1, NINE)], but=[(1, 1, NINE)]), [3, 1], NINE)
    assert (known.weekdays, known.free, len(known.dates)) == ((1, 3), 3, 8)
