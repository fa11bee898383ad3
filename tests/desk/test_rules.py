"""What the desk reads off a day and off what was typed."""

from datetime import date, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from center.bookings.rulebook.availability import Segment, SegmentState
from center.web.desk import rules
from center.web.desk.rules import RoomState

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
    seen = rules.room_now(BUSY, at(now))
    assert seen.state is state
    assert seen.until == (at(until) if until else None)
    assert (seen.next.start if seen.next else None) == (at(next_start) if next_start else None)
    assert (seen.current is not None) == (state in {RoomState.IN_USE, RoomState.CLOSED})


def test_a_room_that_does_not_open_is_closed_today_and_not_idle() -> None:
    seen = rules.room_now(day(), at("09:00"))
    assert (seen.state, seen.is_idle) == (RoomState.CLOSED_TODAY, False)


def test_a_room_nobody_uses_all_day_is_idle() -> None:
    quiet = day(("08:00", "09:00", S.PAST), ("09:00", "20:00", S.FREE))
    assert rules.room_now(quiet, at("09:00")).is_idle
    assert not rules.room_now(BUSY, at("17:00")).is_idle


@pytest.mark.parametrize(
    ("born", "band"),
    [
        (None, None),
        (2030, (0, 13)),
        (2014, (0, 13)),
        (2012, (14, 17)),
        (1966, (60, 69)),
        (1967, (18, 59)),
        (1948, (70, 79)),
        (1946, (80, None)),
        (1901, (80, None)),
    ],
)
def test_ages_are_told_in_bands(born: int | None, band: tuple[int, int | None] | None) -> None:
    assert rules.age_band(born, date(2026, 11, 23)) == band


@pytest.mark.parametrize(("least", "most", "minutes"), [(30, 120, 60), (90, 120, 90), (15, 45, 45), (60, 60, 60)])
def test_the_desk_looks_for_an_hour_unless_the_room_says_otherwise(least: int, most: int, minutes: int) -> None:
    assert rules.usual_minutes(least, most) == minutes


@pytest.mark.parametrize(
    ("typed", "known"),
    [
        ("", {}),
        ("5678", {}),
        ("lxy", {}),
        ("🎉%_", {}),
        ("99-301", {}),
        ("李秀英", {"name": "李秀英"}),
        ("Zoë Smith", {"name": "Zoë Smith"}),
        ("19900005678", {"phone": "19900005678"}),
        ("3-2-301", {"building_id": 7, "unit": "2", "door": "301"}),
        ("李秀英 3-2-301", {"name": "李秀英", "building_id": 7, "unit": "2", "door": "301"}),
    ],
)
def test_what_was_searched_for_fills_the_form_for_somebody_new(typed: str, known: dict[str, Any]) -> None:
    assert rules.prefilled(typed, {"3": 7}) == known


def test_a_booking_is_over_once_it_has_ended() -> None:
    now = at("10:00")
    assert rules.is_over(now, now)
    assert not rules.is_over(now + timedelta(minutes=1), now)
