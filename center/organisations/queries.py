"""Ordered reads of organisations and their members."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Date, Select, bindparam, case, exists, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import MemberRole, Membership, Organisation
from center.organisations.policy import MAY_SEE_ROLL
from center.people.models import Person

ORDER = {MemberRole.LEAD: 0, MemberRole.EDITOR: 1, MemberRole.CHECK_IN: 2, MemberRole.MEMBER: 3}


def all_organisations() -> Sequence[Organisation]:
    """Every organisation that all may read of, by name."""
    return _by_name(Organisation.is_listed.is_(True))


def find_organisation(slug: str) -> Organisation | None:
    """The organisation at this address, if there is one."""
    return db.session.scalar(select(Organisation).where(Organisation.slug == slug))


def get_organisation(slug: str) -> Organisation:
    """Like find_organisation; raises NotFound."""
    return must_find(find_organisation(slug), _l("There is no organisation at this address."))


def organisations_led_by(person_id: int, on: date) -> Sequence[Organisation]:
    """The organisations for which this person may act on that day, by name."""
    return db.session.scalars(_LED, {"person_id": person_id, "on": on}).all()


def ids_led_by(person_id: Any, *, on: Any) -> Select[int]:
    """A query of the ids of the organisations for which this person may act on that day; who it is may be filled in."""
    return select(Membership.organisation_id).where(Membership.person_id == person_id, *_leads_on(on))


def is_lead(person_id: int, organisation_id: int, *, on: date) -> bool:
    """Whether this person may act for the organisation on that day."""
    return bool(db.session.scalar(select(leads_now(organisation_id, person_id, on=on))))


def leads_now(organisation_id: Any, person_id: Any, *, on: date) -> ColumnElement[bool]:
    """`is_lead`, of columns of a query."""
    led = exists().where(
        Membership.person_id == person_id, Membership.organisation_id == organisation_id, *_leads_on(on)
    )
    return led.correlate_except(Membership)


def sees_others(person_id: Any, on: Any) -> ColumnElement[bool]:
    """Of a column of people: whether they see other people's data for an organisation on that day."""
    mine = (Membership.person_id == person_id, Membership.role.in_(MAY_SEE_ROLL), *_current_on(on))
    return exists().where(*mine).correlate_except(Membership)


def roles_of(person_id: int, on: date) -> dict[int, MemberRole]:
    """What a person is on that day in each organisation they belong to, by its id."""
    query = select(Membership.organisation_id, Membership.role).where(
        Membership.person_id == person_id, *_current_on(on)
    )
    return {row.organisation_id: row.role for row in db.session.execute(query.order_by(Membership.id))}


def members_among(person_ids: Collection[int], organisation_ids: Collection[int], *, on: date) -> set[tuple[int, int]]:
    """Who of these people belongs to which of these organisations that day, as pairs of ids."""
    query = select(Membership.person_id, Membership.organisation_id).where(
        Membership.person_id.in_(sorted(person_ids)),
        Membership.organisation_id.in_(sorted(organisation_ids)),
        *_current_on(on),
    )
    return {(row.person_id, row.organisation_id) for row in db.session.execute(query)}


def by_ids(organisation_ids: Iterable[int]) -> Sequence[Organisation]:
    """These organisations, by name."""
    return _by_name(Organisation.id.in_(sorted(organisation_ids)))


def leads_of(organisation_id: int, *, on: date) -> Sequence[Person]:
    """Who may act for an organisation on that day, by name."""
    leads = select(Membership.person_id).where(Membership.organisation_id == organisation_id, *_leads_on(on))
    return db.session.scalars(select(Person).where(Person.id.in_(leads)).order_by(Person.sort_key, Person.id)).all()


def leads_of_each(organisation_ids: Collection[int], *, on: date) -> dict[int, list[Person]]:
    """The same of several organisations at once, each by its id."""
    query = (
        select(Membership.organisation_id, Person)
        .join(Membership.person)
        .where(Membership.organisation_id.in_(sorted(organisation_ids)), *_leads_on(on))
        .order_by(Person.sort_key, Person.id)
    )
    found: dict[int, dict[int, Person]] = {}
    for organisation_id, person in db.session.execute(query) if organisation_ids else ():
        found.setdefault(organisation_id, {})[person.id] = person
    return {key: list(people.values()) for key, people in found.items()}


def memberships_of(organisation_id: int) -> Sequence[Membership]:
    """Who belongs or belonged to an organisation: leads first, then by name and time."""
    query = (
        select(Membership)
        .where(Membership.organisation_id == organisation_id)
        .join(Membership.person)
        .options(contains_eager(Membership.person))
        .order_by(case(ORDER, value=Membership.role), Person.sort_key, Membership.starts_on, Membership.id)
    )
    return db.session.scalars(query).all()


def find_membership(membership_id: int) -> Membership | None:
    """One membership with its organisation and person, if there is one."""
    query = select(Membership).where(Membership.id == membership_id)
    return db.session.scalar(query.options(joinedload(Membership.organisation), joinedload(Membership.person)))


def _by_name(*conditions: ColumnElement[bool]) -> Sequence[Organisation]:
    query = select(Organisation).where(*conditions)
    return db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id)).all()


def _leads_on(on: Any) -> tuple[ColumnElement[bool], ...]:
    return (Membership.role == MemberRole.LEAD, *_current_on(on))


def _current_on(on: Any) -> tuple[ColumnElement[bool], ...]:
    return (
        Membership.starts_on <= on,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= on),
    )


# Made once, since every form asks it.
_LED = (
    select(Organisation)
    .where(Organisation.id.in_(ids_led_by(bindparam("person_id"), on=bindparam("on", type_=Date))))
    .order_by(Organisation.sort_key, Organisation.id)
)
