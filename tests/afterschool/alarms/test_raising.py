"""Alarms: raised on time, told to named people in the same go, and ended by a person alone."""

from datetime import datetime, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import delete, select

from center.afterschool.alarms import raising, times
from center.afterschool.alarms.raising import AlarmFound
from center.afterschool.alarms.sweeps import SWEEPS
from center.afterschool.custody.ledger import now_holding, undo
from center.afterschool.models.care import Alarm, AlarmAnswer, AlarmKind
from center.afterschool.models.custody import Holder
from center.afterschool.models.plans import Different, PlanChange
from center.commands.worker import run_once
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices.models import Delivery, DeliveryState, Notice
from center.people.models import Person, RoleGrant
from tests.afterschool.alarm_cases import Scene, make_scene, said
from tests.afterschool.builders import make_child
from tests.afterschool.custody_cases import bar
from tests.builders import at, make_person

pytestmark = pytest.mark.usefixtures("app")
MINUTE = timedelta(minutes=1)


def sweep(now: datetime) -> None:
    """What the worker does at a moment."""
    db.session.rollback()
    for each in SWEEPS:
        for row_id in each.due(now):
            each.settle(row_id, now)
    db.session.rollback()


def the_alarms(*, live: bool = True) -> list[Alarm]:
    db.session.rollback()
    query = select(Alarm).where(Alarm.kind != AlarmKind.RATIO).order_by(Alarm.id)
    if live:
        query = query.where(Alarm.ended_at.is_(None))
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def told() -> list[int | None]:
    mine = [f"care_alarm:{each.id}" for each in the_alarms(live=False)]
    query = select(Notice.person_id).where(Notice.kind == "after_school.alarm", Notice.about.in_(mine))
    return list(db.session.scalars(query.order_by(Notice.id)))


def answered(alarm: Alarm, found: AlarmAnswer, by: Person, now: datetime, **facts: object) -> None:
    with transaction():
        raising.answer(alarm, AlarmFound(found=found, **facts), by=by, now=now)  # type: ignore[arg-type]


def test_fifteen_minutes_after_a_child_should_be_here_the_owner_of_the_day_is_told_within_a_minute() -> None:
    scene = make_scene()
    sweep(at(15, 59, days=0))
    assert the_alarms() == []
    sweep(at(16, 0, days=0) + timedelta(seconds=45))
    [alarm] = the_alarms()
    assert (alarm.kind, alarm.child_id, alarm.level) == (AlarmKind.MISSING, scene.children[0].id, 0)
    assert told() == [scene.owner.person_id]


def test_a_page_shows_the_alarm_although_no_sweep_has_run() -> None:
    scene = make_scene()
    [due] = times.not_written(scene.day, now=at(16, 1, days=0))
    assert (due.kind, due.since) == (AlarmKind.MISSING, at(16, days=0))


def test_an_alarm_stays_until_a_person_answers_and_is_passed_on_meanwhile() -> None:
    scene = make_scene()
    for moment in (at(16, 1, days=0), at(16, 15, days=0), at(16, 30, days=0), at(20, days=0), at(2)):
        sweep(moment)
    [alarm] = the_alarms()
    assert (alarm.level, alarm.ended_at) == (2, None)
    assert told() == [scene.owner.person_id, scene.responsible.person_id, scene.director.person_id]


def test_a_sweep_that_was_killed_between_is_done_again_and_tells_nobody_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    scene = make_scene(3)
    real, seen = times.write, []

    def killed(*given: object, **facts: object) -> object:
        seen.append(1)
        if len(seen) == 3:
            raise KeyboardInterrupt
        return real(*given, **facts)  # type: ignore[arg-type]

    monkeypatch.setattr(times, "write", killed)
    with pytest.raises(KeyboardInterrupt):
        sweep(at(16, 1, days=0))
    assert the_alarms() == []
    assert told() == []
    sweep(at(16, 1, days=0))
    sweep(at(16, 2, days=0))
    assert len(the_alarms()) == 3
    assert told() == [scene.owner.person_id] * 3


def test_a_child_who_came_is_not_missing_and_who_came_late_ends_it_by_whoever_wrote_it_down() -> None:
    scene = make_scene(2)
    said(scene, 0, Holder.ROOM, at(15, 50, days=0))
    sweep(at(16, 1, days=0))
    [alarm] = the_alarms()
    assert alarm.child_id == scene.children[1].id
    arrived = said(scene, 1, Holder.ROOM, at(16, 5, days=0))
    assert the_alarms() == []
    [ended] = the_alarms(live=False)
    assert (ended.found, ended.ended_by_id) == (AlarmAnswer.ARRIVED, scene.owner.person_id)
    sweep(at(16, 10, days=0))
    assert the_alarms() == []
    assert arrived.outcome == "accepted"


def test_an_arrival_that_was_taken_back_rings_again() -> None:
    scene = make_scene()
    said(scene, 0, Holder.SCHOOL, at(15, days=0))
    sweep(at(16, 1, days=0))
    arrived = said(scene, 0, Holder.ROOM, at(16, 2, days=0))
    with transaction():
        undo(arrived, by=scene.owner.person, now=at(16, 3, days=0))
    sweep(at(16, 4, days=0))
    [alarm] = the_alarms()
    assert alarm.kind is AlarmKind.MISSING


def test_who_is_on_leave_or_not_expected_is_not_missing() -> None:
    scene = make_scene(2)
    enrolment = scene.enrolments[0]
    with transaction() as session:
        session.add(
            PlanChange(
                enrolment_id=enrolment.id, on_date=scene.day.on_date, what=Different.LEAVE,
                by_id=scene.guardians[0].person_id, at=at(9, days=0),
                recorded_by_id=scene.guardians[0].person_id, acknowledged_at=at(9, days=0),
                acknowledged_by_id=scene.owner.person_id,
            )
        )  # fmt: skip
    sweep(at(16, 1, days=0))
    assert [each.child_id for each in the_alarms()] == [scene.children[1].id]


def test_that_a_child_is_with_a_guardian_is_written_into_the_ledger_with_who_said_so_on_which_number() -> None:
    scene = make_scene()
    sweep(at(16, 1, days=0))
    [alarm] = the_alarms()
    mother = scene.guardians[0].person
    with pytest.raises(RuleBroken):
        answered(
            alarm, AlarmAnswer.WITH_GUARDIAN, scene.owner.person, at(16, 3, days=0), guardian=make_person(), number="1"
        )
    with pytest.raises(RuleBroken):
        answered(alarm, AlarmAnswer.WITH_GUARDIAN, scene.owner.person, at(16, 3, days=0), guardian=mother)
    number = mother.phone or ""
    answered(alarm, AlarmAnswer.WITH_GUARDIAN, scene.owner.person, at(16, 3, days=0), guardian=mother, number=number)
    db.session.rollback()
    held = now_holding(scene.children[0].id)
    assert held is not None
    assert (held.holder, held.event.approved_by_id, held.event.approved_on) == (Holder.GUARDIAN, mother.id, number)
    sweep(at(17, days=0))
    assert the_alarms() == []
    left = db.session.scalars(select(Notice.person_id).where(Notice.kind == "after_school.left"))
    assert sorted(map(str, left)) == sorted(str(each.person_id) for each in scene.guardians)  # each once


def test_that_a_child_is_with_a_guardian_who_may_not_collect_it_is_an_alarm_of_its_own() -> None:
    scene = make_scene()
    sweep(at(16, 1, days=0))
    [alarm] = the_alarms()
    mother, now = scene.guardians[0].person, at(16, 3, days=0)
    bar(scene.children[0], mother.name, person_id=mother.id, set_at=at(15, days=0))
    answered(alarm, AlarmAnswer.WITH_GUARDIAN, scene.owner.person, now, guardian=mother, number=mother.phone or "")
    assert [each.kind for each in the_alarms()] == [AlarmKind.BARRED]


def test_the_guardian_of_another_child_cannot_say_where_this_one_is() -> None:
    scene = make_scene()
    sweep(at(16, 1, days=0))
    [alarm] = the_alarms()
    stranger = make_person()
    make_child(stranger)
    with pytest.raises(RuleBroken):
        answered(
            alarm, AlarmAnswer.ON_LEAVE, scene.owner.person, at(16, 3, days=0), guardian=stranger, number="13800000000"
        )
    with pytest.raises(RuleBroken), transaction():
        raising.ring(
            alarm, stranger, number="13800000000", is_reached=True, by=scene.owner.person, now=at(16, 3, days=0)
        )


def test_a_child_who_was_found_but_does_not_come_is_asked_for_again() -> None:
    scene = make_scene()
    sweep(at(16, 1, days=0))
    answered(the_alarms()[0], AlarmAnswer.FOUND, scene.owner.person, at(16, 5, days=0), words="还在学校，下一批来")
    sweep(at(16, 19, days=0))
    assert the_alarms() == []
    sweep(at(16, 21, days=0))
    assert [each.kind for each in the_alarms()] == [AlarmKind.MISSING]


def test_two_who_answer_at_once_are_one_answer_and_the_other_is_told_so(app: Flask) -> None:
    scene = make_scene()
    sweep(at(16, 1, days=0))
    [alarm] = the_alarms()
    barrier, outcomes = Barrier(2), []
    people = (scene.owner.person_id, scene.responsible.person_id)

    def run(person_id: int) -> None:
        with app.app_context():
            by = db.session.get_one(Person, person_id)
            mine = db.session.get_one(Alarm, alarm.id)
            barrier.wait()
            try:
                answered(mine, AlarmAnswer.OTHER, by, at(16, 3, days=0), words=f"由{person_id}")
                outcomes.append("done")
            except Conflict:
                outcomes.append("conflict")

    threads = [Thread(target=run, args=(each,)) for each in people]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["conflict", "done"]


def test_at_six_with_three_children_still_here_named_people_are_told_at_closing_after_15_and_after_30_minutes() -> None:
    scene = make_scene(3)
    for n in range(3):
        said(scene, n, Holder.ROOM, at(15, 50, days=0))
    sweep(at(17, 59, days=0))
    assert the_alarms() == []
    told_at = []
    for moment in (at(18, days=0), at(18, 15, days=0), at(18, 30, days=0)):
        sweep(moment + MINUTE / 2)
        told_at.append(len(told()))
        assert {each.kind for each in the_alarms()} == {AlarmKind.NOT_COLLECTED}
    assert told_at == [3, 6, 9]
    assert {each.level for each in the_alarms()} == {2}


def test_without_a_worker_or_a_network_the_late_ones_are_known_as_soon_as_anybody_looks_again() -> None:
    scene = make_scene(3)
    for n in range(3):
        said(scene, n, Holder.ROOM, at(15, 50, days=0))
    late = at(7, days=1)  # the next morning
    assert len(times.not_written(scene.day, now=late)) == 3
    sweep(late)
    assert [each.level for each in the_alarms()] == [2, 2, 2]
    assert [each.raised_at for each in the_alarms()] == [at(18, days=0)] * 3


def test_yesterdays_alarm_stays_after_midnight_and_a_handover_ends_it() -> None:
    scene = make_scene()
    said(scene, 0, Holder.ROOM, at(15, 50, days=0))
    sweep(at(18, 1, days=0))
    sweep(at(0, 5))
    assert len(the_alarms()) == 1
    mother = scene.guardians[0].person
    said(scene, 0, Holder.GUARDIAN, at(0, 20), approved_by=mother, approved_on="13800000000")
    assert the_alarms() == []


def test_the_next_ones_are_told_at_once_where_the_owners_role_ended_yesterday() -> None:
    scene = make_scene()
    with transaction() as session:
        session.execute(delete(RoleGrant).where(RoleGrant.person_id == scene.owner.person_id))
        session.add(
            RoleGrant(
                person_id=scene.owner.person_id, role="tutor", starts_on=scene.day.on_date - timedelta(days=9),
                ends_on=scene.day.on_date - timedelta(days=1),
            )
        )  # fmt: skip
    sweep(at(16, 1, days=0))
    assert told() == [scene.responsible.person_id]


def test_two_who_say_they_took_the_child_are_an_alarm_for_everybody_at_once() -> None:
    scene = make_scene()
    said(scene, 0, Holder.ROOM, at(15, 50, days=0))
    mother = scene.guardians[0].person
    said(scene, 0, Holder.GUARDIAN, at(17, days=0), approved_by=mother, approved_on="13800000000")
    said(scene, 0, Holder.BUS, at(17, 1, days=0), bus="3")
    [alarm] = the_alarms()
    assert (alarm.kind, alarm.level) == (AlarmKind.CONFLICT, 2)
    assert set(told()) == {scene.owner.person_id, scene.responsible.person_id, scene.director.person_id}


def test_who_took_the_child_before_and_is_heard_of_later_is_an_alarm_as_well() -> None:
    scene = make_scene()
    said(scene, 0, Holder.ROOM, at(15, 50, days=0))
    said(scene, 0, Holder.BUS, at(17, 1, days=0), bus="3")
    mother = scene.guardians[0].person
    said(scene, 0, Holder.GUARDIAN, at(17, days=0), approved_by=mother, approved_on="13800000000")
    assert [each.kind for each in the_alarms()] == [AlarmKind.CONFLICT]


def test_a_change_that_nobody_acknowledged_rings_and_its_acknowledgement_ends_it() -> None:
    scene = make_scene()
    said(scene, 0, Holder.ROOM, at(15, 50, days=0))
    with transaction() as session:
        change = PlanChange(
            enrolment_id=scene.enrolments[0].id, on_date=scene.day.on_date, what=Different.USUAL,
            by_id=scene.guardians[0].person_id, at=at(16, days=0), recorded_by_id=scene.guardians[0].person_id,
        )  # fmt: skip
        session.add(change)
    sweep(at(16, 9, days=0))
    assert the_alarms() == []
    sweep(at(16, 10, days=0))
    assert [each.kind for each in the_alarms()] == [AlarmKind.UNSEEN_CHANGE]
    with transaction():
        row = db.session.get_one(PlanChange, change.id)
        row.acknowledged_at, row.acknowledged_by_id = at(16, 12, days=0), scene.owner.person_id
    sweep(at(16, 13, days=0))
    [ended] = the_alarms(live=False)
    assert (ended.found, ended.ended_by_id) == (AlarmAnswer.SETTLED, scene.owner.person_id)


def test_who_was_still_to_be_rung_about_an_answered_alarm_need_not_be() -> None:
    scene = make_scene()
    sweep(at(16, 1, days=0))
    [alarm] = the_alarms()
    answered(alarm, AlarmAnswer.OTHER, scene.owner.person, at(16, 3, days=0), words="走错教室")
    due = (
        select(Delivery)
        .join(Delivery.notice)
        .where(Delivery.state == DeliveryState.DUE, Notice.kind == "after_school.alarm")
    )
    assert db.session.scalars(due).all() == []


def test_raising_twice_is_once_and_settling_ends_it() -> None:
    scene: Scene = make_scene()
    on, now = scene.day.on_date, at(16, days=0)
    for _twice in range(2):
        with transaction():
            raising.raise_alarm(AlarmKind.CODE_TRIED, "child:1", on_date=on, now=now)
    assert [each.kind for each in the_alarms()] == [AlarmKind.CODE_TRIED]
    with transaction():
        raising.settle(AlarmKind.CODE_TRIED, "child:1", on_date=on, by=scene.owner.person, now=now)
    assert the_alarms() == []


def test_the_worker_looks_for_them_in_a_rhythm_of_their_own(app: Flask) -> None:
    make_scene()
    assert run_once(app, SWEEPS) == 0
    assert all(0 < each.every <= 30 for each in SWEEPS)
    assert clock.now().tzinfo is not None
