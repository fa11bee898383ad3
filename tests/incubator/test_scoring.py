"""Weighted sums, what is flagged, and a draw that anybody can repeat."""

from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from center.incubator.reviews.scoring import Sheet, divergence, draw, is_whole, mean, total

WEIGHTS = {1: 40, 2: 35, 3: 25}


def test_a_sheet_sums_up_to_a_hundred_by_its_weights() -> None:
    assert total({1: 10, 2: 10, 3: 10}, WEIGHTS) == 100
    assert total({1: 5, 2: 0, 3: 10}, WEIGHTS) == 45
    assert mean([Sheet(1, {1: 10, 2: 10, 3: 10}, True), Sheet(2, {}, None)], WEIGHTS) == 50
    assert mean([], WEIGHTS) is None


def test_a_mean_does_not_hide_that_reviewers_are_far_apart() -> None:
    same = [Sheet(n, {1: 7, 2: 7, 3: 7}, True) for n in range(3)]
    assert not divergence(same, WEIGHTS).is_any
    against = [*same, Sheet(9, {1: 7, 2: 7, 3: 7}, False)]
    assert divergence(against, WEIGHTS).votes
    one = [*same, Sheet(9, {1: 7, 2: 3, 3: 7}, True)]
    assert divergence(one, WEIGHTS).criteria == (2,)
    low = [*same, Sheet(9, {1: 4, 2: 5, 3: 5}, True)]
    assert divergence(low, WEIGHTS).totals
    assert not divergence(same[:1], WEIGHTS).is_any


def test_weights_make_up_a_hundred() -> None:
    assert is_whole([60, 40])
    for weights in ([], [100, 0], [60, 41], [120, -20]):
        assert not is_whole(weights)


@given(st.sets(st.from_regex(r"[1-9][0-9]{0,5}", fullmatch=True), max_size=30), st.text(max_size=40))
def test_the_same_seed_and_pool_give_the_same_order_whoever_repeats_it(pool: set[str], seed: str) -> None:
    order = draw(seed, sorted(pool))
    assert order == draw(seed, sorted(pool, reverse=True))
    assert sorted(order) == sorted(pool)
    lots = [sha256(f"{seed}:{each}".encode()).hexdigest() for each in order]
    assert lots == sorted(lots)


def test_another_seed_gives_another_order() -> None:
    pool = [str(n) for n in range(20)]
    assert draw("a", pool) != draw("b", pool)
