"""Arithmetic of time spans: what holds for all of them."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.kernel.spans import LocalSpan, Span, day_span, days, intersect, merge, split_by_day, subtract

ORIGIN = datetime(2026, 11, 23, tzinfo=UTC)
ZONES = [ZoneInfo(name) for name in ("Asia/Shanghai", "Europe/Berlin", "America/New_York", "Pacific/Apia")]


def at(minute: int) -> datetime:
    return ORIGIN + timedelta(minutes=minute)


def span(start: int, end: int) -> Span:
    return Span(at(start), at(end))


spans = st.tuples(st.integers(0, 500), st.integers(1, 200)).map(lambda pair: span(pair[0], pair[0] + pair[1]))
many = st.lists(spans, max_size=12)


def minutes_of(some: list[Span]) -> set[int]:
    """Every minute that is in one of the spans: the plain meaning of a list of spans."""

    def number(moment: datetime) -> int:
        return int((moment - ORIGIN).total_seconds()) // 60

    return {minute for each in some for minute in range(number(each.start), number(each.end))}


def total(some: list[Span]) -> timedelta:
    return sum((each.length for each in some), timedelta(0))


def is_tidy(some: list[Span]) -> bool:
    """Sorted, and neither overlapping nor touching."""
    return all(before.end < after.start for before, after in pairwise(some))


@pytest.mark.parametrize(
    ("a", "b", "overlap"),
    [
        pytest.param(span(0, 10), span(10, 20), False, id="they touch"),
        pytest.param(span(0, 10), span(20, 30), False, id="apart"),
        pytest.param(span(0, 10), span(9, 20), True, id="by a minute"),
        pytest.param(span(0, 30), span(10, 20), True, id="one inside the other"),
        pytest.param(span(0, 10), span(0, 10), True, id="the same"),
    ],
)
def test_half_open_spans_overlap_only_when_they_share_time(a: Span, b: Span, overlap: bool) -> None:
    assert a.overlaps(b) is overlap
    assert b.overlaps(a) is overlap


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(at(10), at(10), id="empty"),
        pytest.param(at(10), at(9), id="backwards"),
        pytest.param(datetime(2026, 11, 23), datetime(2026, 11, 24), id="naive"),
    ],
)
def test_a_span_that_means_nothing_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="span"):
        Span(start, end)


@given(spans, spans)
def test_clipping_gives_the_common_time(a: Any, b: Any) -> None:
    clipped = a.clip(b)
    assert (clipped is not None) is a.overlaps(b)
    assert clipped is None or (a.covers(clipped) and b.covers(clipped))


@given(many)
def test_merging_keeps_the_time_and_nothing_else(some: Any) -> None:
    merged = merge(some)
    assert is_tidy(merged)
    assert minutes_of(merged) == minutes_of(some)
    assert merge(merged) == merged


@given(many, many)
def test_subtracting_takes_away_exactly_what_was_taken(some: Any, taken: Any) -> None:
    left = subtract(some, taken)
    assert minutes_of(left) == minutes_of(some) - minutes_of(taken)
    assert not any(piece.overlaps(hole) for piece in left for hole in taken)


@given(many)
def test_merging_then_subtracting_gives_back_the_gaps(some: Any) -> None:
    frame = span(0, 701)
    gaps = subtract([frame], merge(some))
    assert subtract([frame], gaps) == merge(some)
    assert total(gaps) + total(merge(some)) == frame.length


@given(many, many)
def test_intersecting_gives_the_time_in_both(some: Any, others: Any) -> None:
    common = intersect(some, others)
    assert is_tidy(common)
    assert minutes_of(common) == minutes_of(some) & minutes_of(others)
    assert common == intersect(others, some)


@given(many, many)
def test_what_is_left_and_what_is_common_make_the_whole(some: Any, others: Any) -> None:
    assert merge([*subtract(some, others), *intersect(some, others)]) == merge(some)


@given(st.integers(0, 500_000), st.integers(1, 60_000), st.sampled_from(ZONES))
def test_splitting_by_day_loses_nothing(start: Any, length: Any, zone: Any) -> None:
    long = span(start, start + length)
    pieces = list(split_by_day(long, zone))
    assert total(pieces) == long.length
    assert merge(pieces) == [long]
    assert all(before.end == after.start for before, after in pairwise(pieces))
    for piece in pieces:
        day = piece.start.astimezone(zone).date()
        assert day_span(day, zone).covers(piece)


@given(st.dates(date(2000, 1, 1), date(2100, 1, 1)), st.integers(0, 40))
def test_days_are_counted_from_first_to_last(first: Any, more: Any) -> None:
    listed = list(days(first, first + timedelta(days=more)))
    assert listed[0] == first
    assert len(listed) == len(set(listed)) == more + 1


def test_midnight_closes_at_the_end_of_the_day() -> None:
    evening = LocalSpan(time(18), time(0)).on(date(2026, 11, 23), ZONES[0])
    assert evening.length == timedelta(hours=6)
    assert LocalSpan(time(0), time(0)).on(date(2026, 11, 23), ZONES[0]) == day_span(date(2026, 11, 23), ZONES[0])


@pytest.mark.parametrize(("day", "hours"), [(date(2027, 3, 28), 23), (date(2027, 10, 31), 25), (date(2027, 6, 1), 24)])
def test_a_day_on_which_the_clocks_change_has_its_real_length(day: date, hours: int) -> None:
    assert day_span(day, ZoneInfo("Europe/Berlin")).length == timedelta(hours=hours)
