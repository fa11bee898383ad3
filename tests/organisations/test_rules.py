"""Who may belong to an organisation when, and what a search means."""

from datetime import date, timedelta
from enum import Enum
from types import SimpleNamespace
from typing import Any

import pytest

from center.kernel.errors import Conflict, RuleBroken
from center.organisations import rules, words
from center.organisations.models import LegalForm, MemberRole, Organisation, OrganisationKind, Origin, Stage

D1, D2, D3, D4 = (date(2026, 11, 1) + timedelta(days=n) for n in range(4))


def test_a_membership_cannot_end_before_it_starts() -> None:
    with pytest.raises(RuleBroken):
        rules.check_dates(D2, D1)
    rules.check_dates(D1, D1)
    rules.check_dates(D1, None)


@pytest.mark.parametrize(
    ("ours", "theirs", "clash"),
    [
        ((D1, D2), (D3, D4), False),
        ((D3, D4), (D1, D2), False),
        ((D1, D2), (D2, D3), True),  # last days count
        ((D1, None), (D4, None), True),
        ((D1, D3), (D4, None), False),
        ((D4, None), (D1, D3), False),
        ((D2, D3), (D1, None), True),
    ],
)
def test_nobody_belongs_twice_on_one_day(
    ours: tuple[date, date | None], theirs: tuple[date, date | None], clash: bool
) -> None:
    other = SimpleNamespace(starts_on=theirs[0], ends_on=theirs[1])
    if not clash:
        rules.check_not_a_member_twice(*ours, [other])
        return
    with pytest.raises(Conflict):
        rules.check_not_a_member_twice(*ours, [other])


def test_ending_now_means_yesterday_was_the_last_day() -> None:
    assert rules.end_before(D1, D3) == D2
    assert rules.end_before(D2, D3) == D2
    assert rules.end_before(D3, D3) is None
    assert rules.end_before(D4, D3) is None


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("", ["剪纸工作室", "阳光家园"]),
        ("剪纸", ["剪纸工作室"]),
        ("JIAN ZHI", ["剪纸工作室"]),
        ("jzgzs", ["剪纸工作室"]),
        ("sunny", ["阳光家园"]),
        ("%", []),
        ("x" * 500, []),
    ],
)
def test_organisations_are_found_by_any_of_their_names(typed: str, found: list[str]) -> None:
    known = [
        Organisation(
            name="剪纸工作室",
            name_en="Paper-cutting",
            sort_key="jian zhi gong zuo shi",
            kind=OrganisationKind.CULTURE_SPORTS,
        ),
        Organisation(
            name="阳光家园", name_en="Sunny Home", sort_key="yang guang jia yuan", kind=OrganisationKind.CHARITY
        ),
    ]
    assert [each.name for each in rules.matching(known, typed, None)] == found
    assert rules.matching(known, typed, OrganisationKind.DEPARTMENT) == []


@pytest.mark.parametrize(
    ("kinds", "names"),
    [
        (OrganisationKind, words.KIND_NAMES),
        (Origin, words.ORIGIN_NAMES),
        (Stage, words.STAGE_NAMES),
        (Stage, words.STAGE_TONES),
        (LegalForm, words.LEGAL_FORM_NAMES),
        (MemberRole, words.MEMBER_ROLE_NAMES),
    ],
)
def test_every_state_has_a_word(kinds: type[Enum], names: dict[Enum, Any]) -> None:
    assert set(names) == set(kinds)
