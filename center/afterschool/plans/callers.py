"""Which guardian rings: found by a whole number, with the children for whom they answer and who have a place."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, case, select
from sqlalchemy.orm import joinedload

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import Term, TermState
from center.afterschool.plans import changes, codes, day_plans
from center.afterschool.plans.changes import Call
from center.afterschool.plans.rules import FINAL
from center.afterschool.rights.guardian_rights import Deed, refuse_kept_away
from center.kernel import clock
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people import acting, phones
from center.people.masking import masked_name
from center.people.models import Guardianship, Person
from center.signups.models import LIVE, SignUp, SignUpState


@dataclass(frozen=True)
class Caller:
    """A guardian who may be the one who rings, and a child of theirs."""

    guardian: Person
    enrolment: Enrolment
    has_place: bool  # in a term that runs or is to come: its days can be changed

    @property
    def whose(self) -> tuple[int, int]:
        """Which guardian of which child."""
        return self.guardian.id, self.enrolment.child_id

    @property
    def guardian_name(self) -> str:
        """Who it may be, for a page that somebody may look at over a shoulder."""
        return masked_name(self.guardian.name)

    @property
    def child_name(self) -> str:
        """Whose day it is about, likewise."""
        return masked_name(self.enrolment.child.name)


def with_number(text: str, *, today: date) -> Sequence[Caller]:
    """Guardians with this number, and the places of their children. No part of a number is enough.

    Of each child what lasts, or was asked for in a term that goes on; else the last, of which consents may be left.
    """
    try:
        number = phones.normalise(text)
    except RuleBroken:
        return []
    lasts, goes_on = and_(*_lasts(today)), and_(*_goes_on(today))
    query = (
        select(Person, Enrolment, case((lasts, 1), else_=0), case((goes_on, 1), else_=0))
        .join(Guardianship, Guardianship.guardian_id == Person.id)
        .join(Enrolment, Enrolment.child_id == Guardianship.child_id)
        .join(SignUp, SignUp.id == Enrolment.sign_up_id)
        .join(Term, Term.id == Enrolment.term_id)
        .where(Person.phone == number, acting.guards_on(today))
        .options(joinedload(Enrolment.child), joinedload(Enrolment.term))
        .order_by(Person.id, Enrolment.id)
    )
    rows = [(Caller(guardian, place, bool(now)), bool(on)) for guardian, place, now, on in db.session.execute(query)]
    last = {each.whose: each for each, _on in rows}
    with_more = {each.whose for each, is_on in rows if is_on}
    return [each for each, is_on in rows if is_on or (each.whose not in with_more and each is last[each.whose])]


def get_place(enrolment_id: int) -> Enrolment:
    """A place; raises NotFound."""
    return must_find(db.session.get(Enrolment, enrolment_id), _l("There is no such place."))


def lasts(enrolment: Enrolment) -> bool:
    """Whether a place is confirmed and has not ended, in a term that runs or is to come."""
    term = enrolment.term
    is_on = term.state is TermState.OPEN and term.last_on >= local_date(clock.now())
    return is_on and enrolment.ended_at is None and enrolment.sign_up.state is SignUpState.CONFIRMED


def get_lasting_place(enrolment_id: int) -> Enrolment:
    """A place that is confirmed and has not ended, in a term that runs or is to come; raises NotFound."""
    query = select(Enrolment).join(SignUp, SignUp.id == Enrolment.sign_up_id).join(Term, Term.id == Enrolment.term_id)
    found = db.session.scalar(query.where(Enrolment.id == enrolment_id, *_lasts(local_date(clock.now()))))
    return must_find(found, _l("There is no such place."))


def _lasts(today: date) -> tuple[ColumnElement[bool], ...]:
    return (SignUp.state == SignUpState.CONFIRMED, *_goes_on(today))


def _goes_on(today: date) -> tuple[ColumnElement[bool], ...]:
    in_term = (Term.state == TermState.OPEN, Term.last_on >= today)
    return (SignUp.state.in_(LIVE), Enrolment.ended_at.is_(None), *in_term)


def tell_code(enrolment: Enrolment, call: Call, *, guardian: Person, by: Person, now: datetime) -> str:
    """Today's code, for a guardian who was rung back and has no screen to see it on.

    Raises RuleBroken where they may not collect the child, where nobody was rung back, where there is no programme or
    no place today, or where the code is used or locked.
    """
    child, on = enrolment.child, local_date(now)
    lock(child)
    refuse_kept_away(guardian, child, now=now, to=Deed.WAY_HOME)
    changes.rung_back(call, child, now=now)
    day = day_plans.find_day(enrolment.term_id, on)
    if day is None:
        raise RuleBroken(_l("The programme does not take place on this day."))
    if day_plans.expected_of(enrolment, day).why_not in FINAL:
        raise RuleBroken(_l("The child has no place that day, or the place rests."))
    code, row = codes.code_of(child, on, by=by, now=now), codes.find(child.id, on)
    if row is None or row.used_at is not None or row.tries >= codes.MOST_TRIES:
        raise RuleBroken(_l("Today's code is used or locked. Staff hand over without a code today."))
    return codes.spaced(code)
