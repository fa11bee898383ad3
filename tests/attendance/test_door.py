"""How many helpers a door needs, and how fast people really came through it."""

from datetime import UTC, datetime, timedelta

import pytest
from flask import Flask

from center.attendance import roll_actions
from center.attendance.door import helpers_needed, measured_seconds, seconds_at_our_door
from center.attendance.models import How
from center.kernel.db import transaction
from tests.attendance.conftest import make_class
from tests.builders import at
from tests.engines import ONE_ENGINE

START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def came(*seconds: float) -> list[datetime]:
    """When people came, in seconds after ten."""
    return [START + timedelta(seconds=each) for each in seconds]


@pytest.mark.parametrize(
    ("arrivals", "peak_minutes", "seconds_each", "helpers", "alone"),
    [
        (1, 15, 8, 1, 1),
        (60, 15, 8, 1, 8),
        (112, 15, 8, 1, 15),
        (113, 15, 8, 2, 16),
        (500, 15, 8, 5, 67),
        (500, 15, 6.5, 4, 55),
        (40, 1, 8, 6, 6),
    ],
)
def test_as_many_helpers_as_let_all_in_within_the_peak(
    arrivals: int, peak_minutes: int, seconds_each: float, helpers: int, alone: int
) -> None:
    need = helpers_needed(arrivals, peak_minutes=peak_minutes, seconds_each=seconds_each)
    assert (need.helpers, need.alone_minutes) == (helpers, alone)
    assert need.helpers * peak_minutes * 60 >= arrivals * seconds_each
    assert (need.helpers - 1) * peak_minutes * 60 < arrivals * seconds_each


@pytest.mark.parametrize(
    ("doors", "seconds"),
    [
        pytest.param([], None, id="nobody"),
        pytest.param([came(0, 8, 16, 24, 32)], None, id="too few to say"),
        pytest.param([came(0, 8, 16, 24, 32, 40)], 8.0, id="one after the other"),
        pytest.param([came(0, 6, 12), came(0, 10, 20), came(5, 15)], 10.0, id="several doors, each by itself"),
        pytest.param([came(0, 7, 14, 21, 28, 35, 635, 642)], 7.0, id="a pause is no queue"),
        pytest.param([came(0, 0, 0, 9, 18, 27, 36, 45)], 9.0, id="a household is one press"),
        pytest.param([came(0, 90, 180, 270, 360, 450)], None, id="nobody ever queued"),
    ],
)
def test_the_middle_of_what_was_measured_where_people_queued(
    doors: list[list[datetime]], seconds: float | None
) -> None:
    assert measured_seconds(doors) == seconds


@ONE_ENGINE
def test_what_was_measured_is_of_the_last_weeks_and_of_the_door_alone(app: Flask) -> None:
    lesson, now = make_class(people=7, places=9), at(10, days=1)
    assert seconds_at_our_door(now=now) is None
    for n, person in enumerate(lesson.people):
        with transaction():
            how = How.CARD if n else How.ROLL  # who is ticked on the roll did not stand at the door
            moment = now + timedelta(seconds=11 * n)
            roll_actions.arrive(lesson.session, person, how=how, by=lesson.lead, now=moment)
    assert seconds_at_our_door(now=now + timedelta(hours=1)) == 11.0
    assert seconds_at_our_door(now=now + timedelta(days=31)) is None
