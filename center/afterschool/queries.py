"""Reads of terms and their days."""

from collections.abc import Sequence
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session, SessionState
from center.afterschool.asked_once import asked_once
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import Term, TermDay
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


def get_term(term_id: int) -> Term:
    """A term; raises NotFound."""
    return must_find(db.session.get(Term, term_id), _l("There is no such term."))


def get_day(day_id: int) -> TermDay:
    """A day of a term; raises NotFound."""
    return must_find(db.session.get(TermDay, day_id), _l("There is no such day."))


def public_terms() -> Sequence[Term]:
    """The terms that everybody may see, the latest first."""
    query = (
        select(Term)
        .join(Term.activity)
        .where(Activity.published_at.is_not(None))
        .options(joinedload(Term.activity), joinedload(Term.room))
        .order_by(Term.first_on.desc(), Term.id.desc())
    )
    return db.session.scalars(query).all()


def all_terms() -> Sequence[Term]:
    """Every term, drafts too, the latest first."""
    query = select(Term).options(joinedload(Term.activity), joinedload(Term.room))
    return db.session.scalars(query.order_by(Term.first_on.desc(), Term.id.desc())).all()


def days_on(on: date) -> Sequence[TermDay]:
    """The days of all terms on a date that take place, in the order of their terms."""
    query = (
        select(TermDay)
        .join(TermDay.session)
        .where(TermDay.on_date == on, Session.state != SessionState.CANCELLED)
        .options(joinedload(TermDay.term).joinedload(Term.room), joinedload(TermDay.session))
        .order_by(TermDay.term_id)
    )
    return asked_once(("days", on), lambda: db.session.scalars(query).all())


def next_duty(person_id: int, after: date) -> CareDuty | None:
    """The next day after a date on which somebody is on duty."""
    query = (
        select(CareDuty)
        .join(CareDuty.day)
        .join(TermDay.session)
        .where(CareDuty.person_id == person_id, TermDay.on_date > after, Session.state != SessionState.CANCELLED)
        .options(joinedload(CareDuty.day).joinedload(TermDay.term))
        .order_by(TermDay.on_date)
        .limit(1)
    )
    return db.session.scalar(query)


def enrolled_children() -> Sequence[Person]:
    """Everybody who is or was enrolled and is not erased, by name."""
    enrolled = select(Enrolment.child_id)
    query = select(Person).where(Person.id.in_(enrolled), Person.erased_at.is_(None))
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()
