"""What staff may say of a room: hours as they are typed, codes, and booking rules."""

from datetime import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from center.kernel.errors import RuleBroken
from center.kernel.spans import LocalSpan
from center.rooms.hours import format_hours, parse_hours, parse_one
from center.rooms.models import Approval
from center.rooms.rules import BookingRules, check_booking_rules, check_code


def hours(*pairs: Any) -> list[LocalSpan]:
    return [LocalSpan(time.fromisoformat(opens), time.fromisoformat(closes)) for opens, closes in pairs]


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param("", [], id="nothing is closed"),
        pytest.param("  ", [], id="blanks are closed"),
        pytest.param("08:30-20:30", hours(("08:30", "20:30")), id="one span"),
        pytest.param("14:00-20:30, 08:30-12:00", hours(("08:30", "12:00"), ("14:00", "20:30")), id="sorted"),
        pytest.param("8:30–12:00；14:00—20:30", hours(("08:30", "12:00"), ("14:00", "20:30")), id="other dashes"),
        pytest.param(
            "8：30～12：00、14：00至20：30", hours(("08:30", "12:00"), ("14:00", "20:30")), id="Chinese marks"
        ),
        pytest.param("9-12", hours(("09:00", "12:00")), id="full hours"),
        pytest.param("18:00-24:00", hours(("18:00", "00:00")), id="until midnight"),
        pytest.param("0:00-24:00", hours(("00:00", "00:00")), id="all day"),
        pytest.param("08:00-12:00, 12:00-14:00", hours(("08:00", "14:00")), id="touching spans become one"),
    ],
)
def test_hours_are_read_as_people_write_them(typed: str, meant: Any) -> None:
    assert parse_hours(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        pytest.param("all day", id="words"),
        pytest.param("08:30", id="no end"),
        pytest.param("08:60-09:00", id="no such minute"),
        pytest.param("25:00-26:00", id="no such hour"),
        pytest.param("20:00-08:00", id="ends before it starts"),
        pytest.param("18:00-00:00", id="midnight written as the day's start"),
        pytest.param("08:00-08:00", id="empty"),
        pytest.param("08:00-12:00, 11:00-14:00", id="overlap"),
        pytest.param("08:00-12:00 14:00-18:00", id="no comma"),
        pytest.param("08:00-24:01", id="after midnight"),
    ],
)
def test_hours_that_cannot_be_are_refused(typed: str) -> None:
    with pytest.raises(RuleBroken):
        parse_hours(typed)


@st.composite
def weekdays(draw: Any) -> list[LocalSpan]:
    """Opening hours of a day: apart from each other, in order."""
    marks = sorted(draw(st.sets(st.integers(0, 1440), max_size=8)))
    edges = marks[: len(marks) // 2 * 2]
    pairs = list(zip(edges[::2], edges[1::2], strict=True))
    return [LocalSpan(time(*divmod(start, 60)), time(*divmod(end % 1440, 60))) for start, end in pairs if start < 1440]


@given(weekdays())
def test_hours_read_back_as_they_were_written(day: Any) -> None:
    assert parse_hours(format_hours(day)) == day


@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(typed: Any) -> None:
    try:
        read = parse_hours(typed)
    except RuleBroken:
        return
    assert parse_hours(format_hours(read)) == read


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("14:30-17:30 打鼓 | drums", (hours(("14:30", "17:30"))[0], "打鼓 | drums")),
        ("9-11:30", (hours(("09:00", "11:30"))[0], "")),
    ],
)
def test_a_window_may_carry_its_reason(line: str, meant: tuple[LocalSpan, str]) -> None:
    assert parse_one(line) == meant


@pytest.mark.parametrize("code", ["R06", "R06-A", "厅1", "x"])
def test_codes_are_letters_digits_and_hyphens(code: str) -> None:
    check_code(code)


@pytest.mark.parametrize("code", ["", "new", "NEW", "a/b", "a b", "../x", "x" * 13, "\x00", "é?"])
def test_codes_that_would_break_an_address_are_refused(code: str) -> None:
    with pytest.raises(RuleBroken):
        check_code(code)


USUAL: dict[str, Any] = {
    "residents_may_book": True,
    "organisations_may_book": True,
    "approval": Approval.NEVER,
    "approval_from_people": 50,
    "min_people": 1,
    "min_minutes": 30,
    "max_minutes": 120,
    "org_max_minutes": 180,
    "step_minutes": 30,
    "buffer_minutes": 15,
    "notice_minutes": 1440,
    "horizon_days": 14,
    "org_horizon_days": 30,
    "live_limit": 2,
    "org_live_limit": 0,
    "cancel_minutes": 120,
}


def test_the_usual_rules_are_fine() -> None:
    check_booking_rules(BookingRules(**USUAL), capacity=20)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        pytest.param({"max_minutes": 20}, "max_minutes", id="longest below shortest"),
        pytest.param({"org_max_minutes": 20}, "org_max_minutes", id="organisations' longest below shortest"),
        pytest.param({"min_people": 21}, "min_people", id="more people than it holds"),
        pytest.param({"notice_minutes": 14 * 1440}, "notice_minutes", id="notice as long as the horizon"),
    ],
)
def test_rules_that_leave_nothing_to_book_are_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(RuleBroken) as refused:
        check_booking_rules(BookingRules(**{**USUAL, **changes}), capacity=20)
    assert refused.value.field == field


def test_all_contradictions_are_told_at_once() -> None:
    with pytest.raises(RuleBroken) as refused:
        check_booking_rules(BookingRules(**{**USUAL, "max_minutes": 20, "min_people": 21}), capacity=20)
    assert len(refused.value.every) == 2
