"""Which times are offered: only those that break no rule, counted as stretches and not as starts. Pure."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from center.bookings.rulebook.facts import ClosedTime, Named, Party, Priority, ProposedUse, Reserved, Rule, Terms
from center.bookings.rulebook.quotas import QuotaTerms, QuotaUses
from center.bookings.rulebook.rules import breaches, telling
from center.bookings.rulebook.times import free_stretches, nearest_times
from center.kernel.spans import LocalSpan, Span
from center.rooms.rule_models import Period, Whose
from tests.bookings.rulebook.test_rules import NOW, ROOM, at, facts, proposed


def kept(start: int, end: int, days: int = 1) -> Terms:
    span = Span(at(start, days=days), at(end, days=days))
    return Terms(
        reserved=(Reserved(span, Priority(name=Named("四点半"), hours=LocalSpan(span.start.time(), span.end.time()))),)
    )


@pytest.mark.parametrize(
    "changes",
    [
        {"asked": proposed(10, people=999)},
        {"room": {"min_people": 9}},
        {"room": {"residents_may_book": False}},
        {"facts": {"live_count": 2}},
        {"facts": {"limited_until": NOW + timedelta(days=3)}},
        {"facts": {"terms": Terms(audience=(Named("书画社"),), is_invited=False)}},
    ],
    ids=["too many people", "too few people", "not for residents", "at the limit", "limited", "for others only"],
)
def test_nothing_is_offered_where_a_rule_refuses_at_any_time(changes: dict[str, Any]) -> None:
    known = replace(facts(), **changes.get("facts", {}))
    assert nearest_times(changes.get("asked", proposed(10)), replace(ROOM, **changes.get("room", {})), known) == []


def test_a_time_that_a_quota_refuses_is_never_offered() -> None:
    quota = QuotaTerms(id=1, whose=Whose.PERSON, per=Period.DAY, most_bookings=1)
    used = Terms(quotas=(QuotaUses(quota, (Span(at(15), at(16)),)),))
    found = nearest_times(proposed(10), ROOM, replace(facts(Span(at(10), at(11))), terms=used))
    assert found
    assert at(10).date() not in {span.start.date() for span in found}


def test_staff_are_offered_what_no_rule_is_against_first_and_else_what_they_may_set_aside() -> None:
    known = replace(facts(), live_count=9)
    asked = replace(proposed(10), party=Party.STAFF)
    assert len(nearest_times(asked, ROOM, known)) == 3
    assert nearest_times(replace(asked, people=999), ROOM, known) == []


@pytest.mark.parametrize(
    ("taken", "expected"),
    [
        ((), [((8, 30), (20, 30))]),
        (((12, 13),), [((8, 30), (11, 45)), ((13, 0), (20, 30))]),
        (((8, 12), (12, 13)), [((13, 0), (20, 30))]),
        (((9, 20),), []),
    ],
    ids=[
        "a whole day is one",
        "cut in two with time to clear up",
        "two uses side by side",
        "what is left is too short",
    ],
)
def test_free_time_is_counted_in_stretches(taken: Any, expected: Any) -> None:
    room = replace(ROOM, buffer_minutes=15, min_minutes=60)
    known = facts(*(Span(at(start), at(end)) for start, end in taken), days=3)
    found = [each for each in free_stretches(Party.PERSON, room, known) if each.span.start >= at(0)]
    assert [(each.span.start, each.span.end) for each in found] == [(at(*a), at(*b)) for a, b in expected]


def test_a_stretch_begins_at_the_first_start_that_may_be_had() -> None:
    (found,) = [
        each
        for each in free_stretches(Party.PERSON, ROOM, facts(Span(at(8), at(10, 10)), days=3))
        if each.first > at(0)
    ]
    assert found.span.start == at(10, 10)
    assert found.first == at(10, 30)


def test_no_stretch_reaches_into_kept_hours_or_beyond_the_horizon_or_before_the_notice() -> None:
    room = replace(ROOM, notice_minutes=24 * 60, horizon_days=2)
    known = replace(facts(), terms=kept(9, 18, days=2))
    found = free_stretches(Party.PERSON, room, known)
    assert found
    assert all(NOW + timedelta(days=1) <= each.span.start for each in found)
    assert all(each.span.end <= at(0, days=3) for each in found)
    assert not any(each.span.overlaps(Span(at(9, days=2), at(18, days=2))) for each in found)
    assert any(
        each.span.overlaps(Span(at(9, days=2), at(18, days=2))) for each in free_stretches(Party.STAFF, room, known)
    )


def test_where_one_may_not_book_at_all_no_time_is_free_to_book() -> None:
    assert free_stretches(Party.PERSON, replace(ROOM, residents_may_book=False), facts()) == []
    assert free_stretches(Party.ORGANISATION, replace(ROOM, residents_may_book=False), facts()) != []


def test_closed_time_is_named_as_closed_and_not_as_taken() -> None:
    shut = Span(at(9), at(12))
    known = replace(facts(shut), closed=(ClosedTime(shut, at(16), "修灯"),))
    (found,) = telling(breaches(proposed(10), ROOM, known))
    assert found.rule is Rule.CLOSED
    assert isinstance(found.limit, ClosedTime)
    assert found.limit.until == at(16)


@pytest.mark.parametrize(
    ("asked", "room", "expected"),
    [
        (proposed(9, days=-1), {"notice_minutes": 60}, [Rule.PAST]),
        (proposed(10, minutes=300), {"residents_may_book": False}, [Rule.PARTY]),
        (proposed(22), {}, [Rule.OPEN]),
    ],
    ids=["the past is not also too short notice", "who may not book hears of no limits", "shut is not also taken"],
)
def test_one_mistake_has_one_answer(asked: ProposedUse, room: dict[str, Any], expected: list[Rule]) -> None:
    known = facts(Span(at(21), at(23)))
    assert [each.rule for each in telling(breaches(asked, replace(ROOM, **room), known))] == expected


def test_a_room_is_free_again_when_the_last_of_the_uses_side_by_side_ends_or_not_before_it_shuts() -> None:
    one, next_to_it = Span(at(10), at(11)), Span(at(11), at(13))
    assert breaches(proposed(10), ROOM, facts(one, next_to_it))[0].limit == at(13)
    assert breaches(proposed(19), ROOM, facts(Span(at(19), at(20, 30))))[0].limit is None
