"""How the time of day is said."""

from datetime import time

import pytest
from flask import Flask

from center.kernel.i18n import format_clock, format_clocks
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


@pytest.mark.parametrize(
    ("address", "said"),
    [
        pytest.param("/?lang=zh", ["00:00", "09:05", "12:00", "12:30", "14:30"], id="staff"),
        pytest.param(
            "/?lang=zh&elder=1", ["半夜12:00", "上午9:05", "中午12:00", "中午12:30", "下午2:30"], id="elder mode"
        ),
        pytest.param(
            "/?lang=en&elder=1",
            ["12:00 midnight", "9:05 AM", "12:00 noon", "12:30 PM", "2:30 PM"],
            id="elder mode in English",
        ),
    ],
)
def test_noon_and_midnight_are_said_so_that_nobody_mistakes_them(app: Flask, address: str, said: list[str]) -> None:
    with app.test_request_context(address):
        heard = [format_clock(each).replace("\u202f", " ") for each in map(time, (0, 9, 12, 12, 14), (0, 5, 0, 30, 30))]
    assert heard == said


@pytest.mark.parametrize(
    ("address", "start", "end", "said"),
    [
        ("/?lang=zh", time(19, 15), time(20, 15), "19:15–20:15"),
        ("/?lang=zh&elder=1", time(19, 15), time(20, 15), "下午7:15–8:15"),
        ("/?lang=zh&elder=1", time(9), time(10, 30), "上午9:00–10:30"),
        ("/?lang=zh&elder=1", time(11), time(12), "上午11:00–中午12:00"),
        ("/?lang=zh&elder=1", time(12), time(12, 30), "中午12:00–12:30"),
        ("/?lang=zh&elder=1", time(11, 30), time(13), "上午11:30–下午1:00"),
        ("/?lang=en", time(9, 30), time(11), "09:30–11:00"),
        ("/?lang=en&elder=1", time(9, 30), time(11), "9:30–11:00 AM"),
        ("/?lang=en&elder=1", time(12, 30), time(14), "12:30–2:00 PM"),
        ("/?lang=en&elder=1", time(11), time(12), "11:00 AM–12:00 noon"),
        ("/?lang=en&elder=1", time(11, 30), time(13), "11:30 AM–1:00 PM"),
    ],
)
def test_a_span_says_the_part_of_the_day_once_where_both_ends_lie_in_it(
    app: Flask, address: str, start: time, end: time, said: str
) -> None:
    with app.test_request_context(address):
        assert format_clocks(start, end).replace("\u202f", " ") == said
