"""Two terms of one date: each has its list, its hours and its register; a child in both has one holder."""

from collections.abc import Iterator
from datetime import datetime, time
from typing import Any

import pytest
import time_machine
from flask import Flask
from sqlalchemy import select

from center.afterschool.alarms import times
from center.afterschool.custody import ledger
from center.afterschool.day_list.lines import Line, Where, list_of
from center.afterschool.days import opening, register
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.custody import Custody, CustodyEvent, Holder, Outcome
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import DutyRole, Staffing
from center.afterschool.models.terms import TermDay
from center.afterschool.queries import days_on
from center.afterschool.staff import staffing
from center.attendance.models import Attendance, Status
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from tests.afterschool.builders import make_child, make_duty
from tests.afterschool.plan_builders import enrol, guardians, term_from_today, today
from tests.afterschool.plans.test_half_days import HOLIDAYS
from tests.builders import at, make_person
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


@pytest.fixture(autouse=True)
def early(app: Flask) -> Iterator[None]:
    """Every test begins at half past seven of a Monday."""
    with time_machine.travel(datetime(2026, 11, 22, 23, 30), tick=True):
        yield


class Scene:
    """A holiday term from 8:00 to 18:00 and a class after school from 15:00 to 19:00; a child is in both."""

    def __init__(self) -> None:
        self.child = make_child(make_person(name="妈妈李"), name="王小明")
        self.long: Enrolment = enrol(term_from_today(**HOLIDAYS), self.child)
        self.short: Enrolment = enrol(term_from_today(closes=time(19)), self.child)
        self.owners = [self.owner(each) for each in (self.long, self.short)]

    def owner(self, enrolment: Enrolment) -> Person:
        return make_duty(enrolment.term.days[0], role=DutyRole.RESPONSIBLE, is_owner=True).person

    def day(self, enrolment: Enrolment) -> TermDay:
        db.session.rollback()
        return enrolment.term.days[0]

    def say(self, enrolment: Enrolment, holder: Holder, hour: int, minute: int = 0) -> CustodyEvent:
        moment, mother = at(hour, minute, days=0), guardians(self.child)[0]
        facts: dict[str, Any] = {"approved_by": mother, "approved_on": "1990"} if holder is Holder.GUARDIAN else {}
        by, day = self.owners[0], self.day(enrolment)
        with transaction():
            said = ledger.HolderSaid(holder=holder, by=by, at=moment, now=moment, on_date=day.on_date, day=day, **facts)
            return ledger.record(self.child, said)

    def open(self, enrolment: Enrolment, hour: int) -> list[CustodyEvent]:
        with transaction():
            day = db.session.merge(enrolment.term.days[0])
            return opening.open_day(day, by=self.owners[0], now=at(hour, days=0))

    def line(self, enrolment: Enrolment, hour: int, minute: int = 0) -> Line:
        found = list_of(today(), self.day(enrolment), now=at(hour, minute, days=0), today=today())
        return next(each for each in found.lines if each.child.id == self.child.id)

    def alarms(self, enrolment: Enrolment, hour: int, minute: int = 0) -> list[AlarmKind]:
        found = times.not_written(self.day(enrolment), now=at(hour, minute, days=0))
        return [each.kind for each in found]


@pytest.fixture(name="scene")
def _scene(app: Flask) -> Scene:
    return Scene()


def chain(child: Person) -> list[Holder]:
    db.session.rollback()
    return list(db.session.scalars(select(Custody.holder).where(Custody.child_id == child.id).order_by(Custody.id)))


def test_the_days_of_a_date_are_those_of_every_term(scene: Scene) -> None:
    assert [each.term_id for each in days_on(today())] == [scene.long.term_id, scene.short.term_id]


def test_opening_the_second_list_takes_no_child_out_of_the_first_room(scene: Scene) -> None:
    assert len(scene.open(scene.long, 8)) == 1
    scene.say(scene.long, Holder.ROOM, 8, 5)
    scene.open(scene.short, 15)
    assert chain(scene.child)[-1] is Holder.ROOM
    assert (scene.line(scene.long, 15).where, scene.line(scene.short, 15).where) == (Where.HERE, Where.ELSEWHERE)
    assert scene.alarms(scene.short, 16, 30) == []


def test_taken_over_by_the_other_term_a_child_has_one_holder_and_counts_once(scene: Scene) -> None:
    scene.say(scene.long, Holder.ROOM, 8)
    moved = scene.say(scene.short, Holder.ROOM, 15, 50)
    assert moved.outcome is Outcome.ACCEPTED
    assert (scene.line(scene.long, 16).where, scene.line(scene.short, 16).where) == (Where.ELSEWHERE, Where.HERE)
    here = [sum(staffing.children_in(scene.day(each)).values()) for each in (scene.long, scene.short)]
    assert here == [0, 1]
    last = select(Staffing.children).where(Staffing.day_id == scene.long.term.days[0].id).order_by(Staffing.id.desc())
    assert db.session.scalars(last).first() == 0
    assert [len(opening.still_open(scene.day(each))) for each in (scene.long, scene.short)] == [0, 1]


def test_in_the_same_room_twice_is_once(scene: Scene) -> None:
    scene.say(scene.long, Holder.ROOM, 8)
    assert scene.say(scene.long, Holder.ROOM, 9).outcome is Outcome.DUPLICATE


def test_whoever_is_looked_after_by_the_later_term_too_is_late_when_that_one_closes(scene: Scene) -> None:
    scene.say(scene.long, Holder.ROOM, 8)
    assert scene.alarms(scene.long, 18, 30) == []
    assert scene.alarms(scene.long, 19) == [AlarmKind.NOT_COLLECTED]
    assert scene.alarms(scene.short, 19) == []  # one alarm, of whoever has the child


def test_collected_from_the_first_term_a_child_is_still_missed_by_the_second(scene: Scene) -> None:
    scene.say(scene.long, Holder.ROOM, 8)
    scene.say(scene.long, Holder.GUARDIAN, 12)
    line = scene.line(scene.short, 16, 1)
    assert (line.where, line.is_missing) == (Where.WAITING, True)
    assert scene.alarms(scene.short, 16, 1) == [AlarmKind.MISSING]
    assert scene.alarms(scene.long, 16, 1) == []
    assert scene.line(scene.long, 16, 1).where is Where.GONE


def test_collected_after_the_second_term_began_a_child_has_gone_from_both(scene: Scene) -> None:
    scene.say(scene.long, Holder.ROOM, 8)
    scene.say(scene.long, Holder.GUARDIAN, 17)
    assert {scene.line(each, 18).where for each in (scene.long, scene.short)} == {Where.GONE}
    assert scene.alarms(scene.short, 18) == []


def rows(scene: Scene) -> list[Attendance | None]:
    """The registers of both terms, written now."""
    found = []
    for enrolment in (scene.long, scene.short):
        with transaction():
            day = db.session.merge(enrolment.term.days[0])
            register.write(day, by=scene.owners[0], now=at(20, days=0))
        query = select(Attendance).where(
            Attendance.session_id == day.session_id, Attendance.person_id == scene.child.id
        )
        found.append(db.session.scalar(query))
    return found


def test_each_register_says_when_the_child_was_there_in_its_hours(scene: Scene) -> None:
    scene.say(scene.long, Holder.ROOM, 8)
    scene.say(scene.long, Holder.GUARDIAN, 12)
    scene.say(scene.short, Holder.ROOM, 15, 50)
    scene.say(scene.short, Holder.GUARDIAN, 18, 30)
    long, short = rows(scene)
    assert long is not None
    assert short is not None
    assert (long.arrived_at, long.left_at) == (at(8, days=0), at(18, 30, days=0))  # with the other in its hours, too
    assert (short.arrived_at, short.left_at) == (at(15, 50, days=0), at(18, 30, days=0))


def test_who_stays_with_the_first_term_was_there_in_the_hours_of_the_second(scene: Scene) -> None:
    scene.say(scene.long, Holder.ROOM, 8)
    scene.say(scene.long, Holder.GUARDIAN, 17)
    long, short = rows(scene)
    assert long is not None
    assert short is not None
    assert (short.arrived_at, short.left_at) == (at(15, days=0), at(17, days=0))
    assert short.status is Status.LEFT


def test_who_came_once_the_first_term_was_over_was_absent_from_it(scene: Scene) -> None:
    scene.say(scene.short, Holder.ROOM, 18, 10)
    scene.say(scene.short, Holder.GUARDIAN, 18, 30)
    long, short = rows(scene)
    assert long is not None
    assert short is not None
    assert (long.status, short.status) == (Status.ABSENT, Status.LEFT)


def test_nothing_of_it_happens_where_a_child_is_in_one_term(scene: Scene) -> None:
    other = enrol(scene.short.term, make_child(name="李小红"))
    found = list_of(today(), scene.day(scene.short), now=clock.now(), today=today())
    assert {each.child.id for each in found.lines} == {scene.child.id, other.child_id}
    assert scene.alarms(scene.short, 16, 1) == [AlarmKind.MISSING, AlarmKind.MISSING]
