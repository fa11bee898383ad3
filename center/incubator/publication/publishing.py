"""Making a result known to all, with its clock, and what is objected and answered meanwhile. Never commits."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import joinedload, selectinload

from center.incubator.models.incubations import Incubation, IncubationDecision, IncubationStage
from center.incubator.models.publications import Objection, ObjectionWay, Publication
from center.incubator.stages import interests
from center.kernel.acts import Act
from center.kernel.db import db, is_violation, lock, must_find, part_of_transaction
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person

LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another
OVER = _l("The time for objections is over.")


@dataclass(frozen=True, kw_only=True)
class Objecting:
    """What somebody objects, who they are and how they are reached."""

    name: str
    contact: str
    words: str
    paper: str = ""


def publish(
    incubation: Incubation, decision: IncubationDecision, words: str, *, last_on: date, by: Person, now: datetime
) -> Publication:
    """Make a result known until the end of its last day."""
    last = db.session.scalar(select(func.max(Publication.round)).where(Publication.incubation_id == incubation.id))
    publication = Publication(
        incubation_id=incubation.id,
        decision_id=decision.id,
        round=(last or 0) + 1,
        name=incubation.organisation.name,
        words=words,
        starts_at=now,
        ends_at=datetime.combine(last_on + timedelta(days=1), time(0), centre_zone()),
        last_on=last_on,
        by_id=by.id,
    )
    db.session.add(publication)
    db.session.flush()
    return publication


def object_to(
    publication: Publication, said: Objecting, *, person: Person | None, at_desk_by: Person | None, now: datetime
) -> Objection:
    """Take down what somebody objects; raises Conflict once the time is over, or the application was taken back."""
    if not said.words:
        raise RuleBroken(_l("Please fill this in."), field="words")
    objection = Objection(
        publication_id=publication.id,
        number="".join(secrets.choice(LETTERS) for _n in range(8)),
        way=ObjectionWay.DESK if at_desk_by else ObjectionWay.SITE,
        name=said.name,
        contact=said.contact,
        words=said.words,
        paper=said.paper,
        at=now,
        person_id=person.id if person else None,
        recorded_by_id=at_desk_by.id if at_desk_by else None,
    )
    try:
        with part_of_transaction():
            db.session.add(objection)
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="objections_in_time"):
            raise Conflict(OVER) from error
        raise
    if at_desk_by is not None:
        note(Act.OBJECTION_ENTERED, publication.incubation.organisation, by=at_desk_by)
    return objection


def answer(objection: Objection, words: str, *, is_upheld: bool, by: Person, now: datetime) -> None:
    """Answer it, with a reason; who has an interest does not. What was answered stays."""
    lock(objection)
    if objection.answered_at is not None:
        raise Conflict(_l("Somebody else has answered it already."))
    if not words:
        raise RuleBroken(_l("Please say why."), field="answer")
    interests.be_free(objection.publication.incubation, by, now=now)
    objection.answered_at, objection.answered_by_id = now, by.id
    objection.is_upheld, objection.answer = is_upheld, words
    db.session.flush()
    note(Act.OBJECTION_ANSWERED, objection.publication.incubation.organisation, by=by)


def current(*, now: datetime) -> Sequence[Publication]:
    """What can be read and objected to at a moment, what ends first on top."""
    query = (
        select(Publication)
        .join(Publication.incubation)
        .where(Publication.starts_at <= now, Publication.ends_at > now)
        .where(Incubation.stage == IncubationStage.PUBLISHED)
        .options(joinedload(Publication.incubation).joinedload(Incubation.organisation))
    )
    return db.session.scalars(query.order_by(Publication.ends_at, Publication.id)).all()


def not_yet_decided() -> Sequence[Publication]:
    """The last publication of each organisation that stands at it, with what was objected; what ends first on top.

    Those whose time is over wait for the centre's decision.
    """
    last = select(func.max(Publication.id)).group_by(Publication.incubation_id)
    query = (
        select(Publication)
        .join(Publication.incubation)
        .where(Publication.id.in_(last), Incubation.stage == IncubationStage.PUBLISHED)
        .options(
            joinedload(Publication.incubation).joinedload(Incubation.organisation), selectinload(Publication.objections)
        )
    )
    return db.session.scalars(query.order_by(Publication.ends_at, Publication.id)).all()


def get_publication(publication_id: int) -> Publication:
    """One of them, with what was objected; raises NotFound."""
    query = select(Publication).where(Publication.id == publication_id).options(selectinload(Publication.objections))
    return must_find(db.session.scalar(query), _l("There is nothing here, or it is not yours to see."))


def latest_of(incubation: Incubation) -> Publication | None:
    """The last publication of an organisation, with what was objected."""
    query = select(Publication).where(Publication.incubation_id == incubation.id)
    query = query.options(selectinload(Publication.objections))
    return db.session.scalar(query.order_by(Publication.round.desc()).limit(1))


def get_objection(objection_id: int) -> Objection:
    """One objection; raises NotFound."""
    query = select(Objection).where(Objection.id == objection_id).options(joinedload(Objection.publication))
    return must_find(db.session.scalar(query), _l("There is no such objection."))


def find_objection(number: str) -> Objection | None:
    """The objection of this number, as whoever made it was told."""
    return db.session.scalar(select(Objection).where(Objection.number == number.strip().upper()))


def is_open(publication: Publication, *, now: datetime) -> bool:
    """Whether it can be objected to."""
    is_there = publication.incubation.stage is IncubationStage.PUBLISHED
    return is_there and publication.starts_at <= now < publication.ends_at
