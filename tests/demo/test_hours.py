"""The volunteers of the demonstration: hours that count, some that wait, a forgotten end, and one day that is long."""

from collections import Counter

from sqlalchemy import select

from center.attendance.hours.queries import count_to_review
from center.attendance.models.hours import Shift, ShiftState
from center.kernel.db import db
from tests.engines import ONE_ENGINE

pytestmark = ONE_ENGINE


def test_a_month_of_volunteers_with_one_end_forgotten_and_one_long_day(demo: None) -> None:
    states = Counter(db.session.scalars(select(Shift.state)))
    assert (states[ShiftState.FORGOTTEN], states[ShiftState.REFUSED], count_to_review()) == (1, 1, 1)
    assert states[ShiftState.CERTIFIED] > 20
    assert states[ShiftState.DONE] > 3
