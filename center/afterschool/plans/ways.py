"""Whether a child may go home in a way that a guardian wishes: the form, the ages, the hours, the people."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time

from sqlalchemy import select

from center.afterschool import stays
from center.afterschool.models.consents import ChildConsent, Purpose
from center.afterschool.models.plans import Stay, Way
from center.afterschool.models.terms import Term, TermMode
from center.afterschool.plans.rules import is_old_enough
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_clock
from center.kernel.i18n import lazy_gettext as _l
from center.people import acting
from center.people.models import Guardianship, Person

BUS_MOST = 60


@dataclass(frozen=True, kw_only=True)
class AskedWay:
    """How a child is to go home, as it was asked for."""

    way: Way
    leaves: time | None = None
    sibling_id: int | None = None
    bus: str = ""
    stay: Stay = Stay.WHOLE  # for which part of a whole day in the holidays


def day_hours(term: Term) -> stays.DayHours | None:
    """The hours of a term's whole days, which lunch parts in two; None after school."""
    if term.mode is TermMode.AFTER_SCHOOL or term.lunch_from is None or term.lunch_until is None:
        return None
    return stays.DayHours(
        opens=term.opens, lunch_from=term.lunch_from, lunch_until=term.lunch_until, closes=term.closes
    )


def consent_for(child: Person, asked: AskedWay, *, term: Term, on: date, field: str | None = None) -> int | None:
    """The consent that a way rests on, if it needs one. Raises RuleBroken where the child may not go home so."""
    if asked.way is Way.ALONE:
        return _alone(child, asked, term=term, on=on, field=field)
    if asked.way is Way.SIBLING and asked.sibling_id not in {each.id for each in siblings_of(child, term=term, on=on)}:
        raise RuleBroken(
            _l(
                "Choose a brother or sister of at least %(age)s years who is known to the centre.", age=term.sibling_age
            ),
            field=field,
        )
    if asked.way is Way.BUS and not asked.bus.strip():
        raise RuleBroken(_l("Say which bus it is."), field=field)
    return None


def siblings_of(child: Person, *, term: Term, on: date) -> Sequence[Person]:
    """Brothers and sisters who are old enough to take a child home: for whom one of the child's guardians answers."""
    guardians = select(Guardianship.guardian_id).where(Guardianship.child_id == child.id, acting.guards_on(on))
    ids = select(Guardianship.child_id).where(Guardianship.guardian_id.in_(guardians), acting.guards_on(on))
    people = db.session.scalars(
        select(Person).where(Person.id.in_(ids), Person.id != child.id).order_by(Person.sort_key, Person.id)
    )
    return [each for each in people if is_old_enough(each.birth_year, term.sibling_age, on)]


def walking_consent(child_id: int) -> int | None:
    """The consent to walking home alone that stands for a child."""
    query = select(ChildConsent.id).where(
        ChildConsent.child_id == child_id,
        ChildConsent.purpose == Purpose.WALKING_ALONE,
        ChildConsent.is_given,
        ChildConsent.revoked_at.is_(None),
    )
    return db.session.scalar(query)


def may_walk(child: Person, *, term: Term, on: date) -> bool:
    """Whether a child may go home alone at all: there is a signed form, and they are old enough."""
    return walking_consent(child.id) is not None and is_old_enough(child.birth_year, term.alone_age, on)


def _alone(child: Person, asked: AskedWay, *, term: Term, on: date, field: str | None) -> int:
    consent_id = walking_consent(child.id)
    if consent_id is None:
        raise RuleBroken(_l("To go home alone, a child needs a form signed by a guardian first."), field=field)
    if not is_old_enough(child.birth_year, term.alone_age, on):
        raise RuleBroken(
            _l("By the rules of the term, a child goes home alone from %(age)s years on.", age=term.alone_age),
            field=field,
        )
    whole = day_hours(term)
    here = stays.hours_of(asked.stay, whole) if whole else stays.Hours(term.opens, term.closes)
    if asked.leaves is None or not here.starts <= asked.leaves <= here.ends:
        raise RuleBroken(
            _l(
                "Say at what time they go, from %(opens)s to %(closes)s.",
                opens=format_clock(here.starts),
                closes=format_clock(here.ends),
            ),
            field=field,
        )
    return consent_id
