"""A child's row in a term: found, and what is written down of it. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from center.afterschool.models.enrolments import Enrolment, EnrolmentChange, EnrolmentEvent
from center.afterschool.models.terms import Paragraph, Term
from center.afterschool.places.states import may, place_of
from center.kernel.db import db, must_find
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.models import Person


def find(term: Term, child: Person) -> Enrolment | None:
    """The child's row in a term, read anew; None where nobody has asked."""
    query = select(Enrolment).where(Enrolment.term_id == term.id, Enrolment.child_id == child.id)
    return db.session.scalar(query.execution_options(populate_existing=True))


def of_child(child: Person) -> Sequence[Enrolment]:
    """Every term for which somebody has asked for a child, the latest first."""
    query = select(Enrolment).join(Enrolment.term).where(Enrolment.child_id == child.id)
    query = query.options(contains_eager(Enrolment.term), joinedload(Enrolment.sign_up), selectinload(Enrolment.claims))
    return db.session.scalars(query.order_by(Term.first_on.desc(), Enrolment.id.desc())).all()


def events_of(enrolment: Enrolment) -> Sequence[EnrolmentEvent]:
    """What happened to an enrolment, in order."""
    query = select(EnrolmentEvent).where(EnrolmentEvent.enrolment_id == enrolment.id)
    return db.session.scalars(query.order_by(EnrolmentEvent.id)).all()


def note(
    enrolment: Enrolment,
    what: EnrolmentChange,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    paragraph: Paragraph | None = None,
) -> None:
    """Write down one change of an enrolment."""
    db.session.add(
        EnrolmentEvent(
            enrolment_id=enrolment.id,
            at=now,
            by_id=by.id,
            what=what,
            paragraph_id=paragraph.id if paragraph else None,
            reason=reason[:200],
        )
    )
    db.session.flush()


def get(enrolment_id: int) -> Enrolment:
    """An enrolment; raises NotFound."""
    return must_find(db.session.get(Enrolment, enrolment_id), _l("There is no such enrolment."))


def allow(what: EnrolmentChange, enrolment: Enrolment, now: datetime) -> None:
    """Raises Conflict where something may not be done as the place stands now."""
    if not may(what, place_of(enrolment, on=local_date(now), now=now)):
        raise Conflict(_l("This has changed meanwhile. Please look at it again."))
