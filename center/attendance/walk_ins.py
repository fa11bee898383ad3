"""Who stands there without a place: found by what they show or are called, and let in (临时到场). Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import or_, select

from center.activities.models import Session
from center.attendance import roll_actions, taking
from center.attendance.codes import Code
from center.attendance.models import AttendanceEvent
from center.attendance.scans import Asked, whose_is
from center.kernel.db import db
from center.kernel.i18n import local_date
from center.organisations.models import Membership
from center.people.models import Person
from center.signups.queries import counts_of, rosters_of_sessions

LEAST_DIGITS, LEAST_LETTERS, MOST_FOUND = 4, 2, 10


def known_by_code(code: Code) -> Person | None:
    """Whose card or sign-up this is, if it is one that counts."""
    whose = whose_is(Asked(code=code))
    return whose.person if whose.why is None else None


def members_called(session: Session, text: str) -> Sequence[Person]:
    """The members of a session's organisation with this name, these initials or these last digits of the phone.

    Whoever leads it finds nobody else this way: residents at large are for the desk to look up.
    """
    typed = "".join(text.split()).casefold()
    digits = typed.isdigit() and typed.isascii()
    if len(typed) < (LEAST_DIGITS if digits else LEAST_LETTERS if typed.isascii() else 1):
        return []
    on = local_date(session.starts_at)
    belong = select(Membership.person_id).where(
        Membership.organisation_id == session.activity.organisation_id,
        Membership.starts_on <= on,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= on),
    )
    query = select(Person).where(Person.id.in_(belong), Person.is_double.is_(False), Person.erased_at.is_(None))
    members = db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()
    found = [each for each in members if (_ends(each, typed) if digits else _is_called(each, typed))]
    return found[:MOST_FOUND]


def let_in(session: Session, person: Person, *, reason: str = "", by: Person, now: datetime) -> AttendanceEvent:
    """They have come without a place and take one; with a reason they are let in where there is none.

    Whoever has a place after all has simply come. Raises NotYet, RegisterClosed, Full, and what keeps them out.
    """
    taking.refuse_too_early(session, now=now)
    at = taking.arrived_at(session, is_late=False, now=now)
    return roll_actions.walk_in(session, person, override=reason, by=by, now=now, at=at)


def places_left(session: Session) -> tuple[int, int] | None:
    """How many places are free, and how many people wait; None where nobody signs up for it."""
    roster = rosters_of_sessions([session]).get(session.id)
    if roster is None:
        return None
    counts = counts_of([roster.id])[roster.id]
    return max(0, counts.capacity - counts.taken), counts.waiting


def _ends(person: Person, digits: str) -> bool:
    return bool(person.phone and person.phone.endswith(digits))


def _is_called(person: Person, typed: str) -> bool:
    names = (person.name, person.sort_key, person.initials)
    return any(typed in "".join(each.split()).casefold() for each in names)
