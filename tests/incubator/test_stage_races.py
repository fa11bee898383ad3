"""Two at once: one wins and the other is told, on either engine, whatever they want of the same organisation."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

from flask import Flask
from sqlalchemy import func, select

from center.incubator import moves
from center.incubator.models.incubations import Incubation, IncubationDecision, IncubationStage
from center.incubator.models.interests import InterestKind
from center.incubator.reviews import panels
from center.incubator.stages import interests
from center.incubator.stages.deciding import Ruling
from center.kernel import clock
from center.kernel.db import db, transaction
from center.kernel.errors import DomainError
from center.people.models import Person
from tests.builders import make_person
from tests.incubator.builders import make_incubation
from tests.incubator.review_builders import make_reviewed

STAGE = IncubationStage
PATIENCE = 60


def test_of_two_who_decide_at_once_one_wins_and_the_other_is_told(app: Flask) -> None:
    made, people = make_incubation(stage=STAGE.SCREENING), [make_person(), make_person()]
    wishes = (STAGE.REVIEW, STAGE.REFUSED)
    acts = [_deciding(made.id, made.step, person.id, goes) for person, goes in zip(people, wishes, strict=True)]
    results = _at_once(app, acts)
    assert sorted(each is None for each in results) == [False, True], results
    db.session.rollback()
    count = select(func.count()).where(IncubationDecision.incubation_id == made.id)
    assert db.session.scalar(count.where(IncubationDecision.from_stage == STAGE.SCREENING)) == 1


def test_two_letters_written_at_once_have_two_numbers(app: Flask) -> None:
    first, second = (make_incubation(stage=STAGE.SUBMITTED) for _n in range(2))
    by = [make_person(), make_person()]
    acts = [
        _deciding(made.id, made.step, person.id, STAGE.SCREENING)
        for made, person in zip((first, second), by, strict=True)
    ]
    assert _at_once(app, acts) == [None, None]
    db.session.rollback()
    numbers = db.session.scalars(
        select(IncubationDecision.letter_number).where(IncubationDecision.letter_number.is_not(None))
    ).all()
    assert len(set(numbers)) == len(numbers) == 2


def test_no_result_rests_on_a_sheet_that_was_voided_at_the_same_moment(app: Flask) -> None:
    made, director = make_incubation(stage=STAGE.REVIEW), make_person()
    review = make_reviewed(made)
    reviewer_id, step = panels.counted(review)[0].person_id, made.step

    def declare() -> None:
        person = db.session.get_one(Person, reviewer_id)
        organisation = db.session.get_one(Incubation, made_id).organisation
        interests.declare(person, organisation, InterestKind.FUNDED, by=person, now=clock.now())

    made_id = made.id
    decided, declared = _at_once(app, [_deciding(made_id, step, director.id, STAGE.PUBLISHED), declare])
    assert declared is None
    db.session.rollback()
    counted = len(panels.counted(panels.get_review(review.id)))
    assert counted == 2
    stage = db.session.get_one(Incubation, made_id, populate_existing=True).stage
    assert stage is (STAGE.PUBLISHED if decided is None else STAGE.REVIEW)  # before the interest, or not at all


def test_whoever_declares_an_interest_while_they_decide_does_either_and_not_both(app: Flask) -> None:
    made, director = make_incubation(stage=STAGE.SCREENING), make_person()
    made_id, step, director_id = made.id, made.step, director.id

    def declare() -> None:
        person = db.session.get_one(Person, director_id)
        organisation = db.session.get_one(Incubation, made_id).organisation
        interests.declare(person, organisation, InterestKind.FAMILY, by=person, now=clock.now())

    decided, declared = _at_once(app, [_deciding(made_id, step, director_id, STAGE.REVIEW), declare])
    assert declared is None
    db.session.rollback()
    decision = db.session.scalars(
        select(IncubationDecision).where(
            IncubationDecision.incubation_id == made_id, IncubationDecision.by_id == director_id
        )
    ).one_or_none()
    assert (decision is None) is (decided is not None)
    assert decision is None or decision.by_is_free is False  # seen on it, since it came first


def _deciding(incubation_id: int, step: int, person_id: int, goes: IncubationStage) -> Callable[[], None]:
    def decide() -> None:
        incubation, by = db.session.get_one(Incubation, incubation_id), db.session.get_one(Person, person_id)
        ruling = Ruling(to_stage=goes, step=step, reason="理由")
        moves.move(incubation, ruling, by=by, now=clock.now(), result="拟同意")

    return decide


def _at_once(app: Flask, acts: list[Callable[[], None]]) -> list[Any]:
    """Do them at the same moment, each in a transaction of its own; what was refused, or None."""
    db.session.rollback()
    start = Barrier(len(acts))

    def run(act: Callable[[], None]) -> DomainError | None:
        with app.app_context():
            start.wait(PATIENCE)
            try:
                with transaction():
                    act()
            except DomainError as error:
                return error
            finally:
                db.session.remove()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))
