"""Whole days in the holidays: a guardian takes morning, lunch and afternoon apart, and everything follows."""

from collections.abc import Iterator
from datetime import datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from center.afterschool.alarms import times
from center.afterschool.custody import ledger
from center.afterschool.day_list.lines import list_of
from center.afterschool.days import register
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.consents import Purpose
from center.afterschool.models.custody import Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Different, PlanChange, Stay, Way
from center.afterschool.models.staff import DutyRole
from center.afterschool.models.terms import Half, Term, TermMode
from center.afterschool.plans import changes, day_plans, weeks
from center.afterschool.plans.changes import AskedChange
from center.afterschool.plans.ways import AskedWay
from center.afterschool.records import figures
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.people.models import Person
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.plan_builders import enrol, guardians, make_consent, set_week, term_from_today, today
from tests.builders import at, make_centre, make_person

pytestmark = pytest.mark.usefixtures("app")
HOLIDAYS: dict[str, Any] = {
    "mode": TermMode.FULL_DAY,
    "opens": time(8),
    "closes": time(18),
    "lunch_from": time(11, 30),
    "lunch_until": time(13),
    "cut_off": time(17),
}


@pytest.fixture(autouse=True)
def early(app: Flask) -> Iterator[None]:
    """Every test begins at half past seven of a Monday."""
    make_centre()
    with time_machine.travel(datetime(2026, 11, 22, 23, 30), tick=True):
        yield


@pytest.fixture(name="term")
def _term(app: Flask) -> Term:
    return term_from_today(**HOLIDAYS)


@pytest.fixture(name="enrolment")
def _enrolment(term: Term) -> Enrolment:
    return enrol(term, make_child(make_person(name="妈妈李"), name="王小明"))


def say(enrolment: Enrolment, stay: Stay, *, now: datetime | None = None) -> PlanChange:
    mother = guardians(enrolment.child)[0]
    asked = AskedChange(what=Different.COMES, stay=stay)
    with transaction():
        return changes.say(enrolment, today(), asked, guardian=mother, by=mother, now=now or clock.now())


def plan(enrolment: Enrolment) -> day_plans.Expected:
    db.session.rollback()
    day = day_plans.find_day(enrolment.term_id, today())
    assert day is not None
    return day_plans.expected_of(enrolment, day)


def said(enrolment: Enrolment, holder: Holder, moment: datetime, by: Person) -> None:
    day = enrolment.term.days[0]
    facts: dict[str, Any] = {"approved_by": by, "approved_on": "1990"} if holder is Holder.GUARDIAN else {}
    with transaction():
        ledger.record(
            enrolment.child,
            ledger.HolderSaid(holder=holder, by=by, at=moment, now=moment, on_date=day.on_date, day=day, **facts),
        )


def alarms_at(enrolment: Enrolment, moment: datetime) -> list[tuple[AlarmKind, datetime]]:
    db.session.rollback()
    found = times.not_written(enrolment.term.days[0], now=moment)
    return [(each.kind, each.since) for each in found if each.kind is not AlarmKind.UNSEEN_CHANGE]


def test_a_half_is_nobodys_to_ask_for_after_school() -> None:
    enrolment = enrol(term_from_today(cut_off=time(17)))
    with pytest.raises(RuleBroken):
        say(enrolment, Stay.MORNING)


def test_what_is_so_already_is_not_said_again(enrolment: Enrolment) -> None:
    with pytest.raises(RuleBroken):
        say(enrolment, Stay.WHOLE)


def test_on_leave_for_the_morning_a_child_is_missed_in_the_afternoon_alone(enrolment: Enrolment) -> None:
    assert alarms_at(enrolment, at(8, 15, days=0)) == [(AlarmKind.MISSING, at(8, 15, days=0))]
    say(enrolment, Stay.AFTERNOON)
    assert alarms_at(enrolment, at(13, 14, days=0)) == []
    assert alarms_at(enrolment, at(13, 15, days=0)) == [(AlarmKind.MISSING, at(13, 15, days=0))]


def test_whoever_comes_for_lunch_is_missed_at_lunch(enrolment: Enrolment) -> None:
    say(enrolment, Stay.AFTERNOON_LUNCH)
    assert alarms_at(enrolment, at(11, 45, days=0)) == [(AlarmKind.MISSING, at(11, 45, days=0))]


def test_a_child_of_the_morning_who_is_still_here_is_an_alarm_when_the_morning_ends(enrolment: Enrolment) -> None:
    say(enrolment, Stay.MORNING)
    said(enrolment, Holder.ROOM, at(8, days=0), make_person())
    assert alarms_at(enrolment, at(11, 29, days=0)) == []
    assert alarms_at(enrolment, at(11, 30, days=0)) == [(AlarmKind.NOT_COLLECTED, at(11, 30, days=0))]


def test_said_after_the_morning_that_the_child_goes_home_then_it_is_late_from_that_word_on(
    enrolment: Enrolment,
) -> None:
    said(enrolment, Holder.ROOM, at(8, days=0), make_person())
    say(enrolment, Stay.MORNING, now=at(14, days=0))
    assert alarms_at(enrolment, at(14, 1, days=0)) == [(AlarmKind.NOT_COLLECTED, at(14, days=0))]


def test_the_fixed_week_says_it_and_who_walks_walks_within_their_half(enrolment: Enrolment) -> None:
    mother, weekday = guardians(enrolment.child)[0], today().weekday()
    with transaction():
        db.session.merge(enrolment.child).birth_year = 2014
    make_consent(enrolment.child, Purpose.WALKING_ALONE)
    late = AskedWay(way=Way.ALONE, leaves=time(17), stay=Stay.MORNING)
    with pytest.raises(RuleBroken, match="11:30"), transaction():
        weeks.set_week(enrolment, {weekday: late}, by=mother, now=clock.now())
    with transaction():
        asked = AskedWay(way=Way.ALONE, leaves=time(11, 30), stay=Stay.MORNING)
        assert weeks.set_week(enrolment, {weekday: asked}, by=mother, now=clock.now()) == [weekday]
    with transaction():
        assert weeks.set_week(enrolment, {weekday: asked}, by=mother, now=clock.now()) == []
    found = plan(enrolment)
    assert (found.stay, found.until_at, found.way) == (Stay.MORNING, at(11, 30, days=0), Way.ALONE)


def test_the_kitchen_cooks_for_whoever_eats_and_each_half_needs_its_adults(term: Term) -> None:
    for stay in (Stay.WHOLE, Stay.WHOLE_NO_LUNCH, Stay.MORNING_LUNCH, Stay.AFTERNOON):
        set_week(made := enrol(term, weekdays=()), stay=stay)
    leaves = made
    with transaction():
        mother = guardians(leaves.child)[0]
        changes.say(leaves, today(), AskedChange(what=Different.LEAVE), guardian=mother, by=mother, now=clock.now())
    db.session.rollback()
    found = list_of(today(), term.days[0], now=clock.now(), today=today())
    assert len(found.eating) == 2
    assert [(each.half, each.children, each.adults) for each in found.halves] == [
        (Half.MORNING, 3, 1),
        (Half.AFTERNOON, 2, 1),
    ]


def test_figures_count_half_days_by_when_a_child_was_here(term: Term) -> None:
    both, morning, leave = (enrol(term) for _n in range(3))
    owner = make_duty(term.days[0], role=DutyRole.RESPONSIBLE, is_owner=True).person
    say(morning, Stay.MORNING)
    with transaction():
        mother = guardians(leave.child)[0]
        changes.say(leave, today(), AskedChange(what=Different.LEAVE), guardian=mother, by=mother, now=clock.now())
    for each, hour in ((both, 17), (morning, 11)):
        said(each, Holder.ROOM, at(8, days=0), owner)
        said(each, Holder.GUARDIAN, at(hour, days=0), guardians(each.child)[0])
    with transaction():
        day = db.session.merge(term.days[0])
        register.write(day, by=owner, now=at(18, days=0))
        day.closed_at, day.closed_by_id = at(18, days=0), owner.id
    db.session.rollback()
    counted = {each.enrolment.id: (each.came, each.on_leave, each.absent) for each in figures.of_term(term).children}
    assert counted == {both.id: (2, 0, 0), morning.id: (1, 1, 0), leave.id: (0, 2, 0)}


def test_nobody_alters_for_which_half_a_child_was_said_to_come(enrolment: Enrolment) -> None:
    row = say(enrolment, Stay.MORNING)
    with pytest.raises(IntegrityError, match="plan_changes_append_only"), db.engine.begin() as connection:
        connection.execute(text("UPDATE plan_changes SET stay = 'whole' WHERE id = :id"), {"id": row.id})
    tutor = make_person()
    with transaction():
        changes.acknowledge(db.session.merge(row), by=tutor, now=clock.now() + timedelta(minutes=1))
