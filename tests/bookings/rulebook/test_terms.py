"""Kept hours, hours without approval, purposes and what staff may override, on plain values."""

from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

import pytest

from center.bookings.rulebook.facts import (
    Agreement,
    DayHours,
    Facts,
    Named,
    Party,
    Priority,
    ProposedUse,
    PurposeTerms,
    Rule,
    Terms,
    reserve,
)
from center.bookings.rulebook.quotas import QuotaTerms, QuotaUses
from center.bookings.rulebook.rules import agreements, breaches, weigh
from center.bookings.rulebook.times import nearest_times
from center.kernel.spans import LocalSpan, Span
from center.rooms.models import Approval
from center.rooms.rule_models import Period, PurposeRule, Whose
from tests.bookings.rulebook.test_rules import MONDAY, NOW, ROOM, ZONE, at, facts, proposed

SCHOOL = Priority(
    name=Named("四点半学校"), hours=LocalSpan(time(15, 30), time(18, 30)), weekdays=frozenset(range(5)), release_days=2
)


def on(terms: Terms, *taken: Span, **known: Any) -> Facts:
    return replace(facts(*taken, **known), terms=terms)


def kept(*priorities: Priority, today: date = MONDAY) -> Terms:
    last = MONDAY + timedelta(days=30)
    spans = reserve(priorities, MONDAY, last, today=today, kind_of=lambda day: day.weekday(), zone=ZONE)
    return Terms(reserved=tuple(spans))


@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        pytest.param(proposed(14, 30, days=3), [], id="ends as the kept hours begin"),
        pytest.param(proposed(15, days=3), [Rule.PRIORITY], id="reaches into the kept hours"),
        pytest.param(proposed(18, 30, days=3), [], id="begins as they end"),
        pytest.param(proposed(16, days=5), [], id="not on a Saturday"),
        pytest.param(proposed(16, days=2), [], id="released two days before"),
        pytest.param(
            proposed(16, days=3, party=Party.ORGANISATION), [Rule.PRIORITY], id="organisations are others too"
        ),
        pytest.param(proposed(16, days=3, party=Party.STAFF), [], id="the desk fills them"),
    ],
)
def test_hours_are_kept_for_others(asked: ProposedUse, expected: Any) -> None:
    assert [each.rule for each in breaches(asked, ROOM, on(kept(SCHOOL)))] == expected


def test_kept_hours_count_within_their_dates_only() -> None:
    term = replace(SCHOOL, starts_on=MONDAY + timedelta(days=7), ends_on=MONDAY + timedelta(days=8))
    assert [each.span.start.date() for each in kept(term).reserved] == [term.starts_on, term.ends_on]


def test_nobody_is_offered_kept_hours() -> None:
    found = nearest_times(proposed(16, days=3), ROOM, on(kept(SCHOOL)))
    assert found
    assert all(
        breaches(proposed(16, days=3).__class__(s, 5, Party.PERSON), ROOM, on(kept(SCHOOL))) == [] for s in found
    )


@pytest.mark.parametrize(
    ("asked", "room", "expected"),
    [
        pytest.param(proposed(10), {}, [], id="inside the hours"),
        pytest.param(proposed(17, 30), {}, [Agreement.HOURS], id="over their end"),
        pytest.param(proposed(10, days=5), {}, [Agreement.HOURS], id="on a day without any"),
        pytest.param(proposed(10), {"approval": Approval.ALWAYS}, [Agreement.ROOM], id="the room always asks"),
        pytest.param(
            proposed(17, 30, people=5),
            {"approval_from_people": 5},
            [Agreement.PEOPLE, Agreement.HOURS],
            id="two reasons",
        ),
        pytest.param(replace(proposed(), purpose_id=2), {}, [Agreement.PURPOSE], id="the purpose asks"),
        pytest.param(replace(proposed(), purpose_id=1), {}, [], id="the purpose does not"),
    ],
)
def test_what_needs_approval(asked: Any, room: dict[str, Any], expected: Any) -> None:
    purposes = {n: PurposeTerms(n, Named("x"), rule) for n, rule in enumerate(PurposeRule, start=1)}
    hours = (
        DayHours(frozenset(range(5)), LocalSpan(time(9), time(12))),
        DayHours(frozenset({2}), LocalSpan(time(12), time(18))),
    )
    terms = Terms(approval_hours=hours, purposes=purposes)
    assert agreements(asked, replace(ROOM, **room), on(terms)) == expected


@pytest.mark.parametrize(
    ("terms", "expected"),
    [
        pytest.param(Terms(audience=(Named("织"),), is_invited=False), [Rule.AUDIENCE], id="not of the group"),
        pytest.param(Terms(audience=(Named("织"),), is_invited=True), [], id="of the group"),
        pytest.param(
            Terms(purposes={1: PurposeTerms(1, Named("卖"), PurposeRule.NOT_ALLOWED)}), [Rule.PURPOSE], id="selling"
        ),
        pytest.param(
            Terms(quotas=(QuotaUses(QuotaTerms(id=1, whose=Whose.PERSON, per=Period.DAY, most_bookings=0)),)),
            [Rule.QUOTA],
            id="over a quota",
        ),
    ],
)
def test_what_staff_set_binds_everybody_and_is_a_notice_to_staff(terms: Terms, expected: Any) -> None:
    asked = replace(proposed(), purpose_id=1)
    assert [each.rule for each in breaches(asked, ROOM, on(terms))] == expected
    stops, notices = weigh(replace(asked, party=Party.STAFF), ROOM, on(terms), whose=Party.PERSON)
    assert (stops, [each.rule for each in notices]) == ([], expected)


@pytest.mark.parametrize(
    ("asked", "room", "stops", "notices"),
    [
        pytest.param(proposed(minutes=180), {}, [], [Rule.LONGEST], id="too long for a resident"),
        pytest.param(proposed(days=20), {}, [], [Rule.HORIZON], id="too far ahead for a resident"),
        pytest.param(proposed(6), {}, [], [Rule.OPEN], id="before the room opens"),
        pytest.param(proposed(people=21), {}, [Rule.CAPACITY], [], id="more people than is safe"),
        pytest.param(proposed(9), {}, [Rule.FREE], [], id="taken"),
        pytest.param(proposed(8, 30, days=0), {}, [], [], id="the desk needs no notice"),
        pytest.param(
            proposed(),
            {"residents_may_book": False, "organisations_may_book": False},
            [],
            [],
            id="a room the desk books",
        ),
        pytest.param(proposed(), {"residents_may_book": False}, [], [Rule.PARTY], id="an organisations' room"),
    ],
)
def test_what_stops_staff_and_what_they_may_override(
    asked: ProposedUse, room: dict[str, Any], stops: Any, notices: Any
) -> None:
    known = facts(Span(at(9), at(9, 30)), now=at(8, 20, days=0))
    found = weigh(replace(asked, party=Party.STAFF), replace(ROOM, **room), known, whose=Party.PERSON)
    assert tuple([each.rule for each in listed] for listed in found) == (stops, notices)


def test_an_organisations_limits_count_when_staff_book_for_it() -> None:
    asked = replace(proposed(minutes=180), party=Party.STAFF)
    assert weigh(asked, ROOM, facts(), whose=Party.ORGANISATION) == ([], [])


def test_nothing_is_a_notice_to_those_who_book_for_themselves() -> None:
    stops, notices = weigh(proposed(minutes=600), ROOM, facts(now=NOW), whose=Party.PERSON)
    assert ([each.rule for each in stops], notices) == ([Rule.LONGEST], [])
