"""On a whole day in the holidays somebody may be on duty for a half: each half is looked at by itself."""

from datetime import time
from importlib import import_module
from typing import Any

import pytest
from alembic.migration import MigrationContext
from alembic.operations import Operations
from sqlalchemy import Connection, select, text
from sqlalchemy.exc import IntegrityError

from center.afterschool.day_list.halves import HalfNow, halves_of
from center.afterschool.models.plans import Stay
from center.afterschool.models.staff import CareDuty, CheckKind, DutyRole
from center.afterschool.models.terms import Half, TermDay, TermMode
from center.afterschool.staff import duties, queries, rules, staffing
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import RuleBroken
from center.people.models import Person
from tests.afterschool.staff.builders import class_of, make_days, make_staff, put_on
from tests.builders import make_person

pytestmark = pytest.mark.usefixtures("app")

T, V, G = DutyRole.TEACHER, DutyRole.VOLUNTEER, DutyRole.GUARD
HOLIDAYS: dict[str, Any] = {
    "mode": TermMode.FULL_DAY,
    "opens": time(8),
    "lunch_from": time(11, 30),
    "lunch_until": time(13),
    "closes": time(18),
}


def on_half(day: TermDay, half: Half | None, role: DutyRole = V, person: Person | None = None) -> CareDuty:
    person, by = person or make_staff(), make_person()
    care_class = None if role is G else class_of(day)
    with transaction():
        return duties.put_on(day, person, role, care_class, by=by, now=clock.now(), half=half)


def halves(day: TermDay, *stays: Stay) -> list[HalfNow]:
    db.session.rollback()
    return halves_of(day, stays, queries.duties_on([day.id]))


def test_each_half_needs_its_adults_and_who_is_there_all_day_counts_in_both() -> None:
    [day] = make_days(**HOLIDAYS, children_per_adult=2)
    on_half(day, None)
    on_half(day, Half.MORNING)
    on_half(day, Half.AFTERNOON, G)
    found = halves(day, Stay.WHOLE, Stay.WHOLE, Stay.MORNING_LUNCH, Stay.AFTERNOON)
    assert [(each.half, each.children, each.adults, each.on_duty, each.lacks) for each in found] == [
        (Half.MORNING, 3, 2, 2, 0),
        (Half.AFTERNOON, 3, 2, 1, 1),
    ], "a guard looks after no child"
    assert [len(each.duties) for each in found] == [2, 2]


def test_what_a_roster_lacks_is_said_by_halves_unless_it_is_so_all_day() -> None:
    [day] = make_days(**HOLIDAYS)
    quota = class_of(day)
    with transaction():
        db.session.merge(quota).volunteers = 1
    none = rules.planned_shortages(class_of(day), [], TermMode.FULL_DAY)
    assert list(none) == [None]
    on_half(day, Half.MORNING)
    db.session.rollback()
    there = queries.duties_on([day.id])
    short = rules.planned_shortages(class_of(day), there, TermMode.FULL_DAY)
    assert {half: V in each.roles for half, each in short.items()} == {Half.MORNING: False, Half.AFTERNOON: True}
    assert V not in rules.planned_shortages(class_of(day), there, TermMode.AFTER_SCHOOL)[None].roles


def test_after_school_has_no_halves() -> None:
    [day] = make_days()
    with pytest.raises(RuleBroken) as refused:
        on_half(day, Half.MORNING)
    assert refused.value.field == "half"
    assert halves(day) == []


def test_nobody_without_a_valid_record_check_is_there_for_a_half_either() -> None:
    [day] = make_days(**HOLIDAYS)
    unfit, fit = make_staff(CheckKind.FIRST_AID), make_staff()
    with pytest.raises(RuleBroken):
        on_half(day, Half.MORNING, V, unfit)
    who = {"day_id": day.id, "person_id": unfit.id, "role": V, "half": Half.MORNING, "set_by_id": fit.id}
    with pytest.raises(IntegrityError, match="care_duties_checked"), transaction() as session:
        session.add(CareDuty(**who, set_at=clock.now()))
    duty = on_half(day, Half.MORNING, V, fit)
    with pytest.raises(IntegrityError, match="duty_half"), transaction() as session:
        session.execute(text("UPDATE care_duties SET half = 'night' WHERE id = :id"), {"id": duty.id})


def test_who_stays_longer_is_not_sent_from_the_children_and_who_is_repeated_keeps_their_half() -> None:
    first, second = make_days(2, **HOLIDAYS)
    duty = on_half(first, Half.MORNING)
    with transaction():
        staffing.come(duty, by=duty.person, now=clock.now())
    on_half(first, None, V, duty.person)
    db.session.rollback()
    assert staffing.is_in(first, duty.person)
    on_half(first, Half.AFTERNOON, V, duty.person)
    with transaction():
        duties.repeat(first, [second], by=duty.person, now=clock.now())
    db.session.rollback()
    assert [each.half for each in queries.duties_on([second.id])] == [Half.AFTERNOON]


def test_a_duty_of_before_counts_for_the_whole_day_and_is_guarded_as_it_was() -> None:
    [day] = make_days(**HOLIDAYS)
    before, unfit = put_on(day, V), make_person()
    on_half(day, Half.MORNING)
    db.session.rollback()
    version = import_module("migrations.versions.0039_half_duties")
    with db.engine.connect() as connection:
        _run(connection, version.downgrade)
        _run(connection, version.upgrade)
        assert set(connection.scalars(select(CareDuty.half).where(CareDuty.day_id == day.id))) == {None}
        moved = text("UPDATE care_duties SET person_id = :person WHERE id = :id")
        with pytest.raises(IntegrityError, match="care_duties_checked"):
            connection.execute(moved, {"person": unfit.id, "id": before.id})
        connection.rollback()


def _run(connection: Connection, step: Any) -> None:
    with Operations.context(MigrationContext.configure(connection)):
        step()
