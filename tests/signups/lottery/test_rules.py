"""Drawing lots: the same for everybody who repeats it, friends in one piece, kept places first."""

import random
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.activities.models import ActivityState
from center.signups.lottery.rules import Drawn, Entry, draw, in_order, is_due, lot_of, sum_of, unit_of
from center.signups.models import Mode
from center.signups.rules import Window
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
SEED = "0123456789abcdef0123456789abcdef"
ALL, ELDERS, SEATS, WHEELS = 1, 2, 3, 4


def entry(reference: str, *fits: Any, unit: str | str | None | None = None, wants_companion: bool = False) -> Entry:
    return Entry(reference=reference, unit=unit or reference, fits=fits or (ALL,), wants_companion=wants_companion)


def places(drawn: list[Drawn]) -> Any:
    return {each.entry.reference: each.pool_id for each in drawn}


def test_anybody_can_repeat_it_with_a_common_tool() -> None:
    assert lot_of("s", "A") == "366e287696bfd5b5261cdc0595da30a31f69da4249e6b23df23341bf45576198", (
        "printf %s s:A | sha256sum"
    )
    assert len(lot_of(SEED, "A")) == len(sum_of(SEED)) == 64
    [first, *_others] = in_order([entry("A"), entry("B"), entry("C")], SEED)
    assert lot_of(SEED, first[0].unit) == min(lot_of(SEED, name) for name in "ABC")


def test_friends_are_drawn_as_one_and_all_of_them_or_nobody_has_a_place() -> None:
    friends = [entry(name, unit=unit_of(["D", "A", "C"])) for name in "DAC"]
    for seed in map(str, range(20)):
        got = places(draw([*friends, entry("B"), entry("E")], seed=seed, left={ALL: 3}))
        assert len({got[name] for name in "ACD"}) == 1
        assert Counter(got.values())[ALL] == (3 if got["A"] else 2), "places too few for the group go to the next"


def test_places_kept_for_some_are_theirs_before_those_for_all() -> None:
    for seed in map(str, range(20)):
        elders = [entry(name, ELDERS, ALL) for name in "AB"]
        got = places(draw([*elders, entry("C"), entry("D")], seed=seed, left={ALL: 1, ELDERS: 1}))
        assert ELDERS in {got["A"], got["B"]}
        assert sum(pool is not None for pool in got.values()) == 2


def test_who_needs_a_companion_seat_or_a_wheelchair_place_has_none_without_it() -> None:
    wheels = entry("A", WHEELS, wants_companion=True)
    got = places(draw([wheels, entry("B", wants_companion=True)], seed=SEED, left={ALL: 2, WHEELS: 1, SEATS: 1},
                      beside={SEATS}))  # fmt: skip
    assert sum(pool is not None for pool in got.values()) == 1, "there is one companion seat"
    assert places(draw([wheels], seed=SEED, left={ALL: 5, SEATS: 5}, beside={SEATS})) == {"A": None}


@given(st.lists(st.integers(0, 4), max_size=12), st.dictionaries(st.integers(1, 3), st.integers(0, 4)), st.text())
def test_a_draw_is_the_same_in_whatever_order_people_came_and_gives_no_more_than_there_is(
    groups: Any, left: Any, seed: Any
) -> None:
    entries = [
        entry(f"{n:02}", *sorted(left), unit=f"{groups.index(group):02}" if group else None)
        for n, group in enumerate(groups)
    ]
    drawn = draw(entries, seed=seed, left=left)
    shuffled = random.Random(1).sample(entries, len(entries))
    assert draw(shuffled, seed=seed, left=left) == drawn
    assert sorted(each.entry.reference for each in drawn) == [each.reference for each in entries]
    given_out = Counter(each.pool_id for each in drawn if each.pool_id is not None)
    assert all(number <= left[pool] for pool, number in given_out.items())


def test_everybody_is_first_about_as_often() -> None:
    firsts = Counter(in_order([entry(name) for name in "ABCD"], str(n))[0][0].reference for n in range(2000))
    assert all(400 < firsts[name] < 600 for name in "ABCD")


@pytest.mark.parametrize(
    ("facts", "drawn", "due"),
    [
        ({}, False, True),
        ({}, True, False),
        ({"closes_at": NOON + timedelta(microseconds=1)}, False, False),
        ({"mode": Mode.FIRST_COME}, False, False),
        ({"activity": ActivityState.DRAFT}, False, False),
        ({"activity": ActivityState.CANCELLED}, False, False),
        ({"starts_at": None, "ends_at": None}, False, False),
        ({"starts_at": NOON - 2 * HOUR, "ends_at": NOON}, False, False),
    ],
    ids=["closed", "drawn", "open still", "no lottery", "not public", "called off", "no session", "over"],
)
def test_it_is_drawn_once_sign_up_has_closed_and_while_it_is_on(facts: dict[str, Any], drawn: bool, due: bool) -> None:
    known = {"mode": Mode.LOTTERY, "opens_at": None, "closes_at": NOON, "starts_at": NOON + HOUR,
             "ends_at": NOON + 2 * HOUR, "activity": ActivityState.PUBLISHED}  # fmt: skip
    assert is_due(Window(**{**known, **facts}), is_drawn=drawn, now=NOON) is due


def test_a_higher_precedence_is_drawn_before_a_lower_one_and_the_lot_decides_among_equals() -> None:
    entries = [
        Entry(reference=f"R{n}", unit=f"R{n}", fits=(ALL,), precedence=precedence)
        for n, precedence in enumerate([0, 5, 0, 3, 5, 0, 3, 0])
    ]
    drawn = [each.entry for each in draw(entries, seed="seed", left={ALL: 3})]
    assert [each.precedence for each in drawn] == [5, 5, 3, 3, 0, 0, 0, 0]
    for precedence in (5, 3, 0):
        lots = [lot_of("seed", each.unit) for each in drawn if each.precedence == precedence]
        assert lots == sorted(lots)
    assert [each.entry for each in draw(reversed(entries), seed="seed", left={ALL: 3})] == drawn


def test_friends_come_with_the_least_of_their_precedences() -> None:
    friends = [Entry(reference=name, unit="A", fits=(ALL,), precedence=n) for n, name in ((5, "A"), (0, "B"))]
    alone = Entry(reference="C", unit="C", fits=(ALL,), precedence=1)
    assert [each.entry.reference for each in draw([*friends, alone], seed="s", left={ALL: 1})] == ["C", "A", "B"]
