"""Prices, shares, and when a work may be sold."""

import re
from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.kernel.config import ROOT
from center.kernel.errors import RuleBroken
from center.troupes.models.works import WorkState
from center.troupes.works import rules

NINE = datetime(2026, 11, 24, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize("text", ["", "x", "35.555", "1e9", "-", "NaN", "Infinity", "3 5"])
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(RuleBroken):
        rules.fen_of(text)


@pytest.mark.parametrize(("text", "fen"), [("35", 3500), ("¥35.5", 3550), (" 0.01 元", 1), ("-1", -100)])
def test_an_amount_is_read_to_the_fen(text: str, fen: int) -> None:
    assert rules.fen_of(text) == fen


@pytest.mark.parametrize(("price", "maker"), [(0, 0), (-100, 0), (3500, 3501), (3500, -1), (10_000_01, 0)])
def test_a_price_or_a_share_that_cannot_be_is_refused(price: int, maker: int) -> None:
    with pytest.raises(RuleBroken):
        rules.price_of(price, maker)


@given(st.lists(st.tuples(st.integers(1, 100_000), st.integers(0, 100_000)), max_size=20))
def test_income_and_what_is_given_add_up_to_the_price_of_all(asked: list[tuple[int, int]]) -> None:
    prices = [rules.price_of(price, min(maker, price)) for price, maker in asked]
    assert sum(each.maker_fen + each.charity_fen for each in prices) == sum(price for price, _maker in asked)


def test_amounts_are_read_as_people_write_them() -> None:
    assert [rules.yuan(fen) for fen in (3500, 3550, 1)] == ["¥35", "¥35.50", "¥0.01"]


def test_a_reservation_that_is_over_keeps_a_work_from_nobody() -> None:
    stands = [rules.stands(WorkState.RESERVED, NINE + HOUR, now=NINE + n * HOUR) for n in (0, 1, 2)]
    assert stands == [WorkState.RESERVED, WorkState.ON_SALE, WorkState.ON_SALE]


def test_nothing_is_sold_before_its_day_or_long_after() -> None:
    for now in (NINE - HOUR, NINE + 27 * HOUR):
        with pytest.raises(RuleBroken):
            rules.sold_when(NINE, NINE + 8 * HOUR, now=now)
    assert rules.sold_when(NINE, NINE + 8 * HOUR, now=NINE + 9 * HOUR) == NINE + 8 * HOUR


def test_the_database_holds_the_same_steps() -> None:
    [file] = (ROOT / "migrations" / "versions").glob("*_works.py")
    held = Counter(re.findall(r"(\w+>\w+)'", file.read_text()))
    assert held == Counter({f"{was}>{becomes}": 2 for was, becomes in (*rules.STEPS, *rules.DAY_STEPS)})
