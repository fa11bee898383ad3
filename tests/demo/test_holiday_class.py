"""The next holiday class of the demonstration."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from center.afterschool.models.terms import Term, TermMode, TermState
from center.demo.holiday_class import SOONEST, first_day
from center.kernel.db import db
from tests.engines import ONE_ENGINE


@ONE_ENGINE
def test_its_enrolment_is_open_and_its_days_have_a_lunch_and_the_room(demo: None) -> None:
    [term] = db.session.scalars(select(Term).where(Term.mode == TermMode.FULL_DAY)).all()
    assert term.state is TermState.OPEN
    assert term.lunch_from is not None
    assert len(term.days) >= 5
    assert all(each.session.use_id is not None for each in term.days)


@pytest.mark.parametrize("today", [date(2026, 1, 1), date(2026, 6, 4), date(2026, 12, 18), date(2028, 2, 29)])
def test_it_lies_in_school_holidays_and_not_among_the_days_of_the_programme(today: date) -> None:
    first = first_day(today)
    assert first.month in {1, 7}
    assert SOONEST <= first - today <= timedelta(days=366)
