"""Writes: what an organisation is, and who belongs to it."""

from dataclasses import asdict, dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.organisations import rules
from center.organisations.models import (
    LegalForm,
    MemberRole,
    Membership,
    Organisation,
    OrganisationKind,
    Origin,
    Stage,
)
from center.people.models import Person
from center.people.names import sort_key

RESERVED = frozenset({"new"})  # addresses that pages of ours have


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """What staff say of an organisation, checked for shape only."""

    name: str
    kind: OrganisationKind
    name_en: str = ""
    about: str = ""
    about_en: str = ""
    contact: str = ""
    origin: Origin | None = None
    stage: Stage | None = None
    legal_form: LegalForm | None = None
    publishes_directly: bool = False


def create(slug: str, facts: OrganisationFacts, *, by: Person, is_listed: bool = True) -> Organisation:
    """A new organisation at an address of its own; raises Conflict where the address or the name is taken."""
    faults: list[DomainError] = []
    if slug in RESERVED or db.session.scalar(select(Organisation.id).where(Organisation.slug == slug)) is not None:
        faults.append(Conflict(_l("There is an organisation at this address already."), field="slug"))
    broken_rules([*faults, *_name_faults(facts.name, but=None)])
    organisation = Organisation(slug=slug, sort_key=sort_key(facts.name), is_listed=is_listed, **asdict(facts))
    db.session.add(organisation)
    db.session.flush()
    note(Act.ORGANISATION_CREATED, organisation, by=by)
    return organisation


def edit(organisation: Organisation, facts: OrganisationFacts, *, by: Person) -> None:
    """Say something else of an organisation; raises Conflict where another has the name."""
    lock(organisation)
    broken_rules(_name_faults(facts.name, but=organisation.id))
    for name, value in asdict(facts).items():
        setattr(organisation, name, value)
    organisation.sort_key = sort_key(facts.name)
    db.session.flush()
    note(Act.ORGANISATION_EDITED, organisation, by=by)


def _name_faults(name: str, *, but: int | None) -> list[DomainError]:
    other = db.session.scalar(select(Organisation.id).where(Organisation.name == name))
    if other is None or other == but:
        return []
    return [Conflict(_l("There is an organisation of this name already."), field="name")]


def add_member(
    organisation: Organisation, *, person: Person, role: MemberRole, starts_on: date, ends_on: date | None, by: Person
) -> Membership:
    """Let a person belong to an organisation; raises RuleBroken over the dates, Conflict over a second time."""
    rules.check_dates(starts_on, ends_on)
    lock(organisation)
    rules.check_not_a_member_twice(starts_on, ends_on, _memberships(organisation.id, person.id))
    membership = Membership(
        organisation_id=organisation.id, person_id=person.id, role=role, starts_on=starts_on, ends_on=ends_on
    )
    db.session.add(membership)
    db.session.flush()
    note(Act.MEMBER_ADDED, organisation, person_id=person.id, by=by)
    return membership


def end_membership(membership: Membership, *, by: Person, now: datetime) -> None:
    """End a membership at once: it no longer counts today. One that never counted before today goes altogether."""
    lock(membership)
    today = local_date(now)
    last_day = rules.end_before(membership.starts_on, today)
    if last_day is None:
        db.session.delete(membership)
    elif membership.ends_on is None or membership.ends_on > last_day:
        membership.ends_on = last_day
    db.session.flush()
    note(
        Act.MEMBER_ENDED,
        db.session.get(Organisation, membership.organisation_id),
        person_id=membership.person_id,
        by=by,
    )


def _memberships(organisation_id: int, person_id: int) -> list[Membership]:
    query = select(Membership).where(Membership.organisation_id == organisation_id, Membership.person_id == person_id)
    return list(db.session.scalars(query.order_by(Membership.id)))
