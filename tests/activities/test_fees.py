"""What an activity costs, as organisations write it."""

import pytest

from center.activities.words import is_free
from tests.engines import ONE_ENGINE


@ONE_ENGINE
@pytest.mark.parametrize(
    "fee", ["", " ", "0", "0元", "０ 元", "¥0", "￥0.00", "免费", "免費", "免费！", "free", "Free of charge.", "无"]
)
def test_whoever_writes_that_nobody_pays_means_it(fee: str) -> None:
    assert is_free(fee)


@ONE_ENGINE
@pytest.mark.parametrize(
    "fee", ["10元", "0.5元", "0元起", "工本费 5 元", "免费，材料费 10 元", "free for members", "看情况"]
)
def test_whatever_else_is_written_may_cost_something(fee: str) -> None:
    assert not is_free(fee)
