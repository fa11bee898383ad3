"""What the desk reads off a day and off what was typed."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from center.web.desk import rules

ZONE = ZoneInfo("Asia/Shanghai")


def at(clock: str) -> datetime:
    return datetime.combine(date(2026, 11, 23), datetime.strptime(clock, "%H:%M").time(), ZONE)


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
