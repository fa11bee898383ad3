"""What a room is now, and what comes next in it, as read off its day."""

from datetime import date, datetime
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from center.bookings.rulebook.segments import Segment, SegmentState
from center.timetable.boards import RoomState, room_now

ZONE = ZoneInfo("Asia/Shanghai")
S = SegmentState


def at(clock: str) -> datetime:
    return datetime.combine(date(2026, 11, 23), datetime.strptime(clock, "%H:%M").time(), ZONE)


def day(*spans: tuple[str, str, SegmentState]) -> Any:
    segments = tuple(
        Segment(state, at(start), at(end), booking_reference=start if state is S.BOOKED else None)
        for start, end, state in spans
    )
    return SimpleNamespace(segments=segments, closed_reason="")


BUSY = day(
    ("08:00", "09:00", S.PAST),
    ("09:00", "10:00", S.BOOKED),
    ("10:00", "10:15", S.CLEARING),
    ("10:15", "12:00", S.FREE),
    ("12:00", "14:00", S.SHUT),
    ("14:00", "15:00", S.CLOSED),
    ("15:00", "16:00", S.BOOKED),
    ("16:00", "20:00", S.FREE),
)


@pytest.mark.parametrize(
    ("now", "state", "until", "next_start"),
    [
        ("07:00", RoomState.NOT_YET, "08:00", "09:00"),
        ("08:30", RoomState.FREE, "09:00", "09:00"),
        ("09:00", RoomState.IN_USE, "10:00", "14:00"),
        ("09:59", RoomState.IN_USE, "10:00", "14:00"),
        ("10:00", RoomState.CLEARING, "10:15", "14:00"),
        ("10:15", RoomState.FREE, "12:00", "14:00"),
        ("12:30", RoomState.SHUT, "14:00", "14:00"),
        ("14:30", RoomState.CLOSED, "15:00", "15:00"),
        ("16:00", RoomState.FREE, "20:00", None),
        ("20:00", RoomState.OVER, None, None),
        ("23:00", RoomState.OVER, None, None),
    ],
)
def test_a_room_says_what_it_does_now_and_next(
    now: str, state: RoomState, until: str | None, next_start: str | None
) -> None:
    seen = room_now(BUSY, at(now))
    assert seen.state is state
    assert seen.until == (at(until) if until else None)
    assert (seen.next.start if seen.next else None) == (at(next_start) if next_start else None)
    assert (seen.current is not None) == (state in {RoomState.IN_USE, RoomState.CLOSED})


def test_what_is_booked_next_may_come_after_a_closure() -> None:
    seen = room_now(BUSY, at("10:15"))
    assert seen.next
    assert seen.next_booking
    assert (seen.next.start, seen.next_booking.start) == (at("14:00"), at("15:00"))


def test_a_room_that_does_not_open_is_closed_today_and_not_idle() -> None:
    seen = room_now(day(), at("09:00"))
    assert (seen.state, seen.is_idle) == (RoomState.CLOSED_TODAY, False)


def test_a_room_nobody_uses_all_day_is_idle() -> None:
    quiet = day(("08:00", "09:00", S.PAST), ("09:00", "20:00", S.FREE))
    assert room_now(quiet, at("09:00")).is_idle
    assert not room_now(BUSY, at("17:00")).is_idle
