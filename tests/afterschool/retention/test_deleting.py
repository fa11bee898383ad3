"""Each kind goes on its day and not before, ledgers too; what is needed stays; what is left is a number, proved."""

from datetime import date, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select, text
from sqlalchemy.exc import DBAPIError

from center.afterschool.alarms import raising
from center.afterschool.alarms.raising import AlarmFound
from center.afterschool.models.care import Alarm, AlarmAnswer, AlarmKind, Incident, IncidentStep, Ring
from center.afterschool.models.consents import ChildConsent, HealthNote, Purpose
from center.afterschool.models.custody import CheckedBy, Custody, CustodyEvent, Holder, Holding
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Collector, Different, PlanChange
from center.afterschool.models.retention import DeletedWhy, DeletionProof
from center.afterschool.models.words_said import GuardianWord, Spoke, WordOn
from center.afterschool.records import care_counts, disputes, figures, incidents, minors_audit
from center.afterschool.records.care_counts import Counted
from center.afterschool.records.incidents import Happened, Told
from center.afterschool.retention import deleting, deletions, holds, periods
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.erasing.actions import InTheWay
from tests.afterschool.alarm_cases import Scene, make_scene, said
from tests.afterschool.plan_builders import make_consent
from tests.builders import at

pytestmark = pytest.mark.usefixtures("app")
[SWEEP] = deleting.SWEEPS
LEDGERS = (
    GuardianWord,
    Custody,
    CustodyEvent,
    Holding,
    Alarm,
    Ring,
    PlanChange,
    Incident,
    IncidentStep,
    ChildConsent,
    Collector,
)
ON_TIME = 3 * 365


def sweep(days: int) -> None:
    """What the worker does so many days from today, until nothing is over."""
    db.session.rollback()
    for _round in range(9):
        due = SWEEP.due(at(9, days=days))
        for number in due:
            SWEEP.settle(number, at(9, days=days))
        db.session.rollback()
        if not due:
            return
    raise AssertionError("there is always something over")


def left(*models: Any) -> dict[str, int]:
    """How many rows there are of tables, of those that have any."""
    db.session.rollback()
    found = {each.__tablename__: db.session.scalar(select(func.count()).select_from(each)) or 0 for each in models}
    return {name: number for name, number in found.items() if number}


def lived(*, is_closed: bool = True, is_collected: bool = True) -> Scene:
    """A day of which something is in every ledger: a change, a late collection, an alarm with a call, an incident."""
    scene = make_scene(days=0)
    child, mother, owner = scene.children[0], scene.guardians[0].person, scene.owner.person
    make_consent(child, Purpose.HEALTH)
    with transaction() as session:
        change = PlanChange(
            enrolment_id=scene.enrolments[0].id, on_date=scene.day.on_date, what=Different.LEAVE, by_id=mother.id,
            at=clock.now(), recorded_by_id=mother.id,
        )  # fmt: skip
        session.add(change)
    facts = {"recorded_by_id": owner.id, "at": clock.now(), "how": Spoke.IN_PERSON, "paper": "2026-1"}
    with transaction() as session:
        session.add(GuardianWord(child_id=child.id, what=WordOn.ORDER, guardian_id=mother.id, **facts))
    said(scene, 0, Holder.ROOM, at(15, 50, days=0))
    if is_collected:
        rung = {"checked_by": CheckedBy.RUNG, "approved_by": mother, "approved_on": "13800000000"}
        second = {"second": scene.responsible.person, "other_name": "王叔叔", "child_agreed": True}
        said(scene, 0, Holder.COLLECTOR, at(18, 20, days=0), **rung, **second)
    moment = at(18, 25, days=0)
    with transaction():
        alarm = raising.raise_alarm(
            AlarmKind.MISSING, f"child:{child.id}", on_date=scene.day.on_date, now=moment, child=child
        )
        raising.ring(alarm, mother, number="13800000000", is_reached=True, said="在路上", by=owner, now=moment)
        raising.answer(alarm, AlarmFound(found=AlarmAnswer.FOUND, words="找到了"), by=owner, now=moment)
    for each in db.session.scalars(select(Alarm).where(Alarm.ended_at.is_(None))).all():
        with transaction():
            raising.answer(each, AlarmFound(found=AlarmAnswer.OTHER, words="无事"), by=owner, now=moment)
    with transaction():
        happened = Happened(at=at(16, days=0), place="操场", what="摔倒", done="清洗")
        incident = incidents.record(child, happened, by=owner, now=moment)
        incidents.write_told(incident, mother, Told.PHONE, words="", by=owner, now=moment)
        if is_closed:
            incidents.close(incident, "痊愈", by=owner, now=moment)
    return scene


def test_every_ledger_goes_on_its_day_and_not_before_and_leaves_its_number() -> None:
    scene = lived()
    before = left(*LEDGERS)
    sweep(ON_TIME - 1)
    assert left(*LEDGERS) == before
    sweep(ON_TIME)
    assert left(*LEDGERS) == {}
    proofs = db.session.scalars(select(DeletionProof).where(DeletionProof.why == DeletedWhy.TIME)).all()
    rows = {each.kind: (each.how_many, each.period_days) for each in proofs}
    assert rows["custody"] == (before["custody_events"] + before["custody"] + 1, ON_TIME)
    assert rows["incidents"] == (before["incidents"] + before["incident_steps"], ON_TIME)
    assert deletions.find_broken() is None
    enrolment = db.session.get_one(Enrolment, scene.enrolments[0].id)
    assert (enrolment.school_class, enrolment.mark) == ("", "")


def test_figures_stay_without_names() -> None:
    scene = lived()
    term, year = scene.term, clock.now().year
    then = figures.of_term(term)
    audit = {str(row): number for part in minors_audit.pack(year) for row, number in part.rows}
    sweep(ON_TIME)
    now = figures.of_term(db.session.get_one(type(term), term.id))
    assert (then.incidents, then.late_in_all) == (1, 1)
    assert (now.incidents, now.late_in_all, now.late) == (1, 1, [])
    after = {str(row): number for part in minors_audit.pack(year) for row, number in part.rows}
    for row in ("事件", "警报", "给予同意"):
        assert after.get(row) == audit.get(row), row
    assert care_counts.of_year(Counted.INCIDENTS, year) == 1


def test_health_goes_thirty_days_after_a_child_leaves_though_the_term_goes_on() -> None:
    scene = make_scene(days=0, more_days=100)
    child, mother = scene.children[0], scene.guardians[0].person
    consent = make_consent(child, Purpose.HEALTH)
    with transaction() as session:
        words = {"trigger": "花生", "reaction": "呼吸困难", "what_to_do": "打120", "level": "emergency"}
        session.add(HealthNote(child_id=child.id, consent_id=consent.id, **words, by_id=mother.id, at=clock.now()))
    with transaction() as session:
        place = session.get_one(Enrolment, scene.enrolments[0].id)
        place.ended_at, place.ended_by_id = clock.now(), mother.id
    sweep(29)
    assert left(HealthNote) == {"health_notes": 1}
    with transaction():
        holds.set_hold(child, "保险理赔", by=scene.director.person, now=clock.now())
    sweep(31)
    assert left(HealthNote) == {}, "whatever else is needed, health goes as promised"


def test_what_is_needed_stays_until_it_is_let_go_and_is_not_erased_either() -> None:
    scene = lived()
    before, director = left(*LEDGERS), scene.director.person
    with transaction():
        hold = holds.set_hold(scene.children[0], "家长提出索赔", by=director, now=clock.now())
        assert holds.set_hold(scene.children[0], "再说一次", by=director, now=clock.now()).id == hold.id
    sweep(ON_TIME + 900)
    assert left(*LEDGERS) == before
    with transaction() as session:
        place = session.get_one(Enrolment, scene.enrolments[0].id)
        place.ended_at, place.ended_by_id = clock.now(), director.id
    mother = scene.guardians[0].person
    with transaction():
        asked = deletions.ask(scene.children[0], mother, words="", by=mother, now=clock.now())
    with pytest.raises(InTheWay), transaction():
        deletions.grant(asked, by=director, now=clock.now())
    db.session.rollback()
    for _twice in range(2):
        with transaction():
            holds.lift(hold, by=director, now=clock.now())
    sweep(ON_TIME + 900)
    assert left(*LEDGERS) == {}


def test_where_guardians_disagree_everything_stays() -> None:
    scene = lived()
    before = left(*LEDGERS)
    with transaction():
        disputes.write(scene.children[0], "父母对事件有争议", by=scene.director.person, now=clock.now())
    sweep(ON_TIME + 900)
    assert left(*LEDGERS) == before


def test_an_incident_that_nobody_closed_keeps_what_its_file_is_made_of() -> None:
    lived(is_closed=False)
    before = left(*LEDGERS)
    sweep(ON_TIME + 900)
    assert left(*LEDGERS) == before


def test_a_child_who_was_never_handed_over_is_never_deleted_by_time() -> None:
    scene = make_scene(days=0)
    said(scene, 0, Holder.ROOM, at(15, 50, days=0))
    sweep(ON_TIME * 3)
    assert left(Custody, Holding) == {"custody": 1, "holdings": 1}


def test_a_child_who_comes_again_keeps_its_whole_story() -> None:
    scene = lived()
    with transaction() as session:
        later = scene.day.on_date + timedelta(days=800)
        term = session.get_one(type(scene.term), scene.term.id)
        term.last_on = later
    sweep(ON_TIME + 100)
    assert left(Custody, Holding)
    sweep(ON_TIME + 800)
    assert left(Custody, Holding) == {}


REMOVED = [f"DELETE FROM {each.__tablename__}" for each in LEDGERS if each is not Collector]


def prove(kind: str, older_than: date, now: datetime) -> None:
    with transaction():
        deletions.prove([(kind, 1)], why=DeletedWhy.TIME, now=now, older_than=older_than)


@pytest.mark.parametrize("statement", REMOVED)
def test_the_database_lets_nothing_go_without_a_proof_that_covers_it(statement: str) -> None:
    scene = lived()
    today = scene.day.on_date
    refused(statement)
    for kind in ("custody", "care_alarms", "plan_changes", "incidents", "child_consents"):
        prove(kind, today, at(9, days=ON_TIME))  # what was before today, not of today
    refused(statement)
    with transaction():
        holds.set_hold(scene.children[0], "案件", by=scene.director.person, now=clock.now())
    for kind in ("custody", "care_alarms", "plan_changes", "incidents", "child_consents"):
        prove(kind, today + timedelta(days=9), at(9, days=ON_TIME + 30))
    refused(statement)


def refused(statement: str) -> None:
    with pytest.raises(DBAPIError), transaction() as session:
        session.execute(text(statement))
    db.session.rollback()


def test_the_database_takes_no_proof_of_a_ledger_before_three_years_are_over() -> None:
    today = at(9, days=0).date()
    for kind in ("custody", "care_alarms", "plan_changes", "incidents", "child_consents", "enrolment_events"):
        with pytest.raises(DBAPIError, match="deletion_proofs_floor"):
            prove(kind, today - timedelta(days=ON_TIME - 4), at(9, days=0))
        db.session.rollback()


def test_a_proof_that_was_left_out_or_altered_shows() -> None:
    today = at(9, days=0).date()
    for days in (400, 500, 600):
        prove("ways_home", today - timedelta(days=days), at(9, days=0))
    assert deletions.find_broken() is None
    rows = db.session.scalars(select(DeletionProof).order_by(DeletionProof.id)).all()
    altered = rows[1]
    db.session.expunge(altered)
    altered.how_many = 2
    assert deletions.digest_of(altered, rows[0].digest) != rows[1].digest
    assert deletions.digest_of(rows[2], rows[0].digest) != rows[2].digest


def test_two_workers_at_once_prove_nothing_twice(app: Flask) -> None:
    make_scene(2)
    db.session.rollback()
    barrier, faults = Barrier(2), list[Exception]()

    def work() -> None:
        with app.app_context():
            barrier.wait()
            try:
                with transaction():
                    deleting.delete_some(periods.get("ways_home"), at(9, days=366))
            except Exception as fault:  # shown below
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [Thread(target=work) for _n in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert faults == []
    assert [each.how_many for each in db.session.scalars(select(DeletionProof))] == [14]
    assert deletions.find_broken() is None
