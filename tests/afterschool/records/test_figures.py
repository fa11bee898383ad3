"""Figures count what was written down: attendance, late collections, absences in a row, the yearly audit."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from center.afterschool.alarms import times
from center.afterschool.alarms.absences import absent_often
from center.afterschool.custody.ledger import HolderSaid, record
from center.afterschool.days import opening, register
from center.afterschool.models.custody import Holder
from center.afterschool.models.plans import Different, PlanChange
from center.afterschool.models.staff import DutyRole
from center.afterschool.models.terms import TermDay
from center.afterschool.records import figures, minors_audit
from center.kernel.db import db, transaction
from center.notices.models import Notice
from tests.afterschool.alarm_cases import Scene, make_scene, said
from tests.afterschool.builders import make_duty
from tests.builders import at

pytestmark = pytest.mark.usefixtures("app")


def went(scene: Scene, n: int, minute: int) -> None:
    mother = scene.guardians[n].person
    said(scene, n, Holder.ROOM, at(15, 50, days=0))
    moment = at(17, 30, days=0) + timedelta(minutes=minute)
    said(scene, n, Holder.GUARDIAN, moment, approved_by=mother, approved_on="13800000000")


def test_a_late_collection_counts_minutes_and_no_money() -> None:
    scene = make_scene(2)
    went(scene, 0, 0)
    went(scene, 1, 47)
    found = figures.of_term(scene.term)
    [late] = found.late
    assert (late.child.id, late.minutes, late.by.id) == (scene.children[1].id, 17, scene.owner.person_id)
    assert "money" not in str(late).lower()


def test_three_absences_in_a_row_are_a_task_and_leave_interrupts_nothing() -> None:
    scene = make_scene(2, days=-4, more_days=4)
    term_days = db.session.scalars(select(TermDay).order_by(TermDay.on_date)).all()
    mother = scene.guardians[0].person
    with transaction() as session:
        leave = PlanChange(
            enrolment_id=scene.enrolments[0].id, on_date=term_days[1].on_date, what=Different.LEAVE, by_id=mother.id,
            at=at(9, day=term_days[1].on_date), recorded_by_id=mother.id,
        )  # fmt: skip
        session.add(leave)
    for n, day in enumerate(term_days[:4]):
        if n == 1:
            come(scene, day)
        with transaction():
            mine = db.session.get_one(TermDay, day.id)
            register.write(mine, by=scene.owner.person, now=at(19, day=day.on_date))
            mine.closed_at, mine.closed_by_id = at(19, day=day.on_date), scene.owner.person_id
    db.session.rollback()
    found = [absent_often(db.session.get_one(TermDay, day.id)) for day in term_days]
    assert [[each.child_id for each in day] for day in found] == [[], [], [], [scene.children[0].id], []]
    [counted, _other] = figures.of_term(scene.term).children
    assert (counted.absent, counted.on_leave, counted.came) == (3, 1, 0)


def come(scene: Scene, day: TermDay) -> None:
    """The second child comes on a day, and goes."""
    facts: dict[str, Any] = {"by": scene.owner.person, "on_date": day.on_date, "day": day}
    mother = scene.guardians[1].person
    with transaction():
        came, went_at = at(16, day=day.on_date), at(17, day=day.on_date)
        record(scene.children[1], HolderSaid(holder=Holder.ROOM, at=came, now=came, **facts))
        gone: dict[str, Any] = {"holder": Holder.GUARDIAN, "approved_by": mother, "approved_on": "13800000000"}
        record(scene.children[1], HolderSaid(at=went_at, now=went_at, **gone, **facts))


def test_a_closed_day_is_counted_in_the_figures_of_its_children() -> None:
    scene = make_scene(2)
    moment = at(18, 30, days=0)
    with transaction():
        opening.open_day(scene.day, by=scene.owner.person, now=at(15, days=0))
    went(scene, 0, 0)
    mother = scene.guardians[1].person
    said(scene, 1, Holder.GUARDIAN, at(16, 20, days=0), approved_by=mother, approved_on="13800000000")
    make_duty(scene.day, role=DutyRole.VOLUNTEER)
    db.session.rollback()
    before = times.not_written(scene.day, now=moment)
    assert before == []
    assert [(each.came, each.absent) for each in figures.of_term(scene.term).children] == [(0, 0), (0, 0)]


def test_the_audit_counts_children_by_age_and_names_none() -> None:
    scene = make_scene(2)
    year = scene.day.on_date.year
    sections = minors_audit.pack(year)
    numbers = {str(words): number for section in sections for words, number in section.rows}
    assert numbers["未满14岁"] == 2
    words = "".join(str(each) for section in sections for row in section.rows for each in row)
    assert not any(child.name in words for child in scene.children)


def test_directors_are_reminded_of_the_audit_in_january_and_once() -> None:
    scene = make_scene()
    [sweep] = minors_audit.SWEEPS
    year = scene.day.on_date.year + 1
    for moment in (at(9, day=date(year, 1, 2)), at(9, day=date(year, 1, 3)), at(9, day=date(year, 2, 3))):
        for row_id in sweep.due(moment):
            sweep.settle(row_id, moment)
        db.session.rollback()
    told = db.session.scalars(select(Notice.person_id).where(Notice.kind == "after_school.audit_due")).all()
    assert told == [scene.director.person_id]
    assert sweep.due(at(9, day=date(year, 1, 25))) == [1]
