"""A school ends otherwise on weekdays of a term: each family hears once what changes, and the duty of today."""

from collections.abc import Iterator
from datetime import datetime, time

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import School, SchoolChange, TermState
from center.afterschool.school_days import weekly
from center.afterschool.terms.schools import hours_of
from center.kernel import clock
from center.kernel.db import db, transaction
from center.notices.models import Notice
from center.people.models import Person
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.plan_builders import enrol, first_school, guardians, term_from_today, today
from tests.builders import make_centre, make_person
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]
USUAL = dict.fromkeys(range(7), time(15, 30))


@pytest.fixture(autouse=True)
def monday(app: Flask) -> Iterator[None]:
    """Every test begins at nine in the morning of a Monday; the cut-off is at one."""
    make_centre()
    with time_machine.travel(datetime(2026, 11, 23, 1), tick=True):
        yield


@pytest.fixture(name="enrolment")
def _enrolment() -> Enrolment:
    """A child with two guardians, whose school ends at 15:30 and who is here by 15:45."""
    return enrol(term_from_today(), make_child(make_person(name="妈妈李"), make_person(name="爸爸王"), name="王小明"))


def say(enrolment: Enrolment, finishes: dict[int, time]) -> None:
    school = db.session.get_one(School, first_school(enrolment.term))
    director = make_person()
    with transaction():
        weekly.set_hours(enrolment.term, school, finishes, way_minutes=15, by=director, now=clock.now())


def told(person: Person) -> list[str]:
    """What somebody was told of the weekdays of a school, in order."""
    db.session.rollback()
    query = select(Notice.body).where(Notice.person_id == person.id, Notice.kind == "after_school.school_week")
    return list(db.session.scalars(query.order_by(Notice.id)))


def changes() -> list[time | None]:
    """What is to be acknowledged today."""
    return list(db.session.scalars(select(SchoolChange.finishes)))


def test_both_guardians_hear_once_of_all_weekdays_that_change_and_the_duty_of_today(enrolment: Enrolment) -> None:
    make_duty(enrolment.term.days[0])
    for _twice in range(2):
        say(enrolment, {**USUAL, 0: time(16, 30), 2: time(14)})
    for each in guardians(enrolment.child):
        [body] = told(each)
        assert "16:30" in body
        assert "14:00" in body  # on Wednesdays: before the programme opens
        assert "15:30" not in body  # nothing of days that stay
        assert "王小明" not in body
    assert changes() == [time(16, 30)]  # today is a Monday


def test_a_weekday_without_school_is_a_day_without_the_child(enrolment: Enrolment) -> None:
    say(enrolment, {weekday: clock for weekday, clock in USUAL.items() if weekday != 3})
    [body] = told(guardians(enrolment.child)[0])
    assert "周四：不上学" in body
    assert changes() == []
    assert today().weekday() == 0


def test_nobody_hears_of_a_term_that_is_not_published(enrolment: Enrolment) -> None:
    with transaction():
        enrolment.term.state = TermState.DRAFT
    say(enrolment, {**USUAL, 0: time(16, 30)})
    assert told(guardians(enrolment.child)[0]) == []
    assert time(16, 30) in {each.finishes for each in hours_of(enrolment.term)}
