"""The database counts sheets of those who are free alone, and lets nobody alter what was signed."""

from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from center.incubator.models.incubations import Incubation, IncubationStage
from center.incubator.models.interests import DeclaredInterest, InterestKind
from center.incubator.models.publications import Objection, ObjectionWay
from center.incubator.models.reviews import Criterion, ReviewScore
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from tests.builders import ZONE, make_person
from tests.incubator.builders import make_decision, make_incubation
from tests.incubator.review_builders import (
    make_criteria,
    make_publication,
    make_review,
    make_reviewed,
    make_score,
)

STAGE = IncubationStage
pytestmark = pytest.mark.usefixtures("app")


def test_no_result_without_three_signed_sheets_and_minutes() -> None:
    incubation = make_incubation(stage=STAGE.REVIEW)
    panel = [make_person() for _n in range(3)]
    review = make_review(incubation, panel)
    for number, person in enumerate(panel):
        _not_published(incubation)
        make_score(review, person, is_signed=number < 2)
    _not_published(incubation)
    with transaction() as session:
        for score in session.query(ReviewScore).filter_by(signed_at=None):
            score.signed_at = clock.now()
    _not_published(incubation)
    with transaction():
        review.minutes, review.minutes_at, review.minutes_by_id = "会议", clock.now(), panel[0].id
    make_decision(incubation, STAGE.PUBLISHED)


def test_an_interest_declared_after_scoring_voids_the_sheet_and_the_panel_is_too_small() -> None:
    incubation = make_incubation(stage=STAGE.REVIEW)
    review = make_reviewed(incubation)
    score = _scores(review.id)[0]
    declare(incubation, score.person_id)
    assert [each.is_free for each in _scores(review.id)] == [False, True, True]
    assert [each.is_free for each in review.seats] == [False, True, True]
    _not_published(incubation)


def test_without_its_guard_two_sheets_would_have_been_enough(engine: str) -> None:
    """The control of the test before: the trigger alone counts."""
    incubation = make_incubation(stage=STAGE.REVIEW)
    review = make_reviewed(incubation)
    declare(incubation, _scores(review.id)[0].person_id)
    on = "" if engine == "sqlite" else " ON incubation_decisions"
    with pytest.raises(RuntimeError), transaction() as session:
        session.execute(text(f"DROP TRIGGER incubation_decisions_panel{on}"))
        _decide(incubation, make_person_in(session))
        raise RuntimeError("not kept")
    _not_published(incubation)


def test_nobody_with_an_interest_is_seated() -> None:
    incubation, reviewer = make_incubation(stage=STAGE.REVIEW), make_person()
    declare(incubation, reviewer.id)
    with pytest.raises(IntegrityError, match="eligibilities_true"):
        make_review(incubation, [reviewer, make_person(), make_person()])


def test_a_signed_sheet_is_altered_by_nobody() -> None:
    incubation = make_incubation(stage=STAGE.REVIEW)
    panel = [make_person() for _n in range(3)]
    make_score(make_review(incubation, panel), panel[0])
    for statement in (
        "UPDATE review_scores SET remark = 'x'",
        "UPDATE review_scores SET is_for = NULL",
        "UPDATE review_scores SET signed_at = NULL",
        "DELETE FROM review_scores",
        "UPDATE score_points SET points = 10",
        "DELETE FROM score_points",
    ):
        _refused("signed", statement)


def test_a_reviewer_has_one_sheet_and_signs_it_whole() -> None:
    incubation = make_incubation(stage=STAGE.REVIEW)
    panel = [make_person() for _n in range(3)]
    review = make_review(incubation, panel)
    make_score(review, panel[0])
    with pytest.raises(IntegrityError):
        make_score(review, panel[0])
    sheet = make_score(review, panel[1], is_signed=False)
    least = "(SELECT min(id) FROM criteria)"
    _write(f"DELETE FROM score_points WHERE criterion_id = {least} AND score_id = {sheet.id}")
    _refused("review_scores_signed", "UPDATE review_scores SET signed_at = kept_at WHERE signed_at IS NULL")


def test_whoever_sits_on_no_panel_has_no_sheet() -> None:
    review = make_review(make_incubation(stage=STAGE.REVIEW))
    with pytest.raises(IntegrityError):
        make_score(review, make_person())


def test_published_criteria_weigh_a_hundred_and_stay_as_they_are() -> None:
    with pytest.raises(IntegrityError, match="criteria_versions_whole"):
        make_criteria((50, 40))
    version = make_criteria()
    _refused("criteria_stay", "UPDATE criteria SET weight = weight + 1")
    _refused("criteria_stay", "DELETE FROM criteria")
    with pytest.raises(IntegrityError, match="criteria_stay"), transaction() as session:
        session.add(Criterion(version_id=version.id, position=9, name="x", weight=1))
        session.flush()


def test_nothing_is_signed_for_before_the_clock_of_the_publication_has_run_out() -> None:
    incubation = make_incubation(stage=STAGE.PUBLISHED)
    with pytest.raises(IntegrityError, match="incubation_decisions_published"):
        make_decision(incubation, STAGE.SIGNING)
    make_publication(incubation.decisions[-1], days_ago=1)
    with pytest.raises(IntegrityError, match="incubation_decisions_published"):
        make_decision(incubation, STAGE.SIGNING)


def test_an_open_objection_holds_it_up_and_none_comes_in_late() -> None:
    incubation = make_incubation(stage=STAGE.PUBLISHED)
    publication = make_publication(incubation.decisions[-1])
    with pytest.raises(IntegrityError, match="objections_in_time"):
        _object(publication.id, number="A1", at=clock.now())
    _object(publication.id, number="A2", at=publication.starts_at)
    with pytest.raises(IntegrityError, match="incubation_decisions_published"):
        make_decision(incubation, STAGE.SIGNING)
    _write("UPDATE objections SET answered_at = at, answered_by_id = (SELECT min(id) FROM people),"
           f" is_upheld = {_false()}, answer = '查无此事'")  # fmt: skip
    _refused("objections_answered_once", "UPDATE objections SET answer = 'x'")
    make_decision(incubation, STAGE.SIGNING)


def declare(incubation: Incubation, person_id: int) -> None:
    """An interest that counts for ever."""
    now = clock.now()
    with transaction() as session:
        session.add(
            DeclaredInterest(
                person_id=person_id,
                organisation_id=incubation.organisation_id,
                kind=InterestKind.FAMILY,
                declared_on=now.astimezone(ZONE).date(),
                declared_at=now,
                declared_by_id=person_id,
            )
        )
    db.session.expire_all()


def make_person_in(session: Any) -> Person:
    person = Person(name="主任", sort_key="zhu ren", initials="zr", created_at=clock.now())
    session.add(person)
    session.flush()
    return person


def _decide(incubation: Incubation, by: Person) -> None:
    from center.incubator.models.incubations import IncubationDecision
    from tests.incubator.builders import make_free

    make_free(incubation, by)
    step = {"step": incubation.step + 1, "from_stage": STAGE.REVIEW, "to_stage": STAGE.PUBLISHED}
    db.session.add(
        IncubationDecision(incubation_id=incubation.id, by_id=by.id, by_is_free=True, at=clock.now(), **step)
    )
    db.session.flush()


def _object(publication_id: int, *, number: str, at: Any) -> None:
    with transaction() as session:
        facts = {"name": "某居民", "contact": "19900000001", "words": "情况不实", "way": ObjectionWay.SITE}
        session.add(Objection(publication_id=publication_id, number=number, at=at, **facts))
        session.flush()


def _not_published(incubation: Incubation) -> None:
    with pytest.raises(IntegrityError, match="incubation_decisions_panel"):
        make_decision(incubation, STAGE.PUBLISHED)


def _scores(review_id: int) -> list[ReviewScore]:
    db.session.rollback()
    db.session.expire_all()
    return list(db.session.query(ReviewScore).filter_by(review_id=review_id).order_by(ReviewScore.id))


def _false() -> str:
    return "0" if db.engine.dialect.name == "sqlite" else "false"


def _write(statement: str) -> None:
    db.session.rollback()
    with db.engine.begin() as connection:
        connection.execute(text(statement))


def _refused(constraint: str, statement: str) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        _write(statement)
