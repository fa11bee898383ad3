"""Of which children staff may look at collectors and bars, and what there is to look at."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from center.afterschool.collectors.bars import stands_at, strongest_first
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Bar, Collector
from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import Term, TermDay, TermState
from center.afterschool.policy import has_access
from center.kernel.db import db
from center.people.models import Person


def children_for(person_id: int, today: date, *, everybody: bool) -> Sequence[Person]:
    """The children whom somebody may look at today, by name: of the terms they are on duty for, or of all that run."""
    terms = select(TermDay.term_id).where(TermDay.on_date == today)
    if everybody:
        terms = select(Term.id).where(Term.state != TermState.ENDED)
    elif not has_access(person_id):
        terms = terms.join(CareDuty, CareDuty.day_id == TermDay.id).where(CareDuty.person_id == person_id)
    ids = select(Enrolment.child_id).where(Enrolment.term_id.in_(terms), Enrolment.ended_at.is_(None))
    query = select(Person).where(Person.id.in_(ids), Person.erased_at.is_(None))
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()


def unverified(children: Collection[Person], on: date) -> Sequence[Collector]:
    """Who was named to collect these children and has not been checked yet, in the order in which they were named."""
    query = (
        select(Collector)
        .where(Collector.child_id.in_([each.id for each in children]))
        .where(Collector.verified_at.is_(None), Collector.revoked_at.is_(None))
        .where(or_(Collector.ends_on.is_(None), Collector.ends_on >= on))
        .options(joinedload(Collector.child), joinedload(Collector.named_by))
    )
    return db.session.scalars(query.order_by(Collector.id)).all()


def bars_of_children(children: Collection[Person], at: datetime) -> list[Bar]:
    """The bars of these children that stand, those that deny first."""
    query = select(Bar).where(Bar.child_id.in_([each.id for each in children]), stands_at(at))
    query = query.options(joinedload(Bar.child), joinedload(Bar.set_by))
    return strongest_first(db.session.scalars(query.order_by(Bar.id)))
