"""Incidents: all guardians hear of them, who has read one says so once, and what was written stays."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

from center.afterschool.models.care import Incident, IncidentStep
from center.afterschool.models.custody import Holder
from center.afterschool.records import defence, incidents
from center.afterschool.records.incidents import Happened, State, Told
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.notices.models import Notice
from center.people.models import Guardianship
from tests.afterschool.alarm_cases import Scene, make_scene, said
from tests.builders import LONG_AGO, at, make_account, make_person
from tests.engines import ONE_ENGINE

pytestmark = [pytest.mark.usefixtures("app"), ONE_ENGINE]


def recorded(scene: Scene, **facts: Any) -> Incident:
    known = {"at": at(16, 20, days=0), "place": "操场", "what": "摔倒，膝盖擦伤", "done": "清洗，贴创可贴", **facts}
    with transaction():
        return incidents.record(scene.children[0], Happened(**known), by=scene.owner.person, now=at(16, 30, days=0))


def test_all_guardians_hear_that_something_happened_and_no_message_says_what() -> None:
    scene = make_scene()
    father = make_account().person
    with transaction() as session:
        session.add(Guardianship(child_id=scene.children[0].id, guardian_id=father.id, starts_on=LONG_AGO))
    recorded(scene)
    db.session.rollback()
    notices = db.session.scalars(select(Notice).where(Notice.kind == "after_school.incident")).all()
    assert {each.person_id for each in notices} == {scene.guardians[0].person_id, father.id}
    assert not any("擦伤" in each.body + each.subject for each in notices)


def test_what_happened_is_not_readable_in_the_database() -> None:
    recorded(make_scene())
    db.session.rollback()
    assert "擦伤" not in str(db.session.execute(text("SELECT what, done FROM incidents")).all())


@pytest.mark.parametrize("missing", ["what", "done"])
def test_nothing_is_written_down_that_leaves_out_what_happened_or_what_was_done(missing: str) -> None:
    scene = make_scene()
    with pytest.raises(RuleBroken) as refused:
        recorded(scene, **{missing: "  "})
    assert refused.value.field == missing


def test_it_is_not_closed_before_a_guardian_was_told_and_nothing_follows_once_it_is() -> None:
    scene = make_scene()
    incident, by, now = recorded(scene), scene.owner.person, at(17, days=0)
    with pytest.raises(RuleBroken), transaction():
        incidents.close(incident, "好了", by=by, now=now)
    with transaction():
        incidents.write_told(incident, scene.guardians[0].person, Told.PHONE, words="五点来", by=by, now=now)
        incidents.close(incident, "好了", by=by, now=now)
    assert incidents.state_of(incident) is State.CLOSED
    with pytest.raises(Conflict), transaction():
        incidents.follow_up(incident, "又一次", by=by, now=now)


def test_a_guardian_acknowledges_once_and_nobody_elses_guardian_can() -> None:
    scene = make_scene(2)
    incident, mother = recorded(scene), scene.guardians[0].person
    for _twice in range(2):
        with transaction():
            incidents.acknowledge(incident, mother, Told.ACCOUNT, by=mother, now=at(18, days=0))
    for stranger in (scene.guardians[1].person, make_person()):
        with pytest.raises(RuleBroken), transaction():
            incidents.acknowledge(incident, stranger, Told.ACCOUNT, by=stranger, now=at(18, days=0))
    db.session.rollback()
    assert len(db.session.scalars(select(IncidentStep)).all()) == 1


@pytest.mark.parametrize("statement", ["UPDATE incidents SET place = 'x'", "DELETE FROM incidents"])
def test_the_database_lets_nobody_rewrite_one(statement: str) -> None:
    recorded(make_scene())
    with pytest.raises(DBAPIError, match="incidents_append_only"), transaction() as session:
        session.execute(text(statement))


def test_the_defence_file_says_who_held_the_child_in_every_minute() -> None:
    scene = make_scene()
    said(scene, 0, Holder.SCHOOL, at(15, days=0))
    said(scene, 0, Holder.ROOM, at(15, 45, days=0))
    mother = scene.guardians[0].person
    said(scene, 0, Holder.GUARDIAN, at(17, days=0), approved_by=mother, approved_on="13800000000")
    file = defence.of(recorded(scene))
    assert [each.holder for each in file.holds] == [Holder.SCHOOL, Holder.ROOM, Holder.GUARDIAN]
    minutes = list(defence.minutes(file))
    assert len(minutes) == 121
    assert minutes[44].hold.holder is Holder.SCHOOL
    assert minutes[45].hold.holder is Holder.ROOM
    assert minutes[-1].at == at(17, days=0)
    assert {each.duty.person_id for each in file.duties} == {scene.owner.person_id, scene.responsible.person_id}


def test_a_correction_stands_in_the_defence_file_in_place_of_what_it_put_right() -> None:
    scene = make_scene()
    said(scene, 0, Holder.ROOM, at(15, 45, days=0))
    said(scene, 0, Holder.ON_THE_WAY, at(15, 35, days=0), with_person=scene.owner.person)
    file = defence.of(recorded(scene))
    assert [(each.holder, each.since) for each in file.holds] == [
        (Holder.ON_THE_WAY, at(15, 35, days=0)),
        (Holder.ROOM, at(15, 45, days=0)),
    ]
    assert file.holds[0].until - file.holds[0].since == timedelta(minutes=10)  # type: ignore[operator]
