"""Where the sessions of a day stand at a moment, and whose a piece of a room's day is."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from center.bookings.rulebook.segments import Segment, SegmentState
from center.signups.models import Mode
from center.timetable.sessions_now import SessionNow, Standing, session_in, sessions_now

ZONE = ZoneInfo("Asia/Shanghai")


def at(clock: str) -> datetime:
    return datetime.combine(date(2026, 11, 23), datetime.strptime(clock, "%H:%M").time(), ZONE)


def card(starts: str = "10:00", ends: str = "11:00", **facts: Any) -> Any:
    known = {"id": 1, "room_id": 7, "roster_id": 1, "mode": Mode.FIRST_COME, "capacity": 20, "taken": 18, **facts}
    return SimpleNamespace(starts_at=at(starts), ends_at=at(ends), **known)


@pytest.mark.parametrize(
    ("now", "standings"),
    [
        ("08:00", ["next", "later", "later", "later"]),
        ("09:00", ["on", "next", "next", "later"]),
        ("09:59", ["on", "next", "next", "later"]),
        ("10:00", ["over", "on", "next", "later"]),
        ("12:00", ["over", "over", "over", "next"]),
        ("20:00", ["over", "over", "over", "over"]),
    ],
)
def test_a_session_is_on_from_its_start_to_its_end_and_next_where_nothing_or_an_hour_lies_before_it(
    now: str, standings: list[str]
) -> None:
    day = [card("09:00", "10:00"), card("10:00", "11:00"), card("10:00", "11:30"), card("15:00", "16:00")]
    day[2].starts_at += timedelta(minutes=0 if now == "09:00" else 1 if now == "10:00" else 0)
    assert [each.standing for each in sessions_now(day, now=at(now))] == [Standing(each) for each in standings]


def test_how_many_are_here_is_nobody_where_the_register_counts_and_unknown_where_none_does() -> None:
    two = [card(id=1), card(id=2)]
    assert [each.here for each in sessions_now(two, now=at("10:30"), here={2: 12})] == [0, 12]
    assert [each.here for each in sessions_now(two, now=at("10:30"))] == [None, None]


@pytest.mark.parametrize(
    ("facts", "taken", "free"),
    [
        ({}, 18, 2),
        ({"taken": 20}, 20, 0),
        ({"taken": None}, 0, 20),
        ({"roster_id": None, "capacity": None, "taken": None, "mode": None}, None, None),
    ],
)
def test_places_are_counted_where_there_are_any(facts: dict[str, Any], taken: int | None, free: int | None) -> None:
    shown = SessionNow(card(**facts), Standing.ON)
    assert (shown.taken, shown.free) == (taken, free)


def piece(start: str = "10:00", state: SegmentState = SegmentState.BOOKED, reference: str | None = None) -> Segment:
    return Segment(state, at(start), at("11:00"), booking_reference=reference)


@pytest.mark.parametrize(
    ("room_id", "parent_id", "segment", "is_its"),
    [
        pytest.param(7, None, piece(), True, id="its own room"),
        pytest.param(8, 7, piece(), True, id="a part of its room"),
        pytest.param(5, None, piece(), True, id="the whole of which its room is a part"),
        pytest.param(7, None, piece("10:30"), True, id="from the middle on"),
        pytest.param(9, None, piece(), False, id="another room"),
        pytest.param(9, 6, piece(), False, id="a part of another room"),
        pytest.param(7, None, piece("09:30"), False, id="before it starts"),
        pytest.param(7, None, piece(reference="K7QM-2F9D"), False, id="a booking"),
        pytest.param(7, None, piece(state=SegmentState.CLOSED), False, id="a closure"),
    ],
)
def test_a_piece_of_a_rooms_day_is_the_session_that_uses_it(
    room_id: int, parent_id: int | None, segment: Segment, is_its: bool
) -> None:
    day: Any = SimpleNamespace(room=SimpleNamespace(id=room_id, parent_id=parent_id))
    found = session_in([card()], day, segment, {7: 5, 8: 7, 5: None})
    assert (found is not None) is is_its
