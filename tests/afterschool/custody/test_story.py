"""The same events make the same story, in whatever order they were heard of."""

from datetime import UTC, date, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.afterschool.custody.story import StorySaid, shared, story_of
from center.afterschool.models.custody import GONE, Holder

DAY = date(2026, 11, 30)
FOUR = datetime(2026, 11, 30, 8, tzinfo=UTC)


def said(holder: Holder, minute: int, mark: str = "", *, on: date = DAY, nonce: str = "") -> StorySaid:
    at = FOUR + timedelta(minutes=minute)
    return StorySaid(id=minute, holder=holder, at=at, on_date=on, nonce=nonce or f"{minute:04d}{mark}", mark=mark)


SCHOOL, WALK, HERE = said(Holder.SCHOOL, 0), said(Holder.ON_THE_WAY, 20, "老师"), said(Holder.ROOM, 35)
GRANDMA, MOTHER = said(Holder.COLLECTOR, 90, "奶奶"), said(Holder.COLLECTOR, 88, "妈妈")


def test_a_day_is_told_in_its_order() -> None:
    story = story_of([GRANDMA, HERE, SCHOOL, WALK])
    assert [each.holder for each in story.held] == [
        Holder.SCHOOL, Holder.ON_THE_WAY, Holder.ROOM, Holder.COLLECTOR
    ]  # fmt: skip
    assert story.now == GRANDMA
    assert not story.conflicts


@pytest.mark.parametrize("order", list(permutations([SCHOOL, HERE, GRANDMA, MOTHER])))
def test_of_two_who_took_a_child_the_first_by_the_clock_keeps_it(order: tuple[StorySaid, ...]) -> None:
    story = story_of(order)
    assert story.now == MOTHER
    assert story.conflicts == [GRANDMA]


def test_a_child_who_came_back_can_be_taken_again() -> None:
    back, again = said(Holder.ROOM, 95), said(Holder.COLLECTOR, 99, "妈妈")
    story = story_of([HERE, GRANDMA, back, again])
    assert story.now == again
    assert not story.conflicts


def test_opening_the_list_says_nothing_of_who_came_before() -> None:
    early = said(Holder.ROOM, -10)
    assert story_of([SCHOOL, early]).held == [early]


def test_opening_the_list_the_next_day_takes_the_child_back_to_school() -> None:
    tomorrow = said(Holder.SCHOOL, 24 * 60, on=DAY + timedelta(days=1))
    assert story_of([tomorrow], before=GRANDMA).now == tomorrow


def test_said_twice_is_said_once() -> None:
    story = story_of([HERE, said(Holder.ROOM, 40)])
    assert (len(story.held), len(story.repeated)) == (1, 1)


def test_at_the_same_moment_the_number_decides_the_same_everywhere() -> None:
    one, other = (said(Holder.COLLECTOR, 90, who, nonce=nonce) for who, nonce in (("妈妈", "b"), ("爸爸", "a")))
    assert story_of([HERE, one, other]).now == story_of([other, one, HERE]).now == other


things = st.builds(said, st.sampled_from(Holder), st.integers(0, 200), st.sampled_from(["", "甲", "乙"]))


@given(st.lists(things, max_size=9, unique_by=lambda each: each.nonce), st.randoms())
def test_in_any_order_they_end_the_same(events: list[StorySaid], chance: object) -> None:
    shuffled = list(events)
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert story_of(events) == story_of(shuffled)


@given(st.lists(things, max_size=9, unique_by=lambda each: each.nonce))
def test_nothing_is_lost_and_nobody_is_taken_twice(events: list[StorySaid]) -> None:
    story = story_of(events)
    assert len(story.held) + len(story.repeated) + len(story.conflicts) == len(events)
    pairs = zip(story.held, story.held[1:], strict=False)
    assert not [pair for pair in pairs if pair[0].holder in GONE and pair[1].holder in GONE]


def test_stories_part_where_they_differ() -> None:
    assert shared([SCHOOL, HERE], [SCHOOL, HERE, GRANDMA]) == 2
    assert shared([SCHOOL, HERE], [SCHOOL, MOTHER]) == 1
    assert shared([], [SCHOOL]) == 0
