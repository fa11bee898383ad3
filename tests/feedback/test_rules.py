"""When answers are counted and shown: never one alone, never before there are five. Pure."""

import pytest

from center.feedback import rules
from center.feedback.models import Following, Liking
from center.kernel.errors import RuleBroken
from tests.builders import at


@pytest.mark.parametrize(
    ("counted", "waiting", "is_closing", "joins"),
    [
        pytest.param(0, 4, False, False, id="four are too few"),
        pytest.param(0, 4, True, False, id="four stay too few when it closes"),
        pytest.param(0, 5, False, True, id="five are shown"),
        pytest.param(5, 1, False, False, id="the sixth waits for others"),
        pytest.param(5, 1, True, False, id="one alone is never added"),
        pytest.param(5, 2, True, True, id="two are added together at the end"),
        pytest.param(5, 5, False, True, id="the next five are added"),
        pytest.param(0, 0, True, False, id="nothing was said"),
    ],
)
def test_answers_are_counted_together_or_not_at_all(counted: int, waiting: int, is_closing: bool, joins: bool) -> None:
    assert rules.joins_totals(counted=counted, waiting=waiting, is_closing=is_closing) is joins


def test_four_answers_have_no_totals_and_five_have() -> None:
    answer = (Liking.GOOD, Following.YES, "")
    assert rules.totals([answer] * 4) is None
    totals = rules.totals([answer] * 4 + [(Liking.NOT_GOOD, Following.NO, "太吵")])
    assert totals is not None
    assert (totals.answers, totals.liking[Liking.GOOD], totals.liking[Liking.NOT_GOOD]) == (5, 4, 1)
    assert (totals.following[Following.NO], totals.words) == (1, ("太吵",))


def test_no_more_sheets_than_people() -> None:
    rules.check_sheets(wanted=5, people=5)
    with pytest.raises(RuleBroken):
        rules.check_sheets(wanted=6, people=5)


def test_a_round_is_over_at_its_last_moment() -> None:
    rules.check_open(closes_at=at(10), closed_at=None, now=at(9, 59))
    for closed_at, now in ((None, at(10)), (at(9), at(9, 30))):
        with pytest.raises(rules.RoundOver):
            rules.check_open(closes_at=at(10), closed_at=closed_at, now=now)
