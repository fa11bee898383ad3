"""Which guardian rings: found by a whole number, with the children for whom they answer and who have a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool import changes, codes, plans
from center.afterschool.changes import Call
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import Term, TermState
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people import acting, phones
from center.people.masking import masked_name
from center.people.models import Guardianship, Person
from center.signups.models import SignUp, SignUpState


@dataclass(frozen=True)
class Caller:
    """A guardian who may be the one who rings, and a child of theirs."""

    guardian: Person
    enrolment: Enrolment

    @property
    def guardian_name(self) -> str:
        """Who it may be, for a page that somebody may look at over a shoulder."""
        return masked_name(self.guardian.name)

    @property
    def child_name(self) -> str:
        """Whose day it is about, likewise."""
        return masked_name(self.enrolment.child.name)


def with_number(text: str, *, today: date) -> Sequence[Caller]:
    """Guardians with this number, and the places of their children. No part of a number is enough."""
    try:
        number = phones.normalise(text)
    except RuleBroken:
        return []
    query = (
        select(Person, Enrolment)
        .join(Guardianship, Guardianship.guardian_id == Person.id)
        .join(Enrolment, Enrolment.child_id == Guardianship.child_id)
        .join(SignUp, SignUp.id == Enrolment.sign_up_id)
        .join(Term, Term.id == Enrolment.term_id)
        .where(Person.phone == number, acting.guards_on(today))
        .where(SignUp.state == SignUpState.CONFIRMED, Enrolment.ended_at.is_(None))
        .where(Term.state == TermState.OPEN, Term.last_on >= today)
        .options(joinedload(Enrolment.child), joinedload(Enrolment.term))
        .order_by(Person.id, Enrolment.id)
    )
    return [Caller(guardian, enrolment) for guardian, enrolment in db.session.execute(query)]


def get_place(enrolment_id: int) -> Enrolment:
    """A place; raises NotFound."""
    return must_find(db.session.get(Enrolment, enrolment_id), _l("There is no such place."))


def tell_code(enrolment: Enrolment, call: Call, *, by: Person, now: datetime) -> str:
    """Today's code, for a guardian who was rung back and has no screen to see it on.

    Raises RuleBroken where nobody was rung back, where there is no programme today, or the code is used or locked.
    """
    child, on = enrolment.child, local_date(now)
    lock(child)
    changes.rung_back(call, child, now=now)
    if plans.find_day(enrolment.term_id, on) is None:
        raise RuleBroken(_l("The programme does not take place on this day."))
    code, row = codes.code_of(child, on, by=by, now=now), codes.find(child.id, on)
    if row is None or row.used_at is not None or row.tries >= codes.MOST_TRIES:
        raise RuleBroken(_l("Today's code is used or locked. Staff hand over without a code today."))
    return codes.spaced(code)
