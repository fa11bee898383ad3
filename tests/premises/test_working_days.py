"""Working days: make-up days count, holidays and weekends do not."""

from datetime import date

import pytest
from flask import Flask

from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.premises.working_days import (
    add_working_days,
    count_working_days,
    counted_on,
    is_working_day,
)
from tests.builders import make_centre
from tests.engines import ONE_ENGINE

HOLIDAY, MAKE_UP = NamedDay(DayKind.HOLIDAY), NamedDay(DayKind.WORKING)
FRIDAY, SATURDAY, SUNDAY, MONDAY = (date(2026, 11, day) for day in (20, 21, 22, 23))


@pytest.mark.parametrize(
    ("special", "count", "end"),
    [
        pytest.param({}, 1, MONDAY, id="a weekend lies between"),
        pytest.param({SATURDAY: MAKE_UP}, 1, SATURDAY, id="a make-up day counts"),
        pytest.param({MONDAY: HOLIDAY}, 1, date(2026, 11, 24), id="a holiday does not"),
        pytest.param({SATURDAY: MAKE_UP, MONDAY: HOLIDAY}, 2, date(2026, 11, 24), id="both"),
        pytest.param({}, 15, date(2026, 12, 11), id="three weeks"),
        pytest.param({}, 0, FRIDAY, id="none"),
    ],
)
def test_a_period_is_counted_in_days_on_which_people_work(special: dict[date, NamedDay], count: int, end: date) -> None:
    assert counted_on(FRIDAY, count, special) == end


def test_a_make_up_day_is_a_working_day_although_it_is_a_sunday() -> None:
    assert is_working_day(SUNDAY, {SUNDAY: MAKE_UP})
    assert not is_working_day(SUNDAY, {})


@ONE_ENGINE
def test_the_public_calendar_is_asked(app: Flask) -> None:
    """2026-10-10 is a Saturday on which people work, after the week of the national day."""
    make_centre()
    assert add_working_days(date(2026, 9, 30), 1) == date(2026, 10, 8)
    assert add_working_days(date(2026, 10, 9), 1) == date(2026, 10, 10)
    assert count_working_days(date(2026, 9, 30), date(2026, 10, 10)) == 3
    assert count_working_days(date(2026, 10, 10), date(2026, 9, 30)) == -3
