"""What a term and a letting may say."""

from datetime import date
from typing import Any

import pytest

from center.incubator.agreements.rules import LEADS_TO, Step, letting_faults, step_of, term_faults
from center.incubator.models.agreements import MidResult, MidReview
from center.kernel import clock

FIRST, LAST = date(2026, 12, 1), date(2027, 11, 30)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        pytest.param({"ends_on": date(2026, 11, 30)}, ["ends_on"], id="it ends before it begins"),
        pytest.param({"ends_on": date(2029, 12, 1)}, ["ends_on"], id="a day longer than three years"),
        pytest.param({"last": FIRST}, ["starts_on"], id="on the last day of the one before"),
        pytest.param({"is_extension": True, "reason": " "}, ["reason"], id="extended without a word"),
        pytest.param({"ends_on": date(2029, 11, 30)}, [], id="three years"),
        pytest.param({"ends_on": FIRST}, [], id="a single day"),
        pytest.param({"is_extension": True, "reason": "项目未完成", "last": date(2026, 11, 30)}, [], id="extended"),
    ],
)
def test_a_term_says_everything_that_it_lacks(given: dict[str, Any], fields: list[str]) -> None:
    known = {"starts_on": FIRST, "ends_on": LAST, "last": None, "reason": "", "is_extension": False}
    assert [each.field for each in term_faults(**{**known, **given})] == fields


@pytest.mark.parametrize(
    ("starts_on", "ends_on", "fields"),
    [
        (date(2026, 11, 30), LAST, ["starts_on"]),
        (FIRST, date(2027, 12, 1), ["ends_on"]),
        (LAST, FIRST, ["ends_on"]),
        (FIRST, LAST, []),
    ],
)
def test_a_seat_is_let_within_the_term(starts_on: date, ends_on: date, fields: list[str]) -> None:
    faults = letting_faults(starts_on=starts_on, ends_on=ends_on, term=(FIRST, LAST))
    assert [each.field for each in faults] == fields


def test_a_review_goes_step_by_step() -> None:
    now = clock.now()
    review = MidReview()
    seen = [step_of(review)]
    for name, value in (
        ("report_at", now),
        ("opinion_at", now),
        ("checked_on", now.date()),
        ("closed_at", now),
    ):
        setattr(review, name, value)
        seen.append(step_of(review))
    assert seen == list(Step)
    assert set(LEADS_TO) == set(MidResult)
