"""When an activity is to be filed and summed up, and what stands against a filing."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from center.incubator.filings.rules import (
    Facts,
    Stands,
    filing_faults,
    reminders_due,
    stands_filing,
    stands_summary,
)
from center.incubator.models.filings import FilingState, FilingStep

FIRST = date(2026, 12, 18)
PLAIN = Facts(on=FIRST, summary_due=date(2026, 12, 21), expected=30)
FILED = replace(PLAIN, filing=FilingState.SEEN, planned_for=30)


def before(days: int) -> date:
    return FIRST - timedelta(days=days)


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        pytest.param({"people": 0}, ["people"], id="nobody comes"),
        pytest.param({"people": 50}, ["safety_plan"], id="fifty without a plan"),
        pytest.param({"expected": 60}, ["safety_plan"], id="sixty are expected, and thirty filed"),
        pytest.param({"people": 50, "safety_plan": "  "}, ["safety_plan"], id="a plan of blanks"),
        pytest.param({"today": before(6)}, ["late_because"], id="a day late, without a reason"),
        pytest.param({"today": before(6), "people": 80}, ["safety_plan", "late_because"], id="both"),
        pytest.param({"today": before(6), "late_because": "场地改期"}, [], id="late with a reason"),
        pytest.param({"people": 80, "safety_plan": "两人守门"}, [], id="eighty with a plan"),
        pytest.param({"people": 49}, [], id="forty-nine need none"),
    ],
)
def test_a_filing_says_everything_that_it_lacks(given: dict[str, Any], fields: list[str]) -> None:
    known = {"people": 30, "expected": 30, "safety_plan": "", "late_because": "", "due": before(7), "today": before(9)}
    assert [each.field for each in filing_faults(**{**known, **given})] == fields


@pytest.mark.parametrize(
    ("facts", "today", "stands"),
    [
        pytest.param(PLAIN, before(11), Stands.NOT_YET, id="early"),
        pytest.param(PLAIN, before(10), Stands.SOON, id="three days before it is due"),
        pytest.param(PLAIN, before(7), Stands.SOON, id="on the last day"),
        pytest.param(PLAIN, before(6), Stands.LATE, id="a day late"),
        pytest.param(PLAIN, before(-1), Stands.MISSED, id="over, and never filed"),
        pytest.param(FILED, before(1), Stands.DONE, id="filed"),
        pytest.param(replace(FILED, filing=FilingState.RETURNED), before(9), Stands.RETURNED, id="returned"),
        pytest.param(replace(FILED, expected=70), before(2), Stands.CHANGED, id="grown beyond fifty since"),
        pytest.param(replace(FILED, expected=70, has_plan=True), before(2), Stands.DONE, id="grown, with a plan"),
        pytest.param(replace(FILED, expected=45), before(2), Stands.DONE, id="grown, below fifty"),
    ],
)
def test_a_filing_stands_where_its_day_says(facts: Facts, today: date, stands: Stands) -> None:
    assert stands_filing(facts, today) is stands


@pytest.mark.parametrize(
    ("today", "stands"),
    [
        (before(1), Stands.NOT_YET),
        (FIRST, Stands.SOON),
        (PLAIN.summary_due, Stands.SOON),
        (PLAIN.summary_due + timedelta(days=1), Stands.LATE),
    ],
)
def test_a_summary_is_asked_for_once_it_is_over(today: date, stands: Stands) -> None:
    assert stands_summary(PLAIN, today) is stands
    assert stands_summary(replace(PLAIN, is_summed_up=True), today) is Stands.DONE


@pytest.mark.parametrize(
    ("today", "said", "due"),
    [
        (before(11), [], []),
        (before(10), [], [FilingStep.FILING]),
        (before(9), [FilingStep.FILING], []),
        (before(6), [FilingStep.FILING], [FilingStep.FILING_LATE]),
        (before(-1), [], [FilingStep.SUMMARY]),
        (before(-5), [FilingStep.SUMMARY], [FilingStep.SUMMARY_LATE]),
        (before(-5), [FilingStep.SUMMARY_LATE], []),
    ],
)
def test_leads_are_reminded_once_of_each(today: date, said: list[FilingStep], due: list[FilingStep]) -> None:
    assert reminders_due(PLAIN, said, today) == due
