"""What somebody has to show, and when there are enough of them."""

from collections import Counter
from dataclasses import dataclass
from datetime import date

import pytest

from center.afterschool.models.staff import CheckKind, DutyRole
from center.afterschool.staff import rules
from center.afterschool.staff.rules import CheckState, Shortage
from center.kernel.errors import RuleBroken

TODAY = date(2026, 11, 30)
R, T, V, G = DutyRole.RESPONSIBLE, DutyRole.TEACHER, DutyRole.VOLUNTEER, DutyRole.GUARD
RECORD, AID = CheckKind.RECORD, CheckKind.FIRST_AID


@dataclass
class Made:
    kind: CheckKind
    made_on: date
    valid_until: date
    revoked_at: object = None


@dataclass
class Quota:
    responsible: int = 1
    teachers: int = 1
    volunteers: int = 2
    guards: int = 1


def record(made: date = date(2026, 1, 1), until: date = date(2026, 12, 31), revoked: object = None) -> Made:
    return Made(RECORD, made, until, revoked)


@pytest.mark.parametrize(
    ("kind", "made", "until", "consented", "field"),
    [
        (RECORD, date(2026, 12, 1), date(2026, 12, 2), TODAY, "made_on"),
        (RECORD, date(2026, 11, 2), date(2026, 11, 1), date(2026, 11, 1), "valid_until"),
        (RECORD, date(2026, 1, 1), date(2027, 1, 1), date(2026, 1, 1), "valid_until"),
        (RECORD, date(2026, 1, 1), date(2026, 12, 31), None, "consented_on"),
        (RECORD, date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 2), "consented_on"),
        (AID, date(2026, 1, 1), date(2029, 1, 1), None, "valid_until"),
    ],
    ids=["to come", "wrong way round", "over a year", "no consent", "consent too late", "over three years"],
)
def test_a_check_that_cannot_be_so_is_refused_on_its_field(
    kind: CheckKind, made: date, until: date, consented: date | None, field: str
) -> None:
    with pytest.raises(RuleBroken) as refused:
        rules.check_dates(kind, made, until, consented, today=TODAY)
    assert refused.value.field == field


def test_a_year_and_three_years_are_the_most() -> None:
    rules.check_dates(RECORD, date(2026, 1, 1), date(2026, 12, 31), date(2026, 1, 1), today=TODAY)
    rules.check_dates(AID, date(2026, 1, 1), date(2028, 12, 31), None, today=TODAY)
    assert rules.last_day(RECORD, date(2024, 2, 29)) == date(2025, 2, 28)
    assert rules.last_day(AID, date(2025, 3, 1)) == date(2028, 2, 29)


@pytest.mark.parametrize(
    ("until", "state"),
    [
        (date(2026, 11, 29), CheckState.OVER),
        (date(2026, 11, 30), CheckState.RUNS_OUT),
        (date(2026, 12, 30), CheckState.RUNS_OUT),
        (date(2026, 12, 31), CheckState.VALID),
    ],
)
def test_it_runs_out_thirty_days_before_its_last_day(until: date, state: CheckState) -> None:
    assert rules.state_of([record(until=until)], RECORD, today=TODAY) is state


def test_a_later_check_counts_and_a_revoked_one_does_not() -> None:
    assert rules.state_of([record(until=date(2026, 11, 1)), record()], RECORD, today=TODAY) is CheckState.VALID
    assert rules.state_of([record(revoked="x")], RECORD, today=TODAY) is CheckState.MISSING
    assert rules.state_of([record()], AID, today=TODAY) is CheckState.MISSING


@pytest.mark.parametrize(
    ("role", "checks", "needs_aid", "lacks"),
    [
        (G, [], True, [RECORD]),
        (V, [record()], True, []),
        (T, [record()], True, [AID]),
        (T, [record()], False, []),
        (R, [record(until=date(2026, 11, 29))], True, [RECORD, AID]),
        (R, [record(made=date(2026, 12, 1))], False, [RECORD]),
        (R, [record(revoked="x")], False, [RECORD]),
    ],
)
def test_what_somebody_lacks_on_a_day(
    role: DutyRole, checks: list[Made], needs_aid: bool, lacks: list[CheckKind]
) -> None:
    assert rules.missing_on(checks, role, TODAY, needs_first_aid=needs_aid) == lacks


@pytest.mark.parametrize(
    ("present", "children", "short"),
    [
        ({}, 0, Shortage()),
        ({R: 1, T: 1, V: 2, G: 1}, 40, Shortage()),
        ({R: 1, T: 1, V: 2, G: 1}, 41, Shortage({}, 1)),
        ({R: 1, T: 1, V: 2}, 10, Shortage({G: 1})),
        ({R: 1, V: 2, G: 1}, 31, Shortage({T: 1}, 1)),
        ({G: 1}, 1, Shortage({R: 1, T: 1, V: 2}, 1)),
        ({R: 2, T: 1, V: 1, G: 1}, 40, Shortage({V: 1})),
    ],
    ids=[
        "nobody",
        "full",
        "one child more",
        "no guard",
        "teacher at the gate",
        "a guard alone",
        "other roles do not count",
    ],
)
def test_what_is_missing_in_a_class(present: dict[DutyRole, int], children: int, short: Shortage) -> None:
    assert rules.shortage(Quota(), Counter(present), children, children_per_adult=10) == short


def test_nobody_under_age_looks_after_children() -> None:
    assert not rules.is_adult(2010, TODAY)
    assert rules.is_adult(2008, TODAY)
    assert rules.is_adult(None, TODAY)
