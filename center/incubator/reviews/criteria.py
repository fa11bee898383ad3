"""Criteria as versions, and the pool of reviewers. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from center.incubator.models.reviews import CriteriaVersion, Criterion, Reviewer
from center.incubator.reviews.scoring import WHOLE, is_whole
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person

NONE_YET = _l("There are no criteria yet. Publish some under the settings of the incubator.")


@dataclass(frozen=True)
class CriterionFacts:
    """One criterion and its weight."""

    name: str
    name_en: str
    weight: int


def publish(rows: Sequence[CriterionFacts], *, seen: int, by: Person, now: datetime) -> CriteriaVersion:
    """A new version, which reviews that begin from now on use; `seen` is the number of the last one that was seen."""
    weights = [row.weight for row in rows]
    if not is_whole(weights):
        raise RuleBroken(_l("The weights make up %(sum)s, not %(whole)s.", sum=sum(weights), whole=WHOLE))
    last = latest()
    if (last.number if last else 0) != seen:
        raise Conflict(_l("Somebody else has published criteria meanwhile. Please look at them again."))
    version = CriteriaVersion(number=seen + 1, published_by_id=by.id)
    db.session.add(version)
    db.session.flush()
    for position, row in enumerate(rows, start=1):
        facts = {"name": row.name, "name_en": row.name_en, "weight": row.weight}
        db.session.add(Criterion(version_id=version.id, position=position, **facts))
    db.session.flush()
    version.published_at = now
    db.session.flush()
    note(Act.CRITERIA_PUBLISHED, f"{version.number}", by=by)
    return version


def latest() -> CriteriaVersion | None:
    """The criteria that hold now."""
    query = select(CriteriaVersion).where(CriteriaVersion.published_at.is_not(None))
    query = query.options(selectinload(CriteriaVersion.criteria))
    return db.session.scalar(query.order_by(CriteriaVersion.number.desc()).limit(1))


def versions() -> Sequence[CriteriaVersion]:
    """All of them, the latest first."""
    query = select(CriteriaVersion).options(selectinload(CriteriaVersion.criteria))
    return db.session.scalars(query.order_by(CriteriaVersion.number.desc())).all()


def add_reviewer(person: Person, field: str, *, starts_on: date, by: Person) -> Reviewer:
    """Let somebody be drawn or named from now on."""
    live = select(Reviewer.id).where(Reviewer.person_id == person.id, Reviewer.ends_on.is_(None))
    if db.session.scalar(live) is not None:
        raise Conflict(_l("This person is in the pool already."))
    reviewer = Reviewer(person_id=person.id, field=field, starts_on=starts_on, added_by_id=by.id)
    db.session.add(reviewer)
    db.session.flush()
    note(Act.REVIEWER_ADDED, person_id=person.id, by=by)
    return reviewer


def end_reviewer(reviewer: Reviewer, *, ends_on: date, by: Person) -> None:
    """Draw and name them no more; panels they sit on stay as they are."""
    lock(reviewer)
    reviewer.ends_on = max(ends_on, reviewer.starts_on)
    db.session.flush()
    note(Act.REVIEWER_ENDED, person_id=reviewer.person_id, by=by)


def pool(*, on: date) -> Sequence[Reviewer]:
    """Who may be drawn or named on a day, by name."""
    query = (
        select(Reviewer)
        .join(Reviewer.person)
        .where(Reviewer.starts_on <= on, or_(Reviewer.ends_on.is_(None), Reviewer.ends_on > on))
        .where(Person.erased_at.is_(None))
        .options(joinedload(Reviewer.person))
    )
    return db.session.scalars(query.order_by(Person.sort_key, Reviewer.id)).all()
