"""The rule book of bookings, on plain values."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.bookings.models import BookingStatus
from center.bookings.rulebook.facts import Facts, Party, ProposedUse, RoomRules, Rule
from center.bookings.rulebook.rules import bookable_spans, breaches, fitting_starts, needs_approval
from center.bookings.rulebook.times import nearest_times
from center.bookings.states import TRANSITIONS
from center.kernel.spans import LocalSpan, Span, day_span
from center.rooms.models import Approval

ZONE = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=ZONE)

ROOM = RoomRules(
    capacity=20,
    min_people=1,
    residents_may_book=True,
    organisations_may_book=True,
    approval=Approval.FROM_PEOPLE,
    approval_from_people=50,
    min_minutes=30,
    max_minutes=120,
    org_max_minutes=180,
    step_minutes=30,
    buffer_minutes=15,
    notice_minutes=24 * 60,
    horizon_days=14,
    org_horizon_days=30,
    live_limit=2,
    org_live_limit=0,
    cancel_minutes=120,
)


def at(hour: int, minute: int = 0, days: int = 2) -> datetime:
    return datetime.combine(MONDAY + timedelta(days=days), time(hour, minute), ZONE)


def proposed(
    hour: int = 10, minute: int = 0, *, minutes: int = 60, people: int = 5, party: Party = Party.PERSON, days: int = 2
) -> ProposedUse:
    start = at(hour, minute, days)
    return ProposedUse(Span(start, start + timedelta(minutes=minutes)), people, party)


def facts(*taken: Span, days: int = 40, live_count: int = 0, now: datetime = NOW) -> Facts:
    hours = LocalSpan(time(8, 30), time(20, 30))
    open_spans = tuple(hours.on(MONDAY + timedelta(days=n), ZONE) for n in range(days))
    return Facts(now=now, zone=ZONE, open_spans=open_spans, taken=taken, live_count=live_count)


@pytest.mark.parametrize(
    ("asked", "room", "expected"),
    [
        pytest.param(proposed(), {}, [], id="an ordinary wish breaks nothing"),
        pytest.param(proposed(8, 30), {}, [], id="a booking may begin when the room opens"),
        pytest.param(
            proposed(19, 30), {}, [], id="a booking may end when the room closes, though clearing up runs past it"
        ),
        pytest.param(proposed(20), {}, [(Rule.OPEN, None)], id="a booking may not run past closing"),
        pytest.param(proposed(8), {}, [(Rule.OPEN, None)], id="a booking may not begin before opening"),
        pytest.param(proposed(minutes=121), {}, [(Rule.LONGEST, 120)], id="a minute too long is too long"),
        pytest.param(proposed(minutes=180, party=Party.ORGANISATION), {}, [], id="organisations may stay longer"),
        pytest.param(proposed(minutes=240, party=Party.STAFF), {}, [], id="staff book as long as the room is open"),
        pytest.param(proposed(minutes=20), {}, [(Rule.SHORTEST, 30)], id="shorter than the shortest"),
        pytest.param(proposed(10, 10), {}, [(Rule.STEP, 30)], id="off the step"),
        pytest.param(proposed(people=20), {}, [], id="a full room is allowed"),
        pytest.param(proposed(people=21), {}, [(Rule.CAPACITY, 20)], id="one more than the room holds"),
        pytest.param(proposed(people=4), {"min_people": 5}, [(Rule.MIN_PEOPLE, 5)], id="too small a group"),
        pytest.param(proposed(), {"residents_may_book": False}, [(Rule.PARTY, None)], id="not for residents"),
        pytest.param(proposed(party=Party.STAFF), {"residents_may_book": False}, [], id="the desk books any room"),
        pytest.param(proposed(9, days=1), {}, [], id="notice is kept to the minute"),
        pytest.param(proposed(8, 30, days=1), {}, [(Rule.NOTICE, NOW + timedelta(days=1))], id="half an hour too late"),
        pytest.param(proposed(8, 30, days=1, party=Party.STAFF), {}, [], id="the desk needs no notice"),
        pytest.param(proposed(19, days=14), {}, [], id="the last day of the horizon is allowed to its end"),
        pytest.param(proposed(days=15), {}, [(Rule.HORIZON, MONDAY + timedelta(days=14))], id="a day past the horizon"),
        pytest.param(proposed(days=30, party=Party.ORGANISATION), {}, [], id="organisations see further"),
        pytest.param(
            proposed(17),
            {"windows": (LocalSpan(time(14, 30), time(17, 30)),)},
            [(Rule.WINDOW, None)],
            id="leaves the window",
        ),
        pytest.param(
            proposed(16, 30), {"windows": (LocalSpan(time(14, 30), time(17, 30)),)}, [], id="ends with the window"
        ),
    ],
)
def test_each_rule_bites_exactly_at_its_limit(asked: ProposedUse, room: dict[str, Any], expected: Any) -> None:
    found = breaches(asked, replace(ROOM, **room), facts())
    assert [(breach.rule, breach.limit) for breach in found] == expected


def test_staff_may_book_the_step_that_is_running_and_nobody_else() -> None:
    five_past = facts(now=at(10, 5, days=0))
    running = proposed(10, days=0, party=Party.STAFF)
    assert breaches(running, ROOM, five_past) == []
    assert Rule.PAST in {breach.rule for breach in breaches(proposed(10, days=0), ROOM, five_past)}
    half_an_hour_on = facts(now=at(10, 31, days=0))
    assert [breach.rule for breach in breaches(running, ROOM, half_an_hour_on)] == [Rule.PAST]


def test_a_past_time_is_refused_even_to_staff() -> None:
    found = breaches(proposed(8, 30, days=0, party=Party.STAFF), ROOM, facts(now=at(9, 1, days=0)))
    assert [breach.rule for breach in found] == [Rule.PAST]


def test_a_third_live_booking_is_refused() -> None:
    assert [breach.rule for breach in breaches(proposed(), ROOM, facts(live_count=2))] == [Rule.LIVE_LIMIT]
    assert breaches(proposed(), ROOM, facts(live_count=1)) == []
    assert breaches(proposed(), replace(ROOM, live_limit=0), facts(live_count=99)) == []


def test_the_gap_between_two_uses_is_one_buffer() -> None:
    cleared_at_11 = Span(at(9), at(11))
    assert breaches(proposed(11), ROOM, facts(cleared_at_11)) == []
    next_use = Span(at(12, 15), at(13))
    assert breaches(proposed(11), ROOM, facts(next_use)) == []
    a_minute_early = Span(at(12, 14), at(13))
    assert [breach.rule for breach in breaches(proposed(11), ROOM, facts(a_minute_early))] == [Rule.FREE]


def test_two_touching_opening_spans_are_one() -> None:
    split = (Span(at(8), at(12)), Span(at(12), at(18)))
    known = Facts(now=NOW, zone=ZONE, open_spans=split, taken=())
    assert breaches(proposed(11), replace(ROOM, buffer_minutes=0), known) == []


def test_several_breaches_are_all_reported() -> None:
    found = breaches(proposed(7, minutes=300, people=99), ROOM, facts())
    assert {breach.rule for breach in found} == {Rule.LONGEST, Rule.CAPACITY, Rule.OPEN}


@pytest.mark.parametrize(
    ("approval", "people", "party", "waits"),
    [
        (Approval.NEVER, 500, Party.PERSON, False),
        (Approval.ALWAYS, 1, Party.ORGANISATION, True),
        (Approval.ALWAYS, 1, Party.STAFF, False),
        (Approval.FROM_PEOPLE, 49, Party.PERSON, False),
        (Approval.FROM_PEOPLE, 50, Party.PERSON, True),
    ],
)
def test_who_needs_approval(approval: Approval, people: int, party: Party, waits: bool) -> None:
    assert needs_approval(proposed(people=people, party=party), replace(ROOM, approval=approval)) is waits


def test_ended_bookings_never_come_back() -> None:
    ended = set(BookingStatus) - {BookingStatus.REQUESTED, BookingStatus.CONFIRMED, BookingStatus.DECLINED}
    assert all(not TRANSITIONS[status] for status in ended)
    assert TRANSITIONS[BookingStatus.DECLINED] == {BookingStatus.REQUESTED}, "when the decision is taken back"
    assert set(TRANSITIONS) == set(BookingStatus)


def test_the_nearest_times_are_free_and_break_no_rule() -> None:
    taken = Span(at(9), at(12))
    asked = proposed(10)
    found = nearest_times(asked, ROOM, facts(taken))
    assert len(found) == 3
    assert all(breaches(ProposedUse(span, 5, Party.PERSON), ROOM, facts(taken)) == [] for span in found)
    assert found[0].start < found[1].start < found[2].start


def test_a_wish_that_is_too_long_is_offered_the_longest_allowed() -> None:
    found = nearest_times(proposed(minutes=600), ROOM, facts())
    assert {span.length for span in found} == {timedelta(minutes=120)}


def test_windows_cut_the_opening_hours() -> None:
    room = replace(ROOM, windows=(LocalSpan(time(9), time(11, 30)), LocalSpan(time(18, 30), time(23))))
    spans = bookable_spans([LocalSpan(time(8), time(20)).on(MONDAY, ZONE)], room, ZONE)
    assert spans == [Span(at(9, days=0), at(11, 30, days=0)), Span(at(18, 30, days=0), at(20, days=0))]


minutes_of_day = st.integers(0, 24 * 60 - 1)
spans = st.builds(
    lambda start, length: Span(
        day_span(MONDAY, ZONE).start + timedelta(minutes=start),
        day_span(MONDAY, ZONE).start + timedelta(minutes=start + length),
    ),
    minutes_of_day,
    st.integers(1, 300),
)


@given(st.lists(spans, max_size=8), st.sampled_from([5, 15, 30, 60]), st.integers(0, 60), st.integers(5, 240))
def test_every_fitting_start_is_one_the_rule_book_accepts(taken: Any, step: Any, buffer: Any, length: Any) -> None:
    room = replace(ROOM, step_minutes=step, buffer_minutes=buffer, min_minutes=5, max_minutes=1440, notice_minutes=0)
    known = facts(*taken, days=1, now=day_span(MONDAY, ZONE).start)
    for start in fitting_starts(timedelta(minutes=length), room, known):
        assert breaches(ProposedUse(Span(start, start + timedelta(minutes=length)), 1, Party.PERSON), room, known) == []
