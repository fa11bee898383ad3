"""When somebody is erased: a child who has a place or is with us is not, until that has ended."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import select

from center.afterschool.custody.ledger import now_holding
from center.afterschool.models.custody import WITH_US
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import Term
from center.afterschool.retention import holds
from center.kernel.db import db
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.erasing import actions as erasing
from center.people.erasing.actions import Obstacle
from center.people.models import Person


def obstacles(person: Person, now: datetime) -> Iterable[Obstacle]:
    """What must be settled first: a child who is with us now, or has a place in a term that goes on."""
    held = now_holding(person.id)
    if held is not None and held.holder in WITH_US:
        yield Obstacle(_l("The child is with us now."), ("classroom.home", {}))
    if holds.find_open(person) is not None:
        yield Obstacle(_l("What is kept of the child is needed. Let it go first."), ("classroom.holds", {}))
    query = select(Enrolment.id).join(Enrolment.term).where(Enrolment.child_id == person.id)
    if db.session.scalar(query.where(Enrolment.ended_at.is_(None), Term.last_on >= local_date(now)).limit(1)):
        words = _l("The child has a place in the after-school programme. End it first.")
        yield Obstacle(words, ("classroom.home", {}))


erasing.obstacles.append(obstacles)
