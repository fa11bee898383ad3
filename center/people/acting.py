"""Who may act for whom: oneself, a child one is guardian of, whoever gave a delegation.

To live behind the same door gives no such right: a grown-up says whom they trust, for a child its guardians do. The
desk writes down who is the guardian of a child, and ends it.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    CompoundSelect,
    Integer,
    Select,
    and_,
    bindparam,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import aliased, contains_eager, joinedload

from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Consent, Delegation, DelegationScope, Guardianship, Person

ADULT = 18  # years
LONGEST_DELEGATION = timedelta(days=366)


class Ground(enum.StrEnum):
    """By what right somebody acts for a person."""

    DELEGATION = "delegation"
    GUARDIAN = "guardian"
    HOUSEHOLD = "household"  # of old sign-ups alone: nobody acts by it any more
    SELF = "self"
    STAFF = "staff"


@dataclass(frozen=True)
class ActedFor:
    """Somebody a person may act for, and by what right."""

    person: Person
    ground: Ground


def ground_to_act(actor: Person, person: Person, *, scope: DelegationScope, on: date) -> Ground | None:
    """By what right somebody may act for a person that day, the strongest first; None when by none."""
    if actor.id == person.id:
        return Ground.SELF
    if is_guardian(actor, person, on):
        return Ground.GUARDIAN
    given = _given_to(actor.id, scope=scope, on=on).where(Delegation.person_id == person.id)
    return Ground.DELEGATION if db.session.scalar(given.limit(1)) is not None else None


def people_acted_for(actor: Person, *, on: date, scope: DelegationScope = DelegationScope.SIGN_UPS) -> list[ActedFor]:
    """Everybody a person may act for that day: first themselves, then children, then others; each once."""
    rows = db.session.execute(_others_acted_for(scope, on), {"actor_id": actor.id}).all()
    others = [ActedFor(each, Ground.GUARDIAN if is_child else Ground.DELEGATION) for each, is_child in rows]
    return [ActedFor(actor, Ground.SELF), *(each for each in others if each.person.id != actor.id)]


@lru_cache(maxsize=4)
def _others_acted_for(scope: DelegationScope, on: date) -> Select[Person, bool]:
    """Everybody else, and whether they are a child of theirs. Made once a day, since many pages ask it."""
    actor_id = bindparam("actor_id", type_=Integer)
    children, given = _children(actor_id, on=on), _given_to(actor_id, scope=scope, on=on)
    theirs = union_all(children, given.with_only_columns(Delegation.person_id))
    is_child = Person.id.in_(children).label("is_child")
    query = select(Person, is_child).where(Person.id.in_(theirs)).options(joinedload(Person.building))
    return query.order_by(is_child.desc(), Person.sort_key, Person.id)


def ids_acted_for(actor_id: Any, *, on: date, scope: DelegationScope = DelegationScope.SIGN_UPS) -> CompoundSelect[int]:
    """A query of the ids of `people_acted_for`, some perhaps twice; `actor_id` may be filled in later (`bindparam`)."""
    given = _given_to(actor_id, scope=scope, on=on).with_only_columns(Delegation.person_id)
    themselves = actor_id if isinstance(actor_id, BindParameter) else literal(actor_id)
    return union_all(select(themselves), _children(actor_id, on=on), given)


def hearers_for(person: Person, *, on: date) -> list[Person]:
    """Who is told what concerns a person: they themselves, or a child's guardians, where any are known."""
    if not is_child(person, on):
        return [person]
    return [each.guardian for each in guardians_of(person, on=on)] or [person]


def grant(
    person: Person,
    *,
    to: Person,
    scope: DelegationScope,
    starts_on: date,
    ends_on: date,
    consent: Consent,
    by: Person,
    now: datetime,
    consent_note: str = "",
) -> Delegation:
    """Write down that a person lets somebody act for them; what they had agreed on with that somebody before ends.

    The very same once more is that which is there already. `by` is the person themselves, a child's guardian, or staff.
    Raises RuleBroken over the dates or where both are the same person.
    """
    _check(person, to, starts_on, ends_on, today=local_date(now))
    is_own = by.id == person.id or is_guardian(by, person, local_date(now))
    if consent is Consent.OWN_ACCOUNT and not is_own:
        raise RuleBroken(_l("Say how the person agreed."), field="consent")
    lock(person)
    said = {
        "scope": scope,
        "starts_on": starts_on,
        "ends_on": ends_on,
        "consent": consent,
        "consent_note": consent_note,
    }
    given = delegations_of(person, on=local_date(now))
    for each in [each for each in given if each.delegate_id == to.id]:
        if all(getattr(each, name) == value for name, value in said.items()):
            return each
        revoke(each, by=by, now=now)
    delegation = Delegation(person_id=person.id, delegate_id=to.id, recorded_by_id=by.id, recorded_at=now, **said)
    db.session.add(delegation)
    db.session.flush()
    if not is_own:
        note(Act.DELEGATION_GRANTED, person_id=person.id, by=by)
    return delegation


def _check(person: Person, to: Person, starts_on: date, ends_on: date, *, today: date) -> None:
    if person.id == to.id:
        raise RuleBroken(_l("Nobody needs a permission to act for themselves."), field="delegate")
    if ends_on < starts_on:
        raise RuleBroken(_l("The last day is before the first day."), field="ends_on")
    if ends_on < today:
        raise RuleBroken(_l("The last day has passed."), field="ends_on")
    if ends_on - starts_on > LONGEST_DELEGATION:
        raise RuleBroken(_l("A permission lasts at most a year. It can be given again."), field="ends_on")


def revoke(delegation: Delegation, *, by: Person, now: datetime) -> None:
    """Take a permission back at once; taking it back twice is taking it back once."""
    lock(delegation)
    if delegation.revoked_at is not None:
        return
    delegation.revoked_at, delegation.revoked_by_id = now, by.id
    db.session.flush()
    if by.id not in {delegation.person_id, delegation.delegate_id}:
        note(Act.DELEGATION_REVOKED, person_id=delegation.person_id, by=by)


def is_given(scope: DelegationScope, *, on: date) -> tuple[ColumnElement[bool], ...]:
    """Of a permission in a query: whether it is given on that day, for this."""
    return (
        Delegation.revoked_at.is_(None),
        Delegation.starts_on <= on,
        Delegation.ends_on >= on,
        Delegation.scope.in_({scope, DelegationScope.EVERYTHING}),
    )


def get_delegation(delegation_id: int) -> Delegation:
    """The delegation with this id; raises NotFound."""
    return must_find(db.session.get(Delegation, delegation_id), _l("There is no such permission."))


def delegations_of(person: Person, *, on: date) -> Sequence[Delegation]:
    """Whom a person lets act for them, now or later, by name of the delegate."""
    return _delegations(Delegation.delegate, Delegation.person_id == person.id, on=on)


def delegations_to(helper: Person, *, on: date) -> Sequence[Delegation]:
    """Who lets a person act for them, now or later, by name."""
    return _delegations(Delegation.person, Delegation.delegate_id == helper.id, on=on)


def is_child(person: Person, on: date) -> bool:
    """Whether somebody is known to be a child that day."""
    return person.birth_year is not None and on.year - person.birth_year < ADULT


def guards_on(on: date) -> ColumnElement[bool]:
    """Of guardianships in a query: whether they count that day; until the end of the year in which a child is 18."""
    lasts = or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= on)
    child = aliased(Person)
    is_grown = select(child.id).where(child.id == Guardianship.child_id, child.birth_year < on.year - ADULT).exists()
    return and_(Guardianship.starts_on <= on, lasts, ~is_grown)


def is_guardian(guardian: Person, child: Person, on: date) -> bool:
    """Whether somebody answers for a child that day."""
    pair = (Guardianship.guardian_id == guardian.id, Guardianship.child_id == child.id)
    return db.session.scalar(select(Guardianship.id).where(*pair, guards_on(on)).limit(1)) is not None


def guardians_of(child: Person, *, on: date) -> Sequence[Guardianship]:
    """Who answers for a child that day, by name."""
    return guardians_of_each([child.id], on=on)[child.id]


def guardians_of_each(child_ids: Sequence[int], *, on: date) -> dict[int, list[Guardianship]]:
    """The same for several children at once, by the child's id, in one query."""
    query = select(Guardianship).join(Guardianship.guardian).where(Guardianship.child_id.in_(child_ids), guards_on(on))
    query = query.options(contains_eager(Guardianship.guardian).joinedload(Person.building))
    found: dict[int, list[Guardianship]] = {child_id: [] for child_id in child_ids}
    for each in db.session.scalars(query.order_by(Person.sort_key, Guardianship.id)):
        found[each.child_id].append(each)
    return found


def children_of(guardian: Person, *, on: date) -> list[Person]:
    """For whom somebody answers that day, by name."""
    return list(_people(Person.id.in_(_children(guardian.id, on=on))))


def name_guardian(child: Person, *, guardian: Person, by: Person, today: date) -> Guardianship:
    """Write down who answers for a child, from today on; twice is once. Raises RuleBroken where it is no child."""
    lock(child)
    if not is_child(child, today):
        raise RuleBroken(_l("A guardian is for a child. Please write down the birth year first."))
    if guardian.id == child.id or is_child(guardian, today):
        raise RuleBroken(_l("A guardian is a grown-up."))
    query = select(Guardianship).where(Guardianship.child_id == child.id, Guardianship.guardian_id == guardian.id)
    row = db.session.scalar(query) or Guardianship(child_id=child.id, guardian_id=guardian.id)
    if row.id and is_guardian(guardian, child, today):
        return row
    row.starts_on, row.ends_on = today, None
    db.session.add(row)
    db.session.flush()
    note(Act.GUARDIAN_NAMED, person_id=child.id, by=by)
    return row


def end_guardianship(guardianship: Guardianship, *, by: Person, today: date) -> None:
    """Somebody answers for a child no longer, at once; twice is once."""
    lock(guardianship)
    if guardianship.ends_on is not None and guardianship.ends_on < today:
        return
    guardianship.ends_on = today - timedelta(days=1)
    db.session.flush()
    note(Act.GUARDIAN_ENDED, person_id=guardianship.child_id, by=by)


def get_guardianship(guardianship_id: int) -> Guardianship:
    """The guardianship with this id; raises NotFound."""
    return must_find(db.session.get(Guardianship, guardianship_id), _l("There is no such guardian."))


def _delegations(other: Any, whose: ColumnElement[bool], *, on: date) -> Sequence[Delegation]:
    query = select(Delegation).join(other).where(whose, Delegation.ends_on >= on, Delegation.revoked_at.is_(None))
    query = query.options(joinedload(other), joinedload(Delegation.recorded_by))
    return db.session.scalars(query.order_by(Person.sort_key, Delegation.id)).all()


def _given_to(actor_id: Any, *, scope: DelegationScope, on: date) -> Select[int]:
    return select(Delegation.id).where(Delegation.delegate_id == actor_id, *is_given(scope, on=on))


def _children(guardian_id: Any, *, on: date) -> Select[int]:
    return select(Guardianship.child_id).where(Guardianship.guardian_id == guardian_id, guards_on(on))


def _people(condition: ColumnElement[bool]) -> Sequence[Person]:
    query = select(Person).where(condition).options(joinedload(Person.building))
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()
