"""What is expected of a child on a day: the fixed week, the latest change, and what cannot be held to."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some

from center.afterschool.models.plans import Different, Stay, Way
from center.afterschool.models.terms import TermMode
from center.afterschool.plans.rules import (
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
from center.afterschool.stays import DayHours, halves_between
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


# --- whole days in the holidays, which lunch parts in two

LONG = replace(
    DAY,
    mode=TermMode.FULL_DAY,
    opens=time(8),
    halves=DayHours(opens=time(8), lunch_from=time(11, 30), lunch_until=time(13), closes=time(18)),
)
AT_HOME = replace(CHILD, finishes=None)


@pytest.mark.parametrize(
    ("stay", "due", "until"),
    [
        (Stay.WHOLE, time(8), time(18)),
        (Stay.WHOLE_NO_LUNCH, time(8), time(18)),
        (Stay.MORNING, time(8), time(11, 30)),
        (Stay.MORNING_LUNCH, time(8), time(13)),
        (Stay.AFTERNOON, time(13), time(18)),
        (Stay.AFTERNOON_LUNCH, time(11, 30), time(18)),
    ],
)
def test_a_half_begins_and_ends_at_lunch_and_lunch_belongs_to_whoever_eats(stay: Stay, due: time, until: time) -> None:
    plan = plan_of(LONG, replace(AT_HOME, fixed=Fixed(stay=stay)))
    assert (plan.stay, plan.due, plan.until) == (stay, due, until)


def test_after_school_nobody_comes_for_a_half() -> None:
    plan = plan_of(DAY, replace(CHILD, fixed=Fixed(stay=Stay.MORNING)))
    assert (plan.stay, plan.until, plan.due) == (None, None, time(16))


def test_on_leave_for_the_morning_a_child_is_expected_in_the_afternoon() -> None:
    said = [changed(Different.COMES, stay=Stay.AFTERNOON)]
    plan = plan_of(LONG, replace(AT_HOME, changes=said))
    assert (plan.comes, plan.stay, plan.due) == (True, Stay.AFTERNOON, time(13))


def test_who_collects_and_for_which_part_they_come_are_two_words_that_both_count() -> None:
    grandma, mornings = changed(Different.COLLECTOR), changed(Different.COMES, after=1, stay=Stay.MORNING)
    plan = plan_of(LONG, replace(AT_HOME, changes=[grandma, mornings]))
    assert (plan.stay, plan.way_change, plan.change) == (Stay.MORNING, grandma.id, mornings.id)
    later = plan_of(LONG, replace(AT_HOME, changes=[replace(mornings, id=1, at=MORNING), replace(grandma, id=2)]))
    assert (later.stay, later.way_change) == (Stay.MORNING, 2)


def test_as_usual_takes_back_for_which_part_too() -> None:
    said = [changed(Different.COMES, stay=Stay.MORNING), changed(Different.USUAL, after=1)]
    plan = plan_of(LONG, replace(AT_HOME, changes=said))
    assert (plan.stay, plan.way) == (Stay.WHOLE, Way.COLLECTED)


def test_leave_said_after_a_half_is_leave_and_a_half_said_after_leave_is_that_half() -> None:
    half = changed(Different.COMES, stay=Stay.MORNING)
    leave = changed(Different.LEAVE, after=1)
    assert plan_of(LONG, replace(AT_HOME, changes=[half, leave])).why_not is WhyNot.LEAVE
    back = changed(Different.COMES, after=2, stay=Stay.AFTERNOON_LUNCH)
    plan = plan_of(LONG, replace(AT_HOME, changes=[half, leave, back]))
    assert (plan.comes, plan.stay) == (True, Stay.AFTERNOON_LUNCH)


def test_who_goes_alone_goes_when_their_half_ends_at_the_latest() -> None:
    walks = Fixed(way=Way.ALONE, leaves=time(17))
    alone = replace(AT_HOME, birth_year=2014, may_walk=True, fixed=walks)
    said = [changed(Different.COMES, stay=Stay.MORNING)]
    assert plan_of(LONG, replace(alone, changes=said)).leaves == time(11, 30)
    assert plan_of(LONG, alone).leaves == time(17)


@given(some.permutations(list(Stay)), some.booleans())
def test_of_several_halves_the_last_counts_whatever_order_they_are_read_in(said: list[Stay], is_back: bool) -> None:
    words = [changed(Different.COMES, after=n, stay=each) for n, each in enumerate(said)]
    plan = plan_of(LONG, replace(AT_HOME, changes=words[::-1] if is_back else words))
    assert plan.stay is said[-1]
    assert plan.due is not None
    assert plan.until is not None
    assert plan.due < plan.until


@pytest.mark.parametrize(
    ("came", "left", "halves"),
    [
        (time(8), time(18), 2),
        (time(8), time(12), 1),
        (time(11, 29), time(13), 1),
        (time(11, 30), time(13), 0),
        (time(12), time(18), 1),
        (time(14), time(14, 30), 1),
    ],
)
def test_half_days_are_counted_by_when_a_child_was_here(came: time, left: time, halves: int) -> None:
    assert LONG.halves is not None
    assert halves_between(came, left, LONG.halves) == halves
