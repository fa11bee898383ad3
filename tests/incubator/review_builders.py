"""Builders of reviews and publications: criteria, panels, sheets, results made known."""

import itertools
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from center.incubator.models.incubations import Incubation, IncubationDecision
from center.incubator.models.interests import Eligibility
from center.incubator.models.publications import Publication
from center.incubator.models.reviews import (
    CriteriaVersion,
    Criterion,
    IncubationReview,
    PanelSeat,
    PanelWay,
    ReviewScore,
    ScorePoint,
)
from center.kernel import clock
from center.kernel.db import db, transaction
from center.people.models import Person
from tests.builders import ZONE, make_person

WEIGHTS = (40, 35, 25)
NAMES = ("公益性", "团队", "可行性")
_rounds = itertools.count(1)


def make_criteria(weights: Sequence[int] = WEIGHTS) -> CriteriaVersion:
    """A published version of the criteria."""
    by = make_person()
    with transaction() as session:
        last = session.scalar(select(CriteriaVersion.number).order_by(CriteriaVersion.number.desc()).limit(1)) or 0
        version = CriteriaVersion(number=last + 1, published_by_id=by.id)
        session.add(version)
        session.flush()
        for position, weight in enumerate(weights, start=1):
            name = NAMES[(position - 1) % len(NAMES)]
            session.add(Criterion(version_id=version.id, position=position, name=name, weight=weight))
        session.flush()
        version.published_at = clock.now()
    return version


def make_review(incubation: Incubation, panel: Sequence[Person] = (), **facts: Any) -> IncubationReview:
    """A round of review with a panel of three, who have said that they have no interest."""
    now, version = clock.now(), _the_criteria()
    panel = panel or [make_person() for _n in range(3)]
    with transaction() as session:
        query = select(IncubationReview.round).where(IncubationReview.incubation_id == incubation.id)
        last = max(session.scalars(query).all(), default=0)
        known = {"round": last + 1, "version_id": version.id, "how": PanelWay.NAMED, "size": len(panel)}
        dates = {"due_on": now.astimezone(ZONE).date() + timedelta(days=10), "opened_at": now}
        review = IncubationReview(incubation_id=incubation.id, opened_by_id=panel[0].id, **{**known, **dates, **facts})
        session.add(review)
        session.flush()
        for position, person in enumerate(panel, start=1):
            if session.get(Eligibility, (incubation.id, person.id)) is None:
                session.add(
                    Eligibility(
                        incubation_id=incubation.id,
                        person_id=person.id,
                        is_free=True,
                        since_on=now.astimezone(ZONE).date(),
                    )
                )
                session.flush()
            who = {"review_id": review.id, "incubation_id": incubation.id, "person_id": person.id}
            session.add(PanelSeat(**who, is_free=True, position=position, seated_at=now, declared_at=now))
    return review


def make_score(
    review: IncubationReview,
    person: Person,
    points: int | Mapping[int, int] = 8,
    *,
    is_signed: bool = True,
    is_for: bool | None = True,
) -> ReviewScore:
    """A reviewer's sheet, with the same points for each criterion unless said otherwise."""
    now = clock.now()
    with transaction() as session:
        score = ReviewScore(review_id=review.id, person_id=person.id, is_free=True, is_for=is_for, kept_at=now)
        session.add(score)
        session.flush()
        query = select(Criterion).where(Criterion.version_id == review.version_id).order_by(Criterion.position)
        for each in session.scalars(query):
            given = points if isinstance(points, int) else points[each.position]
            session.add(ScorePoint(score_id=score.id, criterion_id=each.id, points=given))
        session.flush()
        if is_signed:
            score.signed_at = now
    return score


def make_reviewed(incubation: Incubation) -> IncubationReview:
    """A round that is over: three signed sheets, and the minutes."""
    review = make_review(incubation)
    people = [db.session.get_one(Person, each.person_id) for each in _seats(review)]
    for person in people:
        make_score(review, person)
    with transaction():
        review.minutes, review.minutes_at, review.minutes_by_id = "三人到会，同意入驻。", clock.now(), people[0].id
    return review


def make_publication(decision: IncubationDecision, *, days_ago: int = 8, days: int = 7) -> Publication:
    """A result made known, by default over since yesterday."""
    starts_at = clock.now() - timedelta(days=days_ago)
    ends_at = starts_at + timedelta(days=days)
    with transaction() as session:
        publication = Publication(
            incubation_id=decision.incubation_id,
            decision_id=decision.id,
            round=next(_rounds),
            name="第一服务队",
            words="拟同意入驻",
            starts_at=starts_at,
            ends_at=ends_at,
            last_on=ends_at.astimezone(ZONE).date(),
            by_id=decision.by_id,
        )
        session.add(publication)
    return publication


def _the_criteria() -> CriteriaVersion:
    query = select(CriteriaVersion).where(CriteriaVersion.published_at.is_not(None))
    return db.session.scalar(query.order_by(CriteriaVersion.number.desc()).limit(1)) or make_criteria()


def _seats(review: IncubationReview) -> Sequence[PanelSeat]:
    query = select(PanelSeat).where(PanelSeat.review_id == review.id).order_by(PanelSeat.position)
    return db.session.scalars(query).all()
