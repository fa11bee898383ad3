"""Whom the director lets see the children's records without being on duty: for a reason, and a time that ends."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from center.afterschool.models.staff import ChildAccess
from center.afterschool.rights.on_call import LOOKING_AFTER
from center.kernel.acts import Act
from center.kernel.db import db, lock, must_find
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person, RoleGrant

LONGEST = timedelta(days=92)


@dataclass(frozen=True, kw_only=True)
class Grant:
    """Why somebody sees the records, and from when until (and including) when."""

    reason: str
    starts_on: date
    ends_on: date


def give(person: Person, grant: Grant, *, by: Person, now: datetime, today: date) -> ChildAccess:
    """Let somebody see the children's records for a time. Raises RuleBroken where it could not be so."""
    lock(person)
    if not grant.reason.strip():
        raise RuleBroken(_l("Say for what reason."), field="reason")
    if grant.ends_on < grant.starts_on:
        raise RuleBroken(_l("The last day is before the first day."), field="ends_on")
    if grant.ends_on < today:
        raise RuleBroken(_l("The last day has passed."), field="ends_on")
    if grant.ends_on - grant.starts_on > LONGEST:
        raise RuleBroken(_l("At most three months. It can be given again."), field="ends_on")
    if person.id not in {each.id for each in who_may_be_let(today)}:
        raise RuleBroken(_l("Only a tutor or a director can be let. Give them the role first."), field="person")
    access = ChildAccess(
        person_id=person.id,
        reason=grant.reason.strip(),
        starts_on=grant.starts_on,
        ends_on=grant.ends_on,
        granted_by_id=by.id,
        granted_at=now,
    )
    db.session.add(access)
    db.session.flush()
    note(Act.CHILD_ACCESS_GRANTED, by=by, person_id=person.id, reason=grant.reason)
    return access


def revoke(access: ChildAccess, *, by: Person, now: datetime) -> None:
    """End it at once. Raises Conflict where it was ended already."""
    lock(access)
    if access.revoked_at is not None:
        raise Conflict(_l("This was ended already."))
    access.revoked_at, access.revoked_by_id = now, by.id
    db.session.flush()
    note(Act.CHILD_ACCESS_REVOKED, by=by, person_id=access.person_id)


def current(today: date) -> Sequence[ChildAccess]:
    """Those that count today or later, the earliest first."""
    query = select(ChildAccess).where(ChildAccess.ends_on >= today, ChildAccess.revoked_at.is_(None))
    return _read(query.order_by(ChildAccess.starts_on, ChildAccess.id))


def over(today: date, *, most: int = 50) -> Sequence[ChildAccess]:
    """Those that are over, the latest first."""
    query = select(ChildAccess).where(or_(ChildAccess.ends_on < today, ChildAccess.revoked_at.is_not(None)))
    return _read(query.order_by(ChildAccess.ends_on.desc(), ChildAccess.id.desc()).limit(most))


def get(access_id: int) -> ChildAccess:
    """An access; raises NotFound."""
    return must_find(db.session.get(ChildAccess, access_id), _l("There is no such access."))


def who_may_be_let(today: date) -> Sequence[Person]:
    """Whose role lets them look after children at all."""
    grants = select(RoleGrant.person_id).where(
        RoleGrant.role.in_(LOOKING_AFTER),
        RoleGrant.starts_on <= today,
        or_(RoleGrant.ends_on.is_(None), RoleGrant.ends_on >= today),
    )
    return db.session.scalars(select(Person).where(Person.id.in_(grants)).order_by(Person.sort_key, Person.id)).all()


def _read(query: object) -> Sequence[ChildAccess]:
    options = joinedload(ChildAccess.person), joinedload(ChildAccess.granted_by)
    return db.session.scalars(query.options(*options)).all()  # type: ignore[attr-defined]
