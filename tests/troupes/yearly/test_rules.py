"""How far a troupe is with its year."""

from datetime import date

import pytest

from center.troupes.models.yearly import Counted
from center.troupes.yearly import rules
from center.troupes.yearly.rules import RULES, Target

FIFTY_TWO = Target(counted=Counted.ACTIVITIES, least=52, source="")


@pytest.mark.parametrize(
    ("count", "today", "still", "a_month"),
    [
        (52, date(2026, 3, 1), 0, 0),
        (60, date(2026, 3, 1), 0, 0),
        (40, date(2026, 11, 30), 12, 6),
        (0, date(2025, 12, 31), 52, 5),
        (40, date(2027, 1, 1), 12, 0),
    ],
    ids=["just enough", "more", "two months left", "before the year", "too late"],
)
def test_what_is_missing_is_said_and_what_it_takes_a_month(count: int, today: date, still: int, a_month: int) -> None:
    found = rules.progress_of(FIFTY_TWO, count, year=2026, today=today)
    assert (found.still, found.a_month, found.is_met) == (still, a_month, still == 0)


def test_members_are_not_made_by_the_month() -> None:
    members = Target(counted=Counted.MEMBERS, least=15, source="")
    assert rules.progress_of(members, 3, year=2026, today=date(2026, 6, 1)).a_month == 0


def test_the_rules_hold_until_the_director_sets_another_number() -> None:
    found = {each.counted: each for each in rules.targets_of({Counted.ACTIVITIES: (40, "青山区 2027")})}
    assert (found[Counted.ACTIVITIES].least, found[Counted.ACTIVITIES].source) == (40, "青山区 2027")
    assert found[Counted.MEMBERS].least == 15
    assert set(found) == set(RULES) == set(Counted)
