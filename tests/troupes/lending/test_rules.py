"""What is free of a thing, and which promises are kept."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.kernel.config import ROOT
from center.kernel.errors import RuleBroken
from center.kernel.spans import Span
from center.troupes.lending import rules
from center.troupes.lending.rules import Promise
from center.troupes.models.lending import LineState

MONDAY = datetime(2026, 11, 23, 1, tzinfo=UTC)
DAY = timedelta(days=1)


def promised(number: int, start: int, end: int, count: int, *, is_out: bool = False) -> Promise:
    return Promise(number, Span(MONDAY + start * DAY, MONDAY + end * DAY), count, is_out)


def test_what_comes_back_as_the_next_begins_is_free_for_it() -> None:
    assert rules.free_in(5, [promised(1, 0, 2, 5)], Span(MONDAY + 2 * DAY, MONDAY + 3 * DAY)) == 5


def test_the_fullest_moment_counts_not_the_sum_of_all() -> None:
    kept = [promised(1, 0, 2, 3), promised(2, 2, 4, 3)]
    assert rules.free_in(5, kept, Span(MONDAY, MONDAY + 4 * DAY)) == 2


def test_never_less_than_none_is_free() -> None:
    assert rules.free_in(2, [promised(1, 0, 2, 5)], Span(MONDAY, MONDAY + DAY)) == 0


def test_with_fewer_pieces_whoever_asked_first_keeps_theirs() -> None:
    kept = [promised(1, 5, 7, 3), promised(2, 0, 2, 3), promised(3, 6, 8, 2)]
    assert [each.id for each in rules.not_kept(4, kept)] == [3]


def test_what_is_out_stays_out_whoever_asked_first() -> None:
    kept = [promised(1, 0, 7, 3), promised(2, 0, 2, 3, is_out=True)]
    assert [each.id for each in rules.not_kept(4, kept)] == [1]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 5), st.integers(1, 4)), max_size=12), st.integers(0, 9))
def test_what_is_kept_can_be_kept_and_nothing_is_called_off_without_need(
    asked: list[tuple[int, int, int]], quantity: int
) -> None:
    promises = [promised(n, start, start + length, count) for n, (start, length, count) in enumerate(asked)]
    broken = {each.id for each in rules.not_kept(quantity, promises)}
    kept = [each for each in promises if each.id not in broken]
    whole = Span(MONDAY, MONDAY + 30 * DAY)
    assert rules.most_at_once(kept, whole) <= quantity
    for each in promises:
        if each.id in broken:
            before = [other for other in kept if other.id < each.id]
            assert rules.free_in(quantity, before, each.span) < each.count


@pytest.mark.parametrize(
    ("start", "due", "on"),
    [(1, 1, "due_on"), (2, 1, "due_on"), (-3, -1, "due_on"), (0, 91, "due_on")],
    ids=["no time at all", "backwards", "over already", "too long"],
)
def test_a_loan_needs_times_that_can_be(start: int, due: int, on: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_times(MONDAY + start * DAY, MONDAY + due * DAY, now=MONDAY)
    assert refused.value.field == on


def test_no_more_comes_back_bad_than_went_out() -> None:
    for damaged, lost in ((3, 0), (1, 2), (-1, 0)):
        with pytest.raises(RuleBroken):
            rules.check_came_back(2, damaged, lost)
    assert [rules.state_back(*each) for each in ((0, 0), (1, 0), (1, 1))] == [
        LineState.RETURNED,
        LineState.DAMAGED,
        LineState.LOST,
    ]


def test_the_database_holds_the_same_steps() -> None:
    [file] = (ROOT / "migrations" / "versions").glob("*_lending.py")
    held = re.findall(r"'(\w+>\w+)'", file.read_text())
    assert Counter(held) == Counter({f"{was}>{becomes}": 2 for was, becomes in rules.STEPS})
