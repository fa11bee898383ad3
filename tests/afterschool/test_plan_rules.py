"""What is expected of a child on a day: the fixed week, the latest change, and what cannot be held to."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from center.afterschool.models.plans import Different, Way
from center.afterschool.models.terms import TermMode
from center.afterschool.plan_rules import (
    FINAL,
    Changed,
    ChildFacts,
    DayFacts,
    Doubt,
    Fixed,
    WhyNot,
    is_past_cut_off,
    plan_of,
    usual_why_not,
)
from tests.builders import ZONE

DAY = DayFacts(
    on=date(2026, 11, 25),
    weekday=2,
    mode=TermMode.AFTER_SCHOOL,
    opens=time(15),
    closes=time(18),
    alone_age=10,
    sibling_age=14,
)
CHILD = ChildFacts(finishes=time(15, 40), way_minutes=20, birth_year=2018, fixed=Fixed())
MORNING = datetime(2026, 11, 25, 0, 0, tzinfo=UTC)


def changed(what: Different, *, after: int = 0, **facts: Any) -> Changed:
    """Something that was said of the day, so many minutes after the first word."""
    return Changed(id=after + 1, at=MORNING + timedelta(minutes=after), what=what, **facts)


def test_a_child_comes_from_school_and_is_due_after_the_way() -> None:
    plan = plan_of(DAY, CHILD)
    assert (plan.comes, plan.finishes, plan.due, plan.way) == (True, time(15, 40), time(16), Way.COLLECTED)


def test_nobody_is_due_before_the_programme_opens() -> None:
    assert plan_of(DAY, replace(CHILD, finishes=time(14))).due == time(15)


def test_a_full_day_asks_no_school() -> None:
    plan = plan_of(replace(DAY, mode=TermMode.FULL_DAY, opens=time(8)), replace(CHILD, finishes=None))
    assert (plan.comes, plan.finishes, plan.due) == (True, None, time(8))


@pytest.mark.parametrize(
    ("child", "why_not"),
    [
        ({"has_place": False}, WhyNot.NO_PLACE),
        ({"is_ended": True}, WhyNot.ENDED),
        ({"paused_from": date(2026, 11, 25)}, WhyNot.PAUSED),
        ({"paused_from": date(2026, 11, 1), "paused_until": date(2026, 11, 25)}, WhyNot.PAUSED),
        ({"finishes": None}, WhyNot.NO_SCHOOL),
        ({"fixed": None}, WhyNot.NOT_THEIR_DAY),
        ({"changes": [changed(Different.LEAVE)]}, WhyNot.LEAVE),
    ],
)
def test_a_child_is_not_expected(child: dict[str, Any], why_not: WhyNot) -> None:
    plan = plan_of(DAY, replace(CHILD, **child))
    assert (plan.comes, plan.why_not, plan.due, plan.way) == (False, why_not, None, None)


def test_a_pause_that_ended_yesterday_is_over() -> None:
    assert plan_of(DAY, replace(CHILD, paused_from=date(2026, 11, 1), paused_until=date(2026, 11, 24))).comes


def test_the_later_of_two_opposite_changes_counts_whatever_order_they_are_read_in() -> None:
    leave, grandma = changed(Different.LEAVE), changed(Different.COLLECTOR, after=5)
    for order in ([leave, grandma], [grandma, leave]):
        plan = plan_of(DAY, replace(CHILD, changes=order))
        assert (plan.comes, plan.change) == (True, grandma.id)


def test_a_child_comes_on_a_day_that_is_not_theirs_if_a_guardian_says_so() -> None:
    plan = plan_of(DAY, replace(CHILD, fixed=None, finishes=None, changes=[changed(Different.COMES)]))
    assert (plan.comes, plan.due, plan.way) == (True, DAY.opens, Way.COLLECTED)


def test_leave_on_a_day_without_school_is_leave() -> None:
    assert plan_of(DAY, replace(CHILD, finishes=None, changes=[changed(Different.LEAVE)])).why_not is WhyNot.LEAVE


def test_as_usual_takes_leave_back() -> None:
    said = [changed(Different.LEAVE), changed(Different.USUAL, after=1)]
    assert plan_of(DAY, replace(CHILD, changes=said)).comes


@pytest.mark.parametrize(
    ("child", "doubt"),
    [
        ({"fixed": Fixed(way=Way.ALONE, leaves=time(17)), "birth_year": 2014}, Doubt.NO_CONSENT),
        ({"fixed": Fixed(way=Way.ALONE, leaves=time(17)), "may_walk": True, "birth_year": 2018}, Doubt.TOO_YOUNG),
        ({"fixed": Fixed(way=Way.ALONE, leaves=time(17)), "may_walk": True, "birth_year": None}, Doubt.TOO_YOUNG),
        ({"fixed": Fixed(way=Way.SIBLING, sibling_birth_year=2014)}, Doubt.SIBLING_TOO_YOUNG),
        ({"fixed": Fixed(way=Way.SIBLING)}, Doubt.SIBLING_TOO_YOUNG),
        ({"changes": [changed(Different.COLLECTOR, collector_counts=False)]}, Doubt.COLLECTOR_OVER),
    ],
)
def test_what_cannot_be_held_to_leaves_a_child_to_be_collected(child: dict[str, Any], doubt: Doubt) -> None:
    plan = plan_of(DAY, replace(CHILD, **child))
    assert (plan.comes, plan.way, plan.leaves, plan.doubt) == (True, Way.COLLECTED, None, doubt)


def test_a_child_goes_alone_with_the_form_and_the_age() -> None:
    old = replace(CHILD, birth_year=2016, may_walk=True)
    plan = plan_of(DAY, replace(old, changes=[changed(Different.ALONE, leaves=time(17))]))
    assert (plan.way, plan.leaves, plan.doubt) == (Way.ALONE, time(17), None)


def test_an_elder_brother_who_is_old_enough_takes_a_child_home() -> None:
    assert plan_of(DAY, replace(CHILD, fixed=Fixed(way=Way.SIBLING, sibling_birth_year=2012))).way is Way.SIBLING


def test_a_day_with_a_change_that_nobody_has_seen_is_marked() -> None:
    seen, unseen = changed(Different.LEAVE, is_acknowledged=True), changed(Different.USUAL, after=1)
    assert plan_of(DAY, replace(CHILD, changes=[seen, unseen])).is_unacknowledged
    assert not plan_of(DAY, replace(CHILD, changes=[seen])).is_unacknowledged


@pytest.mark.parametrize(("clock", "is_past"), [((14, 59), False), ((15, 0), True), ((15, 1), True)])
def test_the_cut_off_is_by_the_centres_clock(clock: tuple[int, int], is_past: bool) -> None:
    now = datetime(2026, 11, 25, *clock, tzinfo=ZONE).astimezone(UTC)
    assert is_past_cut_off(date(2026, 11, 25), time(15), now=now, zone=ZONE) is is_past


WAYS = some.builds(
    Fixed,
    way=some.sampled_from(Way),
    leaves=some.none() | some.just(time(17)),
    sibling_birth_year=some.none() | some.integers(2005, 2020),
)
CHANGES = some.lists(
    some.builds(
        changed,
        some.sampled_from(Different),
        after=some.integers(0, 300),
        leaves=some.just(time(17)),
        collector_counts=some.booleans(),
        sibling_birth_year=some.none() | some.integers(2005, 2020),
        is_acknowledged=some.booleans(),
    ),
    max_size=4,
    unique_by=lambda each: each.id,
)
CHILDREN = some.builds(
    ChildFacts,
    has_place=some.booleans(),
    is_ended=some.booleans(),
    paused_from=some.none() | some.dates(date(2026, 11, 20), date(2026, 11, 30)),
    paused_until=some.none() | some.dates(date(2026, 11, 20), date(2026, 11, 30)),
    finishes=some.none() | some.times(),
    way_minutes=some.integers(0, 180),
    birth_year=some.none() | some.integers(2010, 2022),
    may_walk=some.booleans(),
    fixed=some.none() | WAYS,
    changes=CHANGES,
)


@given(child=CHILDREN, order=some.randoms())
def test_whatever_was_said_a_plan_holds_together(child: ChildFacts, order: Any) -> None:
    plan = plan_of(DAY, child)
    assert plan.comes == (plan.why_not is None) == (plan.due is not None) == (plan.way is not None)
    assert plan.due is None or plan.due >= DAY.opens
    if plan.way is Way.ALONE:
        assert child.may_walk
        assert child.birth_year is not None
        assert DAY.on.year - child.birth_year >= DAY.alone_age
    if usual_why_not(DAY, child) in FINAL:
        assert not plan.comes, "nothing that is said of one day gives a place"
    if child.changes and child.changes[-1].what is not Different.LEAVE and len(child.changes) == 1:
        assert plan.comes or usual_why_not(DAY, child) is not None
    mixed = list(child.changes)
    order.shuffle(mixed)
    assert plan_of(DAY, replace(child, changes=mixed)) == plan
