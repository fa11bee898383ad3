"""The database moves an organisation by a decision only, whoever asks it and whatever for."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from center.incubator.models.incubations import Incubation, IncubationStage
from center.incubator.models.interests import DeclaredInterest, InterestKind
from center.kernel import clock
from center.kernel.db import db, transaction
from center.organisations.models import MemberRole, Membership
from tests.builders import ZONE, make_person
from tests.incubator.builders import make_decision, make_document, make_free, make_incubation

STAGE = IncubationStage
pytestmark = pytest.mark.usefixtures("app")


def test_no_stage_changes_without_a_decision() -> None:
    incubation = make_incubation(stage=STAGE.SCREENING)
    for change in ("stage = 'review'", "step = step + 1", "stage = 'review', step = step + 1", "step = 0"):
        _refused("incubations_by_decision", f"UPDATE incubations SET {change} WHERE id = {incubation.id}")
    _write(f"UPDATE incubations SET due_on = '2026-12-01' WHERE id = {incubation.id}")


def test_without_its_guard_the_stage_would_have_changed(engine: str) -> None:
    """The control of the test before: what refuses there is the trigger and nothing else."""
    incubation = make_incubation(stage=STAGE.SCREENING)
    on = "" if engine == "sqlite" else " ON incubations"
    change = f"UPDATE incubations SET stage = 'review' WHERE id = {incubation.id}"
    with db.engine.connect() as connection:
        connection.execute(text(f"DROP TRIGGER incubations_by_decision{on}"))
        assert connection.execute(text(change)).rowcount == 1
        connection.rollback()
    _refused("incubations_by_decision", change)


def test_nothing_begins_further_on_than_a_draft() -> None:
    incubation = make_incubation(stage=STAGE.DRAFT)
    names = "organisation_id, number, stage, step, form, applicant_id, opened_at"
    again = "organisation_id, 'x', 'signing', step, form, applicant_id, opened_at"
    _refused("incubations_first", f"INSERT INTO incubations ({names}) SELECT {again} FROM incubations")
    assert incubation.stage is STAGE.DRAFT


def test_a_move_that_is_not_in_the_table_is_refused() -> None:
    incubation = make_incubation(stage=STAGE.SCREENING)
    for goes in (STAGE.SIGNING, STAGE.GRADUATED, STAGE.DRAFT):
        with pytest.raises(IntegrityError):
            _decide(incubation, to_stage=goes)
    assert _stage_of(incubation) is STAGE.SCREENING


def test_a_decision_from_a_stage_it_does_not_stand_at_is_refused() -> None:
    incubation = make_incubation(stage=STAGE.SCREENING)
    with pytest.raises(IntegrityError, match="incubation_decisions_next"):
        _decide(incubation, from_stage=STAGE.SIGNING, to_stage=STAGE.INCUBATING)
    with pytest.raises(IntegrityError, match="incubation_decisions_next"):
        _decide(incubation, step=incubation.step, to_stage=STAGE.REVIEW)


def test_to_send_away_needs_a_reason() -> None:
    incubation = make_incubation(stage=STAGE.SCREENING)
    with pytest.raises(IntegrityError, match="incubation_decisions_reason"):
        _decide(incubation, to_stage=STAGE.REFUSED, reason="  ")


def test_decisions_and_papers_are_altered_by_nobody() -> None:
    incubation = make_incubation(stage=STAGE.SCREENING)
    make_document(incubation)
    for table, change in (
        ("incubation_decisions", "reason = 'x'"),
        ("incubation_decisions", "by_is_free = NULL"),
        ("incubation_documents", "name = 'x'"),
    ):
        _refused(f"{table}_append_only", f"UPDATE {table} SET {change}")
        _refused(f"{table}_append_only", f"DELETE FROM {table}")


def test_an_applicant_changes_nothing_while_it_is_under_review() -> None:
    incubation = make_incubation(stage=STAGE.SCREENING)
    with pytest.raises(IntegrityError, match="incubation_documents_open"):
        make_document(incubation, by_staff=False)
    _refused("incubation_applications_open", "UPDATE incubation_applications SET purpose = 'x'")
    make_decision(incubation, STAGE.RETURNED)
    make_document(incubation, by_staff=False)
    _write("UPDATE incubation_applications SET purpose = 'x'")


@pytest.mark.parametrize("kind", list(InterestKind))
def test_nobody_with_an_interest_decides(kind: InterestKind) -> None:
    incubation, director = make_incubation(stage=STAGE.SCREENING), make_person()
    _declare(incubation, director, kind)
    with pytest.raises(IntegrityError, match="eligibilities_true"), transaction():
        make_free(incubation, director)
    with pytest.raises(IntegrityError):
        _decide(incubation, by=director, to_stage=STAGE.REVIEW)
    with pytest.raises(IntegrityError, match=r"incubation_decisions_(free|next)"):
        _decide(incubation, by=director, by_is_free=None, to_stage=STAGE.REVIEW)
    assert _stage_of(incubation) is STAGE.SCREENING


def test_whoever_belongs_to_it_or_did_within_three_years_is_not_free() -> None:
    incubation, today = make_incubation(stage=STAGE.SCREENING), clock.now().astimezone(ZONE).date()
    for days, is_free in ((None, False), (1_000, False), (1_200, True)):
        member = make_person()
        ends_on = None if days is None else today - timedelta(days=days)
        _belong(incubation, member.id, ends_on)
        if is_free:
            with transaction():
                make_free(incubation, member)
        else:
            with pytest.raises(IntegrityError, match="eligibilities_true"), transaction():
                make_free(incubation, member)


def test_an_interest_declared_after_a_decision_is_seen_on_it_and_stays() -> None:
    incubation, director = make_incubation(stage=STAGE.SCREENING), make_person()
    decision = make_decision(incubation, STAGE.REVIEW, by=director)
    _declare(incubation, director, InterestKind.FAMILY)
    db.session.refresh(decision)
    assert decision.by_is_free is False
    _refused("eligibilities_once_bound", f"UPDATE eligibilities SET is_free = {_true()}")


def _belong(incubation: Incubation, person_id: int, ends_on: Any) -> None:
    with transaction() as session:
        session.add(
            Membership(
                organisation_id=incubation.organisation_id,
                person_id=person_id,
                role=MemberRole.MEMBER,
                starts_on=incubation.opened_at.date() - timedelta(days=2_000),
                ends_on=ends_on,
            )
        )


def _declare(incubation: Incubation, person: Any, kind: InterestKind) -> None:
    now = clock.now()
    with transaction() as session:
        session.add(
            DeclaredInterest(
                person_id=person.id,
                organisation_id=incubation.organisation_id,
                kind=kind,
                declared_on=now.astimezone(ZONE).date(),
                declared_at=now,
                declared_by_id=person.id,
            )
        )


def _decide(incubation: Incubation, *, by: Any = None, to_stage: IncubationStage, **facts: Any) -> None:
    by = by or make_person()
    names = {"step": incubation.step + 1, "from_stage": incubation.stage, "by_is_free": True, "reason": "x", **facts}
    values = {"incubation_id": incubation.id, "to_stage": to_stage, "by_id": by.id, "at": clock.now(), **names}
    columns = ", ".join(values)
    values = {key: getattr(value, "value", value) for key, value in values.items()}
    if values["by_is_free"] and facts.get("by_is_free", 1):
        try:
            with transaction():
                make_free(incubation, by)
        except IntegrityError:
            pass
    marks = ", ".join(f":{name}" for name in values)
    _write(f"INSERT INTO incubation_decisions ({columns}) VALUES ({marks})", **values)


def _stage_of(incubation: Incubation) -> IncubationStage:
    db.session.rollback()
    db.session.refresh(incubation)
    return incubation.stage


def _true() -> str:
    return "1" if db.engine.dialect.name == "sqlite" else "true"


def _write(statement: str, **values: Any) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)


def _refused(constraint: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        _write(statement)
