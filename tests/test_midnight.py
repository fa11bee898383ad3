"""A test that midnight overtakes still knows its own tomorrow."""

import time
from datetime import datetime, timedelta

import time_machine

from center.kernel import clock
from tests.builders import ZONE, at, begin_test

LATE = datetime(2026, 12, 6, 23, 59, 59, 900_000, tzinfo=ZONE)


def test_a_moment_of_tomorrow_stays_when_midnight_passes() -> None:
    with time_machine.travel(LATE):
        begin_test()
        tomorrow = at(8)
        time.sleep(0.2)
        assert clock.today(ZONE) > LATE.date()
        assert at(8) == tomorrow


def test_a_clock_that_the_test_moves_is_followed() -> None:
    with time_machine.travel(LATE) as traveller:
        begin_test()
        tomorrow = at(8)
        traveller.shift(timedelta(days=1))
        assert at(8) == tomorrow + timedelta(days=1)
        clock.start_at(datetime(2027, 1, 1, tzinfo=ZONE))
        assert at(8) == datetime(2027, 1, 2, 8, tzinfo=ZONE)
