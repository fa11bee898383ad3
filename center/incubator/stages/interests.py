"""Declaring interests, and being free of them: what scores and decisions stand on. Never commits."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.exc import IntegrityError

from center.incubator.models.incubations import Incubation
from center.incubator.models.interests import DeclaredInterest, Eligibility, InterestKind
from center.incubator.stages.interest_rules import LATELY, check_dates, counts_until
from center.kernel.db import db, is_violation, part_of_transaction
from center.kernel.errors import Forbidden
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.organisations.models import Membership, Organisation
from center.people.models import Person

BOUND = _l("You have an interest in this organisation, so somebody else has to do this.")


def declare(
    person: Person,
    organisation: Organisation,
    kind: InterestKind,
    *,
    since: date | None = None,
    until: date | None = None,
    note: str = "",
    by: Person,
    now: datetime,
) -> DeclaredInterest:
    """Write down an interest. From now on what they scored does not count, and they decide nothing about it."""
    check_dates(since, until)
    declared = DeclaredInterest(
        person_id=person.id,
        organisation_id=organisation.id,
        kind=kind,
        since=since,
        until=until,
        counts_until=counts_until(kind, until),
        note=note,
        declared_on=local_date(now),
        declared_at=now,
        declared_by_id=by.id,
    )
    db.session.add(declared)
    db.session.flush()
    db.session.expire_all()  # the database has turned what stands on it
    return declared


def interests_of(organisation: Organisation) -> Sequence[DeclaredInterest]:
    """All that was declared about an organisation, the latest first."""
    query = select(DeclaredInterest).where(DeclaredInterest.organisation_id == organisation.id)
    return db.session.scalars(query.order_by(DeclaredInterest.id.desc())).all()


def is_bound(incubation: Incubation, person: Person, *, on: date) -> bool:
    """Whether somebody is known to have an interest: declared, or by the register of members."""
    return person.id in bound_among(incubation, [person.id], on=on)


def bound_among(incubation: Incubation, person_ids: Sequence[int], *, on: date) -> set[int]:
    """Those among these people who have an interest in an organisation."""
    declared = select(DeclaredInterest.person_id).where(
        DeclaredInterest.organisation_id == incubation.organisation_id,
        DeclaredInterest.person_id.in_(sorted(person_ids)),
        or_(DeclaredInterest.counts_until.is_(None), DeclaredInterest.counts_until >= on),
    )
    belongs = select(Membership.person_id).where(
        Membership.organisation_id == incubation.organisation_id,
        Membership.person_id.in_(sorted(person_ids)),
        or_(Membership.ends_on.is_(None), Membership.ends_on >= on - LATELY),
    )
    turned = select(Eligibility.person_id).where(
        and_(Eligibility.incubation_id == incubation.id, Eligibility.is_free.is_(False)),
        Eligibility.person_id.in_(sorted(person_ids)),
    )
    return {found for query in (declared, belongs, turned) for found in db.session.scalars(query)}


def be_free(incubation: Incubation, person: Person, *, now: datetime) -> None:
    """Let a score or a decision stand on somebody's being free of interests; raises Forbidden where they are not."""
    found = db.session.get(Eligibility, (incubation.id, person.id), populate_existing=True)
    if found is not None:
        if not found.is_free:
            raise Forbidden(BOUND)
        return
    today = local_date(now)
    if is_bound(incubation, person, on=today):
        raise Forbidden(BOUND)
    try:
        with part_of_transaction():
            db.session.add(Eligibility(incubation_id=incubation.id, person_id=person.id, is_free=True, since_on=today))
            db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="eligibilities_true"):
            raise Forbidden(BOUND) from error
        raise
