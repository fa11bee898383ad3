"""Writes: who belongs to an organisation."""

from datetime import date, datetime

from sqlalchemy import select

from center.db import db, lock
from center.i18n import local_date
from center.logs import log
from center.organisations import rules
from center.organisations.models import MemberRole, Membership, Organisation
from center.people.models import Person


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
    log.info("member_added", organisation=organisation.id, person=person.id, role=role.value, by=by.id)
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
    log.info("member_ended", organisation=membership.organisation_id, person=membership.person_id, by=by.id)


def _memberships(organisation_id: int, person_id: int) -> list[Membership]:
    query = select(Membership).where(Membership.organisation_id == organisation_id, Membership.person_id == person_id)
    return list(db.session.scalars(query.order_by(Membership.id)))
