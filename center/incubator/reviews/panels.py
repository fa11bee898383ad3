"""A panel: named, or drawn by a seed that is published with the list; who sits, who left, what is to be done. Never
commits.
"""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.incubator.models.incubations import Incubation, IncubationStage
from center.incubator.models.reviews import CriteriaVersion, IncubationReview, PanelSeat, PanelWay, ReviewScore
from center.incubator.reviews import criteria
from center.incubator.reviews.scoring import LEAST_PANEL, draw
from center.incubator.stages import interests
from center.incubator.stages.clock import due_of
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person

NOT_UNDER_REVIEW = _l("It is not under review now.")
TOO_FEW = _l("A panel has at least three reviewers without an interest in the organisation.")
MINUTES_WRITTEN = _l("The minutes of this review are written, so nothing in it changes any more.")


@dataclass(frozen=True, kw_only=True)
class Panel:
    """Who is to sit: named people, or so many drawn from the pool; until when."""

    people: Sequence[Person] = ()
    size: int = LEAST_PANEL
    due_on: date | None = None

    @property
    def how(self) -> PanelWay:
        """Named where somebody is named."""
        return PanelWay.NAMED if self.people else PanelWay.DRAWN


def open_review(incubation: Incubation, panel: Panel, *, by: Person, now: datetime) -> IncubationReview:
    """A new round with its panel; raises RuleBroken where fewer than three are free, or one who is named is not."""
    lock(incubation)
    if incubation.stage is not IncubationStage.REVIEW:
        raise Conflict(NOT_UNDER_REVIEW)
    version, last, today = criteria.latest(), latest_review(incubation), local_date(now)
    if version is None:
        raise RuleBroken(criteria.NONE_YET)
    if last is not None and last.minutes_at is None:
        raise Conflict(_l("A review of it is under way already."))
    free = _free_pool(incubation, on=today)
    seed = secrets.token_hex(16) if panel.how is PanelWay.DRAWN else ""
    people = list(panel.people) or [free[each] for each in draw(seed, list(free))[: panel.size]]
    if len({person.id for person in people}) < LEAST_PANEL:
        raise RuleBroken(TOO_FEW, field="people" if panel.people else "size")
    review = IncubationReview(
        incubation_id=incubation.id,
        round=last.round + 1 if last else 1,
        version_id=version.id,
        how=panel.how,
        seed=seed,
        pool=" ".join(sorted(free, key=int)) if seed else "",
        size=len(people),
        due_on=panel.due_on or due_of(IncubationStage.REVIEW, today) or today,
        opened_at=now,
        opened_by_id=by.id,
    )
    db.session.add(review)
    db.session.flush()
    for person in people:
        _seat(review, incubation, person, now=now)
    note(Act.PANEL_SEATED, incubation.organisation, by=by)
    return review


def fill_up(review: IncubationReview, person: Person | None, *, by: Person, now: datetime) -> PanelSeat:
    """One more reviewer where somebody left: the next of the draw, or one who is named."""
    lock(review)
    if review.minutes_at is not None:
        raise Conflict(MINUTES_WRITTEN)
    incubation = review.incubation
    there = {seat.person_id for seat in seats_of(review)}
    if person is None:
        bound = interests.bound_among(incubation, [int(each) for each in review.pool.split()], on=local_date(now))
        order = draw(review.seed, review.pool.split()) if review.seed else []
        following = next((int(each) for each in order if int(each) not in there | bound), None)
        person = db.session.get(Person, following) if following else None
    if person is None:
        raise RuleBroken(_l("Nobody of the draw is left. Please name somebody."), field="person")
    if person.id in there:
        raise RuleBroken(_l("This person sits on the panel already, or did."), field="person")
    seat = _seat(review, incubation, person, now=now)
    note(Act.PANEL_SEATED, incubation.organisation, person_id=person.id, by=by)
    return seat


def say_minutes(review: IncubationReview, words: str, *, by: Person, now: datetime) -> None:
    """Write the minutes: from now on nobody scores any more. Raises RuleBroken before three sheets are signed."""
    lock(review)
    if review.minutes_at is not None:
        raise Conflict(MINUTES_WRITTEN)
    if len(counted(review)) < LEAST_PANEL:
        raise RuleBroken(_l("At least three reviewers without an interest have to sign their sheets before."))
    interests.be_free(review.incubation, by, now=now)
    review.minutes, review.minutes_at, review.minutes_by_id = words, now, by.id
    db.session.flush()
    note(Act.MINUTES_WRITTEN, review.incubation.organisation, by=by)


def latest_review(incubation: Incubation) -> IncubationReview | None:
    """The last round of an organisation, with its criteria and panel."""
    query = select(IncubationReview).where(IncubationReview.incubation_id == incubation.id).options(*_whole())
    return db.session.scalar(query.order_by(IncubationReview.round.desc()).limit(1))


def reviews_of(incubation: Incubation) -> Sequence[IncubationReview]:
    """All rounds, the latest first."""
    query = select(IncubationReview).where(IncubationReview.incubation_id == incubation.id).options(*_whole())
    return db.session.scalars(query.order_by(IncubationReview.round.desc())).all()


def review_before(incubation: Incubation, at: datetime) -> IncubationReview | None:
    """The round on which a result of this moment rests."""
    done = (each for each in reviews_of(incubation) if each.minutes_at is not None and each.minutes_at <= at)
    return next(done, None)


def get_review(review_id: int) -> IncubationReview:
    """One round; raises NotFound."""
    query = select(IncubationReview).where(IncubationReview.id == review_id).options(*_whole())
    return must_find(db.session.scalar(query), _l("There is no such review."))


def seats_of(review: IncubationReview) -> Sequence[PanelSeat]:
    """Who sits and sat, as it is now."""
    query = select(PanelSeat).where(PanelSeat.review_id == review.id).options(joinedload(PanelSeat.person))
    return db.session.scalars(query.order_by(PanelSeat.position).execution_options(populate_existing=True)).all()


def counted(review: IncubationReview) -> Sequence[ReviewScore]:
    """The signed sheets of reviewers who are free, in the order of the panel."""
    query = (
        select(ReviewScore)
        .where(ReviewScore.review_id == review.id, ReviewScore.signed_at.is_not(None), ReviewScore.is_free)
        .options(joinedload(ReviewScore.person), selectinload(ReviewScore.points))
    )
    return db.session.scalars(query.order_by(ReviewScore.id).execution_options(populate_existing=True)).all()


def is_short(review: IncubationReview) -> bool:
    """Whether fewer than three who are free sit on it."""
    return sum(seat.is_free for seat in seats_of(review)) < LEAST_PANEL


def drawn_again(review: IncubationReview) -> list[str]:
    """The whole order of a draw, done once more from what was written down."""
    return draw(review.seed, review.pool.split()) if review.seed else []


def _seat(review: IncubationReview, incubation: Incubation, person: Person, *, now: datetime) -> PanelSeat:
    interests.be_free(incubation, person, now=now)
    seat = PanelSeat(
        review_id=review.id,
        incubation_id=incubation.id,
        person_id=person.id,
        is_free=True,
        position=len(seats_of(review)) + 1,
        seated_at=now,
    )
    db.session.add(seat)
    db.session.flush()
    return seat


def _free_pool(incubation: Incubation, *, on: date) -> dict[str, Person]:
    """Those of the pool who are known to have no interest, by their number in the draw."""
    people = {each.person_id: each.person for each in criteria.pool(on=on)}
    bound = interests.bound_among(incubation, list(people), on=on)
    return {str(number): person for number, person in people.items() if number not in bound}


def _whole() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(IncubationReview.version).selectinload(CriteriaVersion.criteria),
        selectinload(IncubationReview.seats).joinedload(PanelSeat.person),
        joinedload(IncubationReview.incubation).joinedload(Incubation.organisation),
    )
