"""What a month and a sheet of paper make of days, and which other times are offered: pure decisions."""

from datetime import date, datetime, time
from types import SimpleNamespace
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from center.bookings.rulebook.segments import Segment, SegmentState
from center.kernel.spans import Span
from center.rooms.models import AccessFeature
from center.rooms.wants import lacking_features
from center.timetable.finding import OtherTime, nearest_of
from center.timetable.months import DayState, Month, MonthDay, month_of
from center.timetable.sheets import make_sheet, references_on

ZONE = ZoneInfo("Asia/Shanghai")
S = SegmentState


def at(clock: str, day: int = 23) -> datetime:
    return datetime.combine(date(2026, 11, day), time.fromisoformat(clock), ZONE)


def span(start: str, end: str, day: int = 23) -> Span:
    return Span(at(start, day), at(end, day))


def room(code: str = "R1", capacity: int = 20, *features: AccessFeature, **facts: Any) -> Any:
    has = [SimpleNamespace(feature=feature) for feature in features]
    return SimpleNamespace(**{"code": code, "position": 0, "capacity": capacity, "features": has, **facts})


def test_the_nearest_times_are_offered_in_order_and_the_smallest_room_for_each() -> None:
    small, large = room("S", 10), room("L", 50)
    options = [
        OtherTime(large, span("10:00", "11:00")),
        OtherTime(small, span("10:00", "11:00")),
        OtherTime(small, span("18:00", "19:00")),
        OtherTime(large, span("15:00", "16:00")),
        OtherTime(large, span("13:00", "14:00")),
    ]
    offered = nearest_of(options, at("14:00"))
    assert [(o.room.code, o.span.start) for o in offered] == [
        ("S", at("10:00")),
        ("L", at("13:00")),
        ("L", at("15:00")),
    ]


def test_there_may_be_no_other_time() -> None:
    assert nearest_of([], at("14:00")) == []


def test_a_room_lacks_what_is_needed_and_not_there() -> None:
    quiet = room("R1", 20, AccessFeature.STEP_FREE)
    needs = [AccessFeature.HEARING_LOOP, AccessFeature.STEP_FREE, AccessFeature.LIFT]
    assert lacking_features(quiet, needs) == [AccessFeature.LIFT, AccessFeature.HEARING_LOOP]
    assert lacking_features(quiet, []) == []


@pytest.mark.parametrize(
    ("day", "first", "last"),
    [
        (date(2026, 11, 23), date(2026, 11, 1), date(2026, 11, 30)),
        (date(2026, 12, 31), date(2026, 12, 1), date(2026, 12, 31)),
        (date(2028, 2, 1), date(2028, 2, 1), date(2028, 2, 29)),
        (date(2027, 2, 28), date(2027, 2, 1), date(2027, 2, 28)),
    ],
)
def test_a_month_begins_and_ends(day: date, first: date, last: date) -> None:
    assert month_of(day) == (first, last)


def test_weeks_begin_on_monday_and_other_months_days_are_left_out() -> None:
    days = tuple(MonthDay(date(2026, 11, n), DayState.FREE) for n in range(1, 31))
    weeks = Month(days).weeks
    assert [len(week) for week in weeks] == [7] * 6
    assert weeks[0][:6] == [None] * 6  # 1 November 2026 is a Sunday
    assert weeks[-1][0] == days[-1]
    assert weeks[-1][1:] == [None] * 6


def sheet_day(*segments: Segment, is_confidential: bool = False) -> Any:
    return SimpleNamespace(
        room=room(name="书画室", name_en="", is_confidential=is_confidential), segments=segments, closed_reason=""
    )


def test_a_use_stands_in_the_part_of_the_day_in_which_it_starts() -> None:
    day = sheet_day(
        Segment(S.FREE, at("08:00"), at("11:30")),
        Segment(S.BOOKED, at("11:30"), at("12:30"), "Choir"),
        Segment(S.CLEARING, at("12:30"), at("12:45")),
        Segment(S.CLOSED, at("12:45"), at("17:59"), "New lamps"),
        Segment(S.BOOKED, at("18:00"), at("19:00")),
    )
    (row,) = make_sheet([day], zone=ZONE).rows
    assert [[entry.label for entry in part] for part in row.parts] == [["Choir"], ["New lamps"], [""]]
    assert [[entry.is_closure for entry in part] for part in row.parts] == [[False], [True], [False]]


def test_names_stand_on_paper_only_where_they_are_given_and_never_for_a_confidential_room() -> None:
    use = Segment(S.BOOKED, at("09:00"), at("10:00"), booking_reference="AAAA")
    shown, hidden = sheet_day(use), sheet_day(use, is_confidential=True)
    assert references_on([shown]) == {"AAAA"}
    assert references_on([hidden]) == set()
    labels = [row.parts[0][0].label for row in make_sheet([shown, hidden], zone=ZONE, names={"AAAA": "王测试"}).rows]
    assert labels == ["王测试", ""]


@pytest.mark.parametrize(
    ("rows", "label", "size"),
    [
        (7, "", "large"),
        (14, "读书", "large"),
        (13, "青和书画社 · 社员作品讲评", "medium"),
        (26, "青和书画社 · 社员作品讲评", "small"),
        (33, "青和书画社 · 社员作品讲评", "tiny"),
        (200, "", "small"),
    ],
)
def test_letters_are_as_large_as_a_day_allows(rows: int, label: str, size: str) -> None:
    day = sheet_day(Segment(S.BOOKED, at("09:00"), at("09:30"), label))
    assert make_sheet([day] * rows, zone=ZONE).size == size
