"""Deferred acceptance: nobody has reason to complain, the same seed gives the same, and naming other choices gains
nothing."""

from collections.abc import Mapping
from dataclasses import replace
from itertools import permutations
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.allocation.matching.acceptance import Because, Bid, Outcome, answers, because, blocking_pairs, match
from center.allocation.matching.points import (
    Criterion,
    OrganisationFacts,
    TimeFacts,
    lot_of,
    points,
    shares,
    sum_of,
)

SLOTS = range(1, 6)


def bid(wish: str, *choices: int, order: int = 1, points: Mapping[int, int] | int = 0, seed: str = "青") -> Bid:
    known = points if isinstance(points, Mapping) else dict.fromkeys(choices, points)
    return Bid(wish=wish, order=order, lot=lot_of(seed, wish), choices=choices, points=known)


@st.composite
def many_bids(draw: st.DrawFn) -> list[Bid]:
    names = draw(st.lists(st.integers(1, 99), unique=True, min_size=1, max_size=8))
    seed = draw(st.text(min_size=1, max_size=4))
    found = []
    for name in names:
        choices = draw(st.lists(st.sampled_from(SLOTS), unique=True, max_size=5))
        had = {slot: draw(st.integers(0, 3)) for slot in choices}
        found.append(bid(f"W-{name}", *choices, order=draw(st.integers(1, 2)), points=had, seed=seed))
    return found


@given(many_bids())
def test_no_wish_and_no_time_would_rather_have_each_other(bids: list[Bid]) -> None:
    given_ = match(bids)
    assert blocking_pairs(bids, given_) == []
    assert len(set(given_.values())) == len(given_)
    assert all(given_[each.wish] in each.choices for each in bids if each.wish in given_)


@given(many_bids(), st.randoms())
def test_the_same_wishes_give_the_same_result_in_whatever_order_they_come(bids: list[Bid], by: Random) -> None:
    shuffled = sorted(bids, key=lambda _each: by.random())
    assert match(shuffled) == match(bids)


@given(many_bids(), st.data())
def test_naming_other_choices_than_the_true_ones_gains_nothing(bids: list[Bid], data: st.DataObject) -> None:
    one = data.draw(st.sampled_from(bids))
    truly = match(bids).get(one.wish)
    said = data.draw(st.permutations(one.choices)) if one.choices else []
    said = said[: data.draw(st.integers(0, len(said)))]
    others = [each for each in bids if each is not one]
    got = match([*others, replace(one, choices=tuple(said))]).get(one.wish)
    assert rank(one, got) >= rank(one, truly)


@given(many_bids())
def test_what_became_of_every_choice_can_be_said(bids: list[Bid]) -> None:
    given_ = match(bids)
    holders = {slot: next(each for each in bids if each.wish == wish) for wish, slot in given_.items()}
    for each in bids:
        said = answers(each, given_, holders)
        assert [answer.slot for answer in said] == list(each.choices)
        assert [answer.outcome for answer in said].count(Outcome.GOT) == (each.wish in given_)
        assert Outcome.OTHERWISE not in {answer.outcome for answer in said}
        if each.wish not in given_:
            assert {answer.outcome for answer in said} <= {Outcome.LOST}


def rank(one: Bid, slot: int | None) -> int:
    return one.choices.index(slot) if slot in one.choices else len(one.choices)


@pytest.mark.parametrize(
    ("first", "second", "why"),
    [
        (bid("W-1", 1), bid("W-2", 1, order=2, points=9), Because.ORDER),
        (bid("W-1", 1, points=2), bid("W-2", 1, points=1), Because.POINTS),
        (bid("W-1", 1, points=1), bid("W-2", 1, points=1), Because.LOT),
    ],
    ids=["a first wish before a second", "more points", "the lot"],
)
def test_what_decides_between_two_wishes_is_named(first: Bid, second: Bid, why: Because) -> None:
    assert because(first, second, 1) is why
    [winner] = match([first, second])
    if why is not Because.LOT:
        assert winner == "W-1"


def test_a_wish_that_loses_its_first_time_asks_for_its_second_and_may_push_another_out() -> None:
    bids = [bid("A", 1, 2, points=5), bid("B", 1, points=9), bid("C", 2, 3, points=1)]
    assert match(bids) == {"B": 1, "A": 2, "C": 3}


def test_nobody_gets_a_time_they_did_not_name() -> None:
    assert match([bid("A"), bid("B", 3)]) == {"B": 3}


def test_whoever_is_new_is_not_behind_for_having_no_past() -> None:
    new, missed = OrganisationFacts(kept=1, missed=2), OrganisationFacts(kept=2, missed=2)
    room = TimeFacts(capacity=20)
    assert shares(5, frozenset(), new, room)[Criterion.KEPT] == 100
    assert shares(5, frozenset(), missed, room)[Criterion.KEPT] == 50


@pytest.mark.parametrize(
    ("people", "needs", "facts", "expected"),
    [
        (20, {"鼓"}, OrganisationFacts(is_charity=True), {"charity": 100, "people": 100, "equipment": 100}),
        (10, {"鼓", "投影"}, OrganisationFacts(), {"charity": 0, "people": 50, "equipment": 50}),
        (40, set(), OrganisationFacts(asked_last=3, got_last=1), {"people": 100, "equipment": 0, "less_last_term": 66}),
    ],
    ids=["all of it", "half of it", "never more than a hundred"],
)
def test_shares_are_from_nothing_to_a_hundred(
    people: int, needs: set[str], facts: OrganisationFacts, expected: dict[str, int]
) -> None:
    found = shares(people, frozenset(needs), facts, TimeFacts(capacity=20, has=frozenset({"鼓"})))
    assert {key: found[Criterion(key)] for key in expected} == expected


def test_points_are_whole_numbers_that_anybody_can_add_up() -> None:
    had = {Criterion.CHARITY: 100, Criterion.PEOPLE: 33}
    assert points(had, {Criterion.CHARITY: 30, Criterion.PEOPLE: 20, Criterion.KEPT: 10}) == 30 * 100 + 20 * 33


def test_the_sum_of_a_seed_fits_no_other_seed() -> None:
    assert len({sum_of("".join(each)) for each in permutations("abc")}) == 6
