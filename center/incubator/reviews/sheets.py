"""A reviewer's own sheet, and who reads whose: nobody reads another's before their own is signed. Never commits."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from center.incubator.models.interests import InterestKind
from center.incubator.models.reviews import CriteriaVersion, IncubationReview, PanelSeat, ReviewScore, ScorePoint
from center.incubator.reviews import panels
from center.incubator.reviews.scoring import MOST_POINTS, Divergence, Sheet, divergence, mean, total
from center.incubator.stages import interests
from center.kernel.db import db, is_violation, lock, must_find, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

SIGNED = _l("You have signed this sheet, so it stays as it is.")
NOT_COUNTED = _l("You have declared an interest, so you do not score this organisation.")
SAY_FIRST = _l("Please say first whether you have an interest in this organisation.")


@dataclass(frozen=True, kw_only=True)
class Given:
    """What a reviewer has filled in so far; points by criterion, where they gave any."""

    points: Mapping[int, int]
    words: Mapping[int, str]
    is_for: bool | None
    remark: str


@dataclass(frozen=True)
class Result:
    """What a panel's sheets come to."""

    scores: Sequence[ReviewScore]
    totals: Mapping[int, float]  # by reviewer
    mean: float | None
    divergence: Divergence


def seat_of(review: IncubationReview, person_id: int) -> PanelSeat:
    """Somebody's seat on a panel; raises NotFound."""
    query = select(PanelSeat).where(PanelSeat.review_id == review.id, PanelSeat.person_id == person_id)
    found = db.session.scalar(query.execution_options(populate_existing=True))
    return must_find(found, _l("There is no such review."))


def seats_of_person(person_id: int) -> Sequence[PanelSeat]:
    """All panels somebody sits or sat on, what is due first on top."""
    query = (
        select(PanelSeat)
        .join(IncubationReview, IncubationReview.id == PanelSeat.review_id)
        .where(PanelSeat.person_id == person_id)
        .options(joinedload(PanelSeat.review).joinedload(IncubationReview.incubation))
    )
    return db.session.scalars(query.order_by(IncubationReview.minutes_at.is_not(None), IncubationReview.due_on)).all()


def say_free(seat: PanelSeat, *, by: Person, now: datetime) -> None:
    """The reviewer says that they have no interest; only then are the papers theirs to read."""
    _refuse_closed(seat)
    interests.be_free(seat.review.incubation, by, now=now)
    if seat.declared_at is None:
        seat.declared_at = now
        db.session.flush()


def declare(seat: PanelSeat, kind: InterestKind, note: str, *, by: Person, now: datetime) -> bool:
    """The reviewer says that they have an interest, before scoring or after; whether the panel is too small now."""
    interests.declare(by, seat.review.incubation.organisation, kind, note=note, by=by, now=now)
    return panels.is_short(seat.review)


def sheet_of(review: IncubationReview, person_id: int) -> ReviewScore | None:
    """Somebody's own sheet."""
    query = select(ReviewScore).where(ReviewScore.review_id == review.id, ReviewScore.person_id == person_id)
    query = query.options(selectinload(ReviewScore.points))
    return db.session.scalar(query.execution_options(populate_existing=True))


def save_draft(seat: PanelSeat, given: Given, *, by: Person, now: datetime) -> ReviewScore:
    """Keep a sheet as a draft, however far it is filled in."""
    _refuse_closed(seat)
    if seat.declared_at is None:
        raise RuleBroken(SAY_FIRST)
    score = sheet_of(seat.review, by.id)
    if score is None:
        score = ReviewScore(review_id=seat.review_id, person_id=by.id, is_free=True, kept_at=now)
        _add(score)
    lock(score)
    if score.signed_at is not None:
        raise Conflict(SIGNED)
    score.is_for, score.remark, score.kept_at = given.is_for, given.remark, now
    asked = {criterion.id for criterion in seat.review.version.criteria}
    there = {point.criterion_id: point for point in score.points}
    for criterion_id in asked:
        if criterion_id not in given.points:
            continue
        points = min(max(given.points[criterion_id], 0), MOST_POINTS)
        point = there.get(criterion_id) or ScorePoint(score_id=score.id, criterion_id=criterion_id)
        point.points, point.words = points, given.words.get(criterion_id, "")
        db.session.add(point)
    db.session.flush()
    return score


def sign(seat: PanelSeat, given: Given, *, by: Person, now: datetime) -> ReviewScore:
    """Sign the sheet: it counts, and stays as it is. Raises RuleBroken where a criterion has no points."""
    score = save_draft(seat, given, by=by, now=now)
    db.session.refresh(score, ["points"])
    have = {point.criterion_id for point in score.points}
    for criterion in seat.review.version.criteria:
        if criterion.id not in have:
            raise RuleBroken(_l("Please give points for every criterion."), field=f"points_{criterion.id}")
    score.signed_at = now
    try:
        with part_of_transaction():
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="review_scores_signed"):
            raise Conflict(panels.MINUTES_WRITTEN) from error
        raise
    return score


def readable(review: IncubationReview, reader: PanelSeat) -> Sequence[ReviewScore]:
    """What a reviewer may read of the others: nothing before they have signed, then what others have signed."""
    own = sheet_of(review, reader.person_id)
    if own is None or own.signed_at is None or not own.is_free:
        return []
    return [score for score in panels.counted(review) if score.person_id != reader.person_id]


def result_of(review: IncubationReview) -> Result:
    """What the sheets that count come to, for whoever decides."""
    scores = panels.counted(review)
    weights = weights_of(review.version)
    sheets = [
        Sheet(score.person_id, {point.criterion_id: point.points for point in score.points}, score.is_for)
        for score in scores
    ]
    totals = {sheet.reviewer_id: total(sheet.points, weights) for sheet in sheets}
    return Result(scores, totals, mean(sheets, weights), divergence(sheets, weights))


def is_complete(review: IncubationReview) -> bool:
    """Whether everybody who is free has signed."""
    free = {seat.person_id for seat in panels.seats_of(review) if seat.is_free}
    return bool(free) and free == {score.person_id for score in panels.counted(review)}


def weights_of(version: CriteriaVersion) -> dict[int, int]:
    """The weight of each criterion."""
    return {criterion.id: criterion.weight for criterion in version.criteria}


def _add(score: ReviewScore) -> None:
    try:
        with part_of_transaction():
            db.session.add(score)
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="fk_review_scores_seat") or "FOREIGN KEY" in str(error.orig):
            raise Conflict(NOT_COUNTED) from error
        if is_violation(error, constraint="review_scores_open"):
            raise Conflict(panels.MINUTES_WRITTEN) from error
        if is_violation(
            error,
            constraint="uq_review_scores_review_id_person_id",
            columns="review_scores.review_id, review_scores.person_id",
        ):
            raise Conflict(_l("This sheet was kept on another device just now. Please look at it again.")) from error
        raise


def _refuse_closed(seat: PanelSeat) -> None:
    if seat.review.minutes_at is not None:
        raise Conflict(panels.MINUTES_WRITTEN)
    if not seat.is_free:
        raise Conflict(NOT_COUNTED)
