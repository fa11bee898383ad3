"""What is kept of children goes on time or when a guardian asks, and its proof names nobody; who else may look."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import delete, func, select

from center.afterschool.models.consents import ChildConsent, ConsentText, HealthNote, Means, Purpose
from center.afterschool.models.custody import CheckedBy, CustodyEvent, Holder
from center.afterschool.models.enrolments import CallOrder
from center.afterschool.models.plans import WayHome
from center.afterschool.models.retention import DeletedWhy, DeletionAsk, DeletionProof, Dispute
from center.afterschool.models.staff import ChildAccess
from center.afterschool.policy import has_access
from center.afterschool.records import accesses, disputes
from center.afterschool.records.accesses import Grant
from center.afterschool.retention import deleting, deletions
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep
from center.notices.models import Notice
from center.people.erasing.actions import InTheWay
from center.people.models import Person, Role
from tests.afterschool.alarm_cases import Scene, make_scene, said
from tests.builders import at, make_account, make_person

pytestmark = pytest.mark.usefixtures("app")
[SWEEP] = deleting.SWEEPS


def swept(sweep: Sweep, now: Any) -> None:
    db.session.rollback()
    for row_id in sweep.due(now):
        sweep.settle(row_id, now)


def count(model: Any) -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(model)) or 0


def proofs() -> list[tuple[str, int]]:
    db.session.rollback()
    return [(each.kind, each.how_many) for each in db.session.scalars(select(DeletionProof).order_by(DeletionProof.id))]


def with_health(scene: Scene) -> None:
    child, mother = scene.children[0], scene.guardians[0].person
    with transaction() as session:
        text = ConsentText(purpose=Purpose.HEALTH, version=1, words="健康", published_at=clock.now())
        session.add(text)
        session.flush()
        consent = ChildConsent(
            child_id=child.id, purpose=Purpose.HEALTH, text_id=text.id, is_given=True, by_id=mother.id,
            recorded_by_id=mother.id, means=Means.ACCOUNT, at=clock.now(),
        )  # fmt: skip
        session.add(consent)
        session.flush()
        session.add(
            HealthNote(
                child_id=child.id, consent_id=consent.id, trigger="花生", reaction="呼吸困难", what_to_do="打120",
                level="emergency", by_id=mother.id, at=clock.now(),
            )
        )  # fmt: skip


def test_health_goes_thirty_days_after_the_last_term_and_not_before() -> None:
    scene = make_scene()
    with_health(scene)
    swept(SWEEP, at(9, days=29))
    assert count(HealthNote) == 1
    swept(SWEEP, at(9, days=30))
    swept(SWEEP, at(9, days=30))
    assert count(HealthNote) == 0
    assert proofs() == [("health_notes", 1)]


def test_a_year_after_the_term_the_ways_home_and_the_order_of_calls_are_gone() -> None:
    make_scene(2)
    swept(SWEEP, at(9, days=366))
    assert (count(WayHome), count(CallOrder)) == (0, 0)
    assert sorted(proofs()) == [("call_orders", 2), ("ways_home", 14)]


def test_a_proof_holds_no_name_and_nobody_rewrites_it() -> None:
    make_scene()
    swept(SWEEP, at(9, days=366))
    columns = set(DeletionProof.__table__.c.keys())
    assert columns == {"id", "at", "kind", "why", "older_than", "how_many", "period_days", "digest"}
    with pytest.raises(Exception, match="deletion_proofs_append_only"), transaction() as session:
        session.execute(delete(DeletionProof))


def asked(scene: Scene) -> DeletionAsk:
    mother = scene.guardians[0].person
    with transaction():
        return deletions.ask(scene.children[0], mother, words="搬家了", by=mother, now=clock.now())


def test_a_child_who_has_a_place_or_is_with_us_is_not_deleted() -> None:
    scene = make_scene()
    made = asked(scene)
    with pytest.raises(InTheWay), transaction():
        deletions.grant(made, by=scene.director.person, now=clock.now())
    db.session.rollback()
    assert db.session.get_one(DeletionAsk, made.id).decided_at is None


def test_what_a_guardian_asks_is_one_request_and_a_stranger_may_not_ask() -> None:
    scene = make_scene()
    assert asked(scene).id == asked(scene).id
    stranger = make_person()
    with pytest.raises(RuleBroken), transaction():
        deletions.ask(scene.children[0], stranger, words="", by=stranger, now=clock.now())


def test_a_refusal_says_why_and_is_final() -> None:
    scene = make_scene()
    made = asked(scene)
    with pytest.raises(RuleBroken), transaction():
        deletions.refuse(made, why=" ", by=scene.director.person, now=clock.now())
    with transaction():
        deletions.refuse(made, why="法院要求保留", by=scene.director.person, now=clock.now())
    with pytest.raises(Conflict), transaction():
        deletions.grant(made, by=scene.director.person, now=clock.now())
    db.session.rollback()
    told = select(Notice.person_id).where(Notice.kind == "after_school.not_deleted")
    assert db.session.scalars(told).all() == [scene.guardians[0].person_id]


def test_a_child_who_was_handed_over_by_a_call_is_deleted_and_the_ledger_stays_without_words() -> None:
    scene = make_scene(days=0)
    with_health(scene)
    mother = scene.guardians[0].person
    said(scene, 0, Holder.ROOM, at(15, 50, days=0))
    said(
        scene, 0, Holder.COLLECTOR, at(17, days=0), checked_by=CheckedBy.RUNG, approved_by=mother, child_agreed=True,
        approved_on="13800000000", other_name="王叔叔", second=scene.responsible.person,
    )  # fmt: skip
    made = asked(scene)
    with transaction() as session:
        enrolment = session.get_one(type(scene.enrolments[0]), scene.enrolments[0].id)
        enrolment.ended_at, enrolment.ended_by_id, enrolment.ended_reason = (
            clock.now(),
            scene.director.person_id,
            "搬家",
        )
    with transaction():
        deletions.grant(made, by=scene.director.person, now=clock.now())
    db.session.rollback()
    child = db.session.get_one(Person, scene.children[0].id)
    assert child.erased_at is not None
    assert count(HealthNote) == 0
    assert "王叔叔" not in str([each.other_name for each in db.session.scalars(select(CustodyEvent))])
    why = db.session.scalars(select(DeletionProof.why)).all()
    assert set(why) == {DeletedWhy.ASKED}


def test_somebody_is_let_for_a_reason_and_a_time_and_it_ends_by_itself() -> None:
    today, now = local_date(clock.now()), clock.now()
    director, tutor = make_account(roles=[Role.DIRECTOR]).person, make_account(roles=[Role.TUTOR]).person
    yesterday = today - timedelta(days=1)
    with transaction() as session:
        old = ChildAccess(
            person_id=tutor.id, reason="x", starts_on=yesterday, ends_on=yesterday, granted_by_id=director.id,
            granted_at=now,
        )  # fmt: skip
        session.add(old)
        session.info.pop("check before commit", None)
    db.session.rollback()
    assert not has_access(tutor.id)
    grant = Grant(reason="核对名单", starts_on=today, ends_on=today)
    with transaction():
        made = accesses.give(tutor, grant, by=director, now=now, today=today)
    db.session.rollback()
    assert has_access(tutor.id)
    with transaction():
        accesses.revoke(made, by=director, now=now)
    db.session.rollback()
    assert not has_access(tutor.id)


@pytest.mark.parametrize(
    ("reason", "first", "last", "field"),
    [(" ", 0, 0, "reason"), ("核对", 2, 1, "ends_on"), ("核对", -2, -1, "ends_on"), ("核对", 0, 200, "ends_on")],
)
def test_no_access_without_a_reason_or_an_end(reason: str, first: int, last: int, field: str) -> None:
    today = local_date(clock.now())
    tutor, director = make_account(roles=[Role.TUTOR]).person, make_person()
    grant = Grant(reason=reason, starts_on=today + timedelta(days=first), ends_on=today + timedelta(days=last))
    with pytest.raises(RuleBroken) as refused, transaction():
        accesses.give(tutor, grant, by=director, now=clock.now(), today=today)
    assert refused.value.field == field


def test_a_resident_or_a_clerk_is_let_see_no_child() -> None:
    today = local_date(clock.now())
    clerk, director = make_account(roles=[Role.CLERK]).person, make_person()
    grant = Grant(reason="看看", starts_on=today, ends_on=today)
    with pytest.raises(RuleBroken), transaction():
        accesses.give(clerk, grant, by=director, now=clock.now(), today=today)


def test_a_dispute_is_noted_unreadable_for_others_and_settled_once() -> None:
    scene = make_scene()
    with transaction():
        row = disputes.write(scene.children[0], "父母对接送人有分歧", by=scene.director.person, now=clock.now())
    for _twice in range(2):
        with transaction():
            disputes.settle(row, by=scene.director.person, now=clock.now())
    assert disputes.all_open() == []
    assert count(Dispute) == 1
