"""When people may check in, and what a device's time is worth."""

from datetime import UTC, datetime, timedelta

import pytest

from center.attendance.models import Status, Verb, Why
from center.attendance.rules import (
    Presence,
    Timing,
    arrival_status,
    believed,
    check_in_span,
    earlier_arrival,
    refusal,
    says_nothing_new,
    timing,
)

START = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
END = START + timedelta(hours=1)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        pytest.param(START - 61 * MINUTE, Timing.TOO_EARLY, id="an hour and a minute before"),
        pytest.param(START - 60 * MINUTE, Timing.NOW, id="an hour before, to the minute"),
        pytest.param(END + 119 * MINUTE, Timing.NOW, id="almost two hours after"),
        pytest.param(END + 120 * MINUTE, Timing.OVER, id="two hours after"),
    ],
)
def test_check_in_is_open_from_an_hour_before_until_two_hours_after(at: datetime, expected: Timing) -> None:
    assert timing(START, END, at=at) is expected


def test_a_quarter_of_an_hour_is_not_late_but_the_minute_after_is() -> None:
    assert arrival_status(START + timedelta(minutes=15) - timedelta(seconds=1), START) is Status.PRESENT
    assert arrival_status(START + timedelta(minutes=15), START) is Status.LATE


@pytest.mark.parametrize(
    ("device_at", "offset", "expected", "why"),
    [
        pytest.param(START, timedelta(0), START, None, id="a clock that is right"),
        pytest.param(START - timedelta(hours=1), timedelta(hours=1), START, None, id="an hour behind, and known to be"),
        pytest.param(datetime(2000, 1, 1, tzinfo=UTC), timedelta(0), END, Why.CLOCK, id="in the year 2000"),
        pytest.param(END + timedelta(hours=1), timedelta(0), END, Why.CLOCK, id="in the future"),
        pytest.param(END + timedelta(seconds=30), timedelta(0), END, None, id="a few seconds ahead"),
        pytest.param(datetime.max.replace(tzinfo=UTC), timedelta(days=9), END, Why.CLOCK, id="beyond all calendars"),
    ],
)
def test_what_a_clock_says_is_believed_only_where_it_can_be(
    device_at: datetime, offset: timedelta, expected: datetime, why: Why | None
) -> None:
    moment = believed(device_at, offset=offset, now=END, span=check_in_span(START, END))
    assert (moment.at, moment.why) == (expected, why)


HERE = Presence(Status.PRESENT, START)
GONE = Presence(Status.LEFT, START, END)


@pytest.mark.parametrize(
    ("verb", "standing", "at", "expected"),
    [
        pytest.param(Verb.ARRIVED, HERE, END, True, id="comes twice"),
        pytest.param(Verb.ARRIVED, GONE, END - MINUTE, True, id="came before they left"),
        pytest.param(Verb.ARRIVED, GONE, END + MINUTE, False, id="comes back"),
        pytest.param(Verb.ARRIVED, Presence(Status.ON_LEAVE), START, False, id="comes in spite of leave"),
        pytest.param(Verb.ON_LEAVE, HERE, START, True, id="leave for somebody who is here"),
        pytest.param(Verb.LEFT, GONE, END, True, id="leaves twice"),
        pytest.param(Verb.LEFT, HERE, END, False, id="leaves"),
    ],
)
def test_what_says_nothing_new_is_a_duplicate(verb: Verb, standing: Presence, at: datetime, expected: bool) -> None:
    assert says_nothing_new(verb, standing, at=at) is expected


@pytest.mark.parametrize("standing", [Presence(), Presence(Status.ON_LEAVE), Presence(Status.PRESENT, END)])
def test_nobody_leaves_before_they_came(standing: Presence) -> None:
    assert refusal(Verb.LEFT, standing, at=START) is Why.NOT_HERE


def test_the_earliest_of_two_arrivals_is_the_arrival() -> None:
    assert earlier_arrival(HERE, at=START - MINUTE) == START - MINUTE
    assert earlier_arrival(HERE, at=START + MINUTE) is None
