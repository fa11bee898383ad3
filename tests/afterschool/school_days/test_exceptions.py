"""A school ends otherwise on a day: whom it touches hear what changes for their child, and the duty acknowledges."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from center.afterschool.alarms import times
from center.afterschool.models.care import Alarm, AlarmKind
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Different
from center.afterschool.models.terms import School, SchoolChange, SchoolException, TermMode
from center.afterschool.plans import changes, day_plans, school_changes
from center.afterschool.plans.changes import AskedChange
from center.afterschool.rights import on_call
from center.afterschool.school_days import exceptions
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.notices.models import Delivery, Notice, Way
from center.people.models import Person
from tests.afterschool.builders import make_child, make_duty, make_school
from tests.afterschool.plan_builders import enrol, first_school, guardians, set_week, term_from_today, today
from tests.builders import at, make_centre, make_person
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]
KINDS = ("after_school.school_day", "after_school.duty_school_day")


@pytest.fixture(autouse=True)
def morning(app: Flask) -> Iterator[None]:
    """Every test begins at nine in the morning of a Monday; the cut-off is at one."""
    make_centre()
    with time_machine.travel(datetime(2026, 11, 23, 1), tick=True):
        yield


@pytest.fixture(name="director")
def _director(app: Flask) -> Person:
    return make_person(name="周主任")


@pytest.fixture(name="enrolment")
def _enrolment(app: Flask) -> Enrolment:
    """A child with two guardians, whose school ends at 15:30 and who is here by 15:45."""
    return enrol(term_from_today(), make_child(make_person(name="妈妈李"), make_person(name="爸爸王"), name="王小明"))


def school_of(enrolment: Enrolment) -> School:
    return db.session.get_one(School, first_school(enrolment.term))


def say(
    enrolment: Enrolment, finishes: time | None, by: Person, *, on: date | None = None, now: datetime | None = None
) -> SchoolException:
    with transaction():
        return exceptions.set_exception(
            school_of(enrolment), on or today(), finishes=finishes, reason="运动会", by=by, now=now or clock.now()
        )


def told(person: Person) -> list[str]:
    """What somebody was told of schools, in order."""
    db.session.rollback()
    query = select(Notice.body).where(Notice.person_id == person.id, Notice.kind.in_(KINDS)).order_by(Notice.id)
    return list(db.session.scalars(query))


def test_every_guardian_hears_once_what_changes_for_their_child(enrolment: Enrolment, director: Person) -> None:
    tomorrow = today() + timedelta(days=1)
    say(enrolment, time(16, 30), director, on=tomorrow)
    say(enrolment, time(16, 30), director, on=tomorrow)
    for each in guardians(enrolment.child):
        [body] = told(each)
        assert "16:30" in body
        assert "16:45" in body
        assert "15:45" in body
        assert "运动会" in body
        assert "王小明" not in body  # the desk may read it out
    assert db.session.scalars(select(SchoolChange)).all() == []


def test_whoever_has_no_account_is_rung(enrolment: Enrolment, director: Person) -> None:
    say(enrolment, None, director)
    query = select(Delivery.way).join(Notice).where(Notice.person_id == guardians(enrolment.child)[0].id)
    assert Way.CALL in set(db.session.scalars(query.where(Notice.kind == KINDS[0])))


def test_before_the_programme_opens_families_read_that_nobody_is_here(enrolment: Enrolment, director: Person) -> None:
    say(enrolment, time(12), director)
    [body] = told(guardians(enrolment.child)[0])
    assert "12:00" in body
    assert body.count("15:00") == 2  # by when they are expected, and when the programme opens


def test_whoever_is_not_touched_hears_nothing(enrolment: Enrolment, director: Person) -> None:
    term = enrolment.term
    other_id = make_school().id
    leave, ended, other_day, other_school = (enrol(term, weekdays=()) for _n in range(4))
    for each in (leave, ended, other_school):
        set_week(each, weekdays=[today().weekday()])
    with transaction() as session:
        gone = session.merge(ended)
        gone.ended_at, gone.ended_by_id = clock.now(), director.id
        session.merge(other_school).school_id = other_id
    mother = guardians(leave.child)[0]
    with transaction():
        changes.say(leave, today(), AskedChange(what=Different.LEAVE), guardian=mother, by=mother, now=clock.now())
    say(enrolment, time(14), director)
    for each in (leave, ended, other_day, other_school):
        assert told(guardians(each.child)[0]) == []


def test_whole_days_in_the_holidays_ask_no_school(director: Person) -> None:
    lunch: dict[str, Any] = {"lunch_from": time(11, 30), "lunch_until": time(13)}
    enrolment = enrol(term_from_today(mode=TermMode.FULL_DAY, opens=time(8), **lunch))
    say(enrolment, None, director)
    assert told(guardians(enrolment.child)[0]) == []


def test_if_it_is_today_whoever_is_on_duty_hears_of_it_and_acknowledges(enrolment: Enrolment, director: Person) -> None:
    day, tutor = enrolment.term.days[0], make_person()
    make_duty(day, tutor, is_owner=True)
    say(enrolment, time(14), director)
    say(enrolment, None, director)
    assert len(told(tutor)) == 2
    [waiting] = school_changes.waiting_on(day)
    assert waiting.finishes is None
    with transaction():
        exceptions.acknowledge(waiting, by=tutor, now=clock.now())
    db.session.rollback()
    assert school_changes.waiting_on(day) == []
    assert {each.acknowledged_by_id for each in db.session.scalars(select(SchoolChange))} == {tutor.id}


def test_taken_away_again_the_families_hear_that_it_is_as_ever(enrolment: Enrolment, director: Person) -> None:
    row = say(enrolment, None, director)
    with transaction():
        exceptions.remove_exception(db.session.merge(row), by=director, now=clock.now())
    first, second = told(guardians(enrolment.child)[0])
    assert "15:45" not in first
    assert "15:45" in second
    [waiting] = school_changes.waiting_on(enrolment.term.days[0])
    assert waiting.finishes == time(15, 30)


@pytest.mark.parametrize(("hour", "is_online"), [(12, True), (13, False)])
def test_after_the_cut_off_families_are_asked_to_ring(
    enrolment: Enrolment, director: Person, hour: int, is_online: bool
) -> None:
    say(enrolment, time(14), director, now=at(hour, days=0))
    [body] = told(guardians(enrolment.child)[0])
    assert ("13:00" in body) is is_online


def test_of_a_day_that_has_passed_nothing_is_said(enrolment: Enrolment, director: Person) -> None:
    with pytest.raises(RuleBroken):
        say(enrolment, None, director, on=today() - timedelta(days=1))
    row = say(enrolment, None, director)
    with pytest.raises(RuleBroken), transaction():
        tomorrow = clock.now() + timedelta(days=1)
        exceptions.remove_exception(db.session.merge(row), by=director, now=tomorrow)


def test_a_minute_after_midnight_the_day_that_begins_is_today(enrolment: Enrolment, director: Person) -> None:
    tomorrow = today() + timedelta(days=1)
    say(enrolment, time(14), director, on=tomorrow, now=at(23, 59, days=0))
    assert db.session.scalars(select(SchoolChange)).all() == []
    say(enrolment, None, director, on=tomorrow, now=at(0, 1, days=1))
    [change] = db.session.scalars(select(SchoolChange))
    assert change.day_id == enrolment.term.days[1].id


def test_a_child_in_two_terms_of_a_date_hears_of_it_once_and_both_duties_acknowledge(
    enrolment: Enrolment, director: Person
) -> None:
    school = school_of(enrolment)
    other = enrol(term_from_today(schools=[school], opens=time(16), closes=time(19)), enrolment.child)
    say(enrolment, time(14), director)
    assert len(told(guardians(enrolment.child)[0])) == 1
    assert [len(school_changes.waiting_on(each.term.days[0])) for each in (enrolment, other)] == [1, 1]


def test_of_a_day_that_is_closed_nobody_is_told(enrolment: Enrolment, director: Person) -> None:
    with transaction() as session:
        day = session.merge(enrolment.term.days[0])
        day.opened_at = day.closed_at = clock.now()
        day.opened_by_id = day.closed_by_id = director.id
    say(enrolment, None, director)
    assert told(guardians(enrolment.child)[0]) == []


def test_refused_nothing_is_told(enrolment: Enrolment, director: Person) -> None:
    with pytest.raises(ZeroDivisionError), transaction():
        exceptions.set_exception(school_of(enrolment), today(), finishes=None, reason="", by=director, now=clock.now())
        raise ZeroDivisionError
    assert told(guardians(enrolment.child)[0]) == []
    day = day_plans.find_day(enrolment.term_id, today())
    assert day is not None
    assert day_plans.expected_of(enrolment, day).comes


def test_what_nobody_on_duty_acknowledges_is_an_alarm_and_acknowledging_ends_it(
    enrolment: Enrolment, director: Person
) -> None:
    tutor = make_person()
    make_duty(enrolment.term.days[0], tutor, is_owner=True)
    say(enrolment, time(14), director, now=at(14, 20, days=0))
    unseen = [at(14, 29, days=0), at(14, 30, days=0)]
    found = []
    for moment in unseen:
        db.session.rollback()
        due = times.not_written(enrolment.term.days[0], now=moment)
        found.append([each for each in due if each.kind is AlarmKind.UNSEEN_CHANGE])
    assert [len(each) for each in found] == [0, 1]
    with transaction():
        day = db.session.merge(enrolment.term.days[0])
        alarm = times.write(day, found[1][0], now=unseen[1])
    assert on_call.day_of(alarm) == day
    [change] = school_changes.waiting_on(day)
    with transaction():
        exceptions.acknowledge(db.session.merge(change), by=tutor, now=at(14, 31, days=0))
    db.session.rollback()
    ended = db.session.scalars(select(Alarm).where(Alarm.kind == AlarmKind.UNSEEN_CHANGE)).one()
    assert ended.ended_by_id == tutor.id
    due = times.not_written(enrolment.term.days[0], now=at(14, 45, days=0))
    assert [each for each in due if each.kind is AlarmKind.UNSEEN_CHANGE] == []
