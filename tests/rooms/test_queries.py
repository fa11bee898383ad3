"""When rooms are open."""

from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from flask import Flask

from center.kernel.i18n import centre
from center.kernel.spans import LocalSpan, days
from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.rooms.models import PUBLIC_HOLIDAY, OpeningHours, Room
from center.rooms.queries import OtherHours, Schedule, all_rooms, load_schedule
from tests.builders import ZONE, make_hall, make_room
from tests.engines import ONE_ENGINE
from tests.statements import selects
from tests.there import there

MONDAY, SATURDAY, SUNDAY = date(2026, 11, 23), date(2026, 11, 28), date(2026, 11, 29)
HOLIDAY = NamedDay(DayKind.HOLIDAY, "国庆节", "National Day")
WORKED = NamedDay(DayKind.WORKING)


def room(hours: list[tuple[int, int, int]], *, id: int = 1, parent: Any = None) -> Any:
    made = Room(id=id, code=f"R{id}", name="室", parent=parent, parent_id=parent.id if parent else None)
    made.hours = [
        OpeningHours(weekday=weekday, opens=time(opens), closes=time(closes)) for weekday, opens, closes in hours
    ]
    return made


def schedule(calendar: Any = None, exceptions: Any = None, zone: Any = ZONE) -> Schedule:
    return Schedule(zone=zone, calendar=calendar or {}, exceptions=exceptions or {})


def opening(schedule: Schedule, room: Room, day: date) -> Any:
    return [
        (span.start.astimezone(ZONE).hour, span.end.astimezone(ZONE).hour) for span in schedule.open_spans(room, day)
    ]


WEEK = [(0, 8, 12), (0, 14, 20), (5, 9, 17), (PUBLIC_HOLIDAY, 10, 15)]


@pytest.mark.parametrize(
    ("day", "calendar", "exceptions", "expected"),
    [
        pytest.param(MONDAY, {}, {}, [(8, 12), (14, 20)], id="a weekday with a break"),
        pytest.param(SUNDAY, {}, {}, [], id="a day without hours is closed"),
        pytest.param(MONDAY, {MONDAY: HOLIDAY}, {}, [(10, 15)], id="a public holiday has hours of its own"),
        pytest.param(SATURDAY, {SATURDAY: WORKED}, {}, [(8, 12), (14, 20)], id="a make-up Saturday is a Monday"),
        pytest.param(MONDAY, {MONDAY: WORKED}, {}, [(8, 12), (14, 20)], id="a working Monday stays a Monday"),
        pytest.param(
            MONDAY,
            {MONDAY: HOLIDAY},
            {(None, MONDAY): OtherHours((LocalSpan(time(18), time(20)),))},
            [(18, 20)],
            id="the centre's exception goes over a holiday",
        ),
        pytest.param(
            MONDAY,
            {},
            {(None, MONDAY): OtherHours(), (1, MONDAY): OtherHours((LocalSpan(time(9), time(10)),))},
            [(9, 10)],
            id="the room's exception goes over the centre's",
        ),
        pytest.param(MONDAY, {}, {(1, MONDAY): OtherHours()}, [], id="an exception without hours closes"),
        pytest.param(MONDAY, {}, {(2, MONDAY): OtherHours()}, [(8, 12), (14, 20)], id="another room's says nothing"),
    ],
)
def test_hours_of_a_day(day: Any, calendar: Any, exceptions: Any, expected: Any) -> None:
    assert opening(schedule(calendar, exceptions), room(WEEK), day) == expected


def test_midnight_is_the_end_of_the_day() -> None:
    late = room([(0, 18, 0)])
    (span,) = schedule().open_spans(late, MONDAY)
    assert (span.start.hour, span.end.hour, span.end.date()) == (18, 0, date(2026, 11, 24))


def test_overlapping_rows_count_once() -> None:
    assert opening(schedule(), room([(0, 8, 12), (0, 10, 14), (0, 14, 16)]), MONDAY) == [(8, 16)]


def test_a_part_opens_with_its_whole() -> None:
    hall = room(WEEK)
    part = room([], id=2, parent=hall)
    assert opening(schedule(), part, MONDAY) == [(8, 12), (14, 20)]
    assert opening(schedule(exceptions={(1, MONDAY): OtherHours()}), part, MONDAY) == []


def test_a_part_may_have_hours_of_its_own_and_the_whole_then_needs_both() -> None:
    hall = room(WEEK)
    part = room([(0, 10, 16)], id=2, parent=hall)
    assert opening(schedule(), part, MONDAY) == [(10, 16)]
    assert opening(schedule(), hall, MONDAY) == [(10, 12), (14, 16)]


def test_the_whole_is_closed_while_a_part_is() -> None:
    hall = room(WEEK)
    room([], id=2, parent=hall)
    shut = schedule(exceptions={(2, MONDAY): OtherHours(reason="修灯")})
    assert opening(shut, hall, MONDAY) == []


def test_another_zone_opens_by_its_own_clock() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    (first, _second) = schedule(zone=berlin).open_spans(room(WEEK), MONDAY)
    assert there(first.start.utcoffset()).total_seconds() == 3600


@pytest.mark.parametrize(
    ("day", "calendar", "exceptions", "reason"),
    [
        pytest.param(SUNDAY, {}, {}, "Closed on Sundays", id="weekday"),
        pytest.param(SUNDAY, {SUNDAY: HOLIDAY}, {}, "", id="open on holidays"),
        pytest.param(
            MONDAY, {}, {(None, MONDAY): OtherHours(reason="消杀", reason_en="Cleaning")}, "Cleaning", id="said"
        ),
        pytest.param(MONDAY, {}, {(1, MONDAY): OtherHours()}, "Closed on this day", id="nothing said"),
        pytest.param(MONDAY, {}, {}, "", id="open"),
    ],
)
def test_a_closed_day_says_why(app: Flask, day: Any, calendar: Any, exceptions: Any, reason: str) -> None:
    with app.test_request_context("/?lang=en"):
        assert schedule(calendar, exceptions).closed_reason(room(WEEK), day) == reason


def test_a_public_holiday_is_named(app: Flask) -> None:
    with app.test_request_context("/?lang=en"):
        assert schedule({MONDAY: HOLIDAY}).closed_reason(room(WEEK[:3]), MONDAY) == "Public holiday: National Day"


@ONE_ENGINE
def test_the_real_calendar_rules_real_rooms(app: Flask) -> None:
    room = make_room(hours=[(0, time(8), time(20))])
    loaded = load_schedule([room], date(2026, 10, 1), date(2026, 10, 10), zone=ZONE)
    assert loaded.open_spans(room, date(2026, 10, 5)) == [], "a Monday within the National Day holiday"
    assert len(loaded.open_spans(room, date(2026, 10, 10))) == 1, "a make-up working Saturday"


@ONE_ENGINE
def test_loading_asks_little_however_many_rooms_and_days(app: Flask) -> None:
    make_hall()
    for _ in range(3):
        make_room()
    rooms = all_rooms()
    centre()
    with selects() as seen:
        loaded = load_schedule(rooms, MONDAY, SUNDAY, zone=ZONE)
        assert all(loaded.open_spans(room, day) for room in rooms for day in days(MONDAY, SUNDAY))
    assert len(seen) <= 3
