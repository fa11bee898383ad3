"""The register as it is read, and the counts of a quarter."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session
from center.attendance.models.hours import Shift, ShiftState
from center.attendance.queries import takes_place
from center.incubator.filings.counting import count_where
from center.incubator.models.registration import QuarterReport, Registration
from center.incubator.registration.rules import Quarter, Validity, validity_of
from center.kernel.db import db, must_find
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import LegalForm, Membership, Organisation, Stage

GONE = (Stage.APPLIED, Stage.WITHDRAWN)
MINUTE = 60


@dataclass(frozen=True, kw_only=True)
class Entry:
    """The latest entry of an organisation, and how it stands."""

    registration: Registration
    validity: Validity


@dataclass(frozen=True, kw_only=True)
class QuarterCounts:
    """What the records of an organisation say of a quarter."""

    members: int
    activities: int
    sessions: int
    visits: int
    people: int
    minutes: int


def register(today: date) -> list[Entry]:
    """The latest entry of every organisation, what is to be renewed first."""
    query = select(Registration).options(joinedload(Registration.organisation))
    latest: dict[int, Registration] = {}
    for each in db.session.scalars(query.order_by(Registration.starts_on, Registration.id)):
        latest[each.organisation_id] = each
    found = [
        Entry(registration=each, validity=validity_of(each.valid_until, each.ended_on, today))
        for each in latest.values()
    ]
    return sorted(found, key=lambda each: (each.registration.valid_until, each.registration.id))


def entries_of(organisation_id: int) -> Sequence[Registration]:
    """Every entry of an organisation, the latest first."""
    query = select(Registration).where(Registration.organisation_id == organisation_id)
    query = query.options(joinedload(Registration.entered_by))
    return db.session.scalars(query.order_by(Registration.starts_on.desc(), Registration.id.desc())).all()


def get_registration(registration_id: int) -> Registration:
    """An entry; raises NotFound."""
    found = db.session.get(Registration, registration_id)
    return must_find(found, _l("There is no such entry in the register."))


def organisations_to_enter() -> Sequence[Organisation]:
    """The organisations that are filed with the subdistrict, by name."""
    query = select(Organisation).where(Organisation.legal_form == LegalForm.FILED, _is_here())
    return db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id)).all()


def who_reports() -> Sequence[Organisation]:
    """The organisations that report every quarter: all that are in the incubator or came out of it, by name."""
    query = select(Organisation).where(reports_quarters())
    return db.session.scalars(query.order_by(Organisation.sort_key, Organisation.id)).all()


def reports_quarters() -> ColumnElement[bool]:
    """Of an organisation in a query: whether it reports every quarter."""
    return Organisation.stage.not_in(GONE)


def reports_of(quarter: Quarter, *, organisation_ids: Collection[int]) -> dict[int, QuarterReport]:
    """What was reported of a quarter, by organisation."""
    query = select(QuarterReport).where(
        QuarterReport.year == quarter.year,
        QuarterReport.quarter == quarter.number,
        QuarterReport.organisation_id.in_(sorted(organisation_ids)),
    )
    query = query.options(joinedload(QuarterReport.sent_by))
    return {each.organisation_id: each for each in db.session.scalars(query.order_by(QuarterReport.id))}


def find_report(organisation_id: int, quarter: Quarter) -> QuarterReport | None:
    """What an organisation reported of a quarter."""
    return reports_of(quarter, organisation_ids=[organisation_id]).get(organisation_id)


def count_quarter(organisation_id: int, quarter: Quarter, *, now: datetime) -> QuarterCounts:
    """What the records of an organisation say of a quarter until now."""
    zone = centre_zone()
    since = datetime.combine(quarter.first_on, time(), zone)
    until = min(datetime.combine(quarter.last_on + timedelta(days=1), time(), zone), now)
    in_quarter = (Activity.organisation_id == organisation_id, Session.starts_at >= since, Session.starts_at < until)
    counted = count_where(*in_quarter)
    activities = select(func.count(Session.activity_id.distinct())).join(Session.activity)
    return QuarterCounts(
        members=_members(organisation_id, quarter),
        activities=db.session.scalar(activities.where(*takes_place(), *in_quarter)) or 0,
        sessions=counted.sessions,
        visits=counted.visits,
        people=counted.people,
        minutes=_certified_minutes(organisation_id, quarter),
    )


def _members(organisation_id: int, quarter: Quarter) -> int:
    query = select(func.count(Membership.person_id.distinct())).where(
        Membership.organisation_id == organisation_id,
        Membership.starts_on <= quarter.last_on,
        or_(Membership.ends_on.is_(None), Membership.ends_on >= quarter.last_on),
    )
    return db.session.scalar(query) or 0


def _certified_minutes(organisation_id: int, quarter: Quarter) -> int:
    query = (
        select(Shift.in_at, Shift.out_at)
        .join(Session, Session.id == Shift.session_id)
        .join(Activity, Activity.id == Session.activity_id)
        .where(
            Activity.organisation_id == organisation_id,
            Shift.state == ShiftState.CERTIFIED,
            Shift.day.between(quarter.first_on, quarter.last_on),
        )
    )
    spans = [(in_at, out_at) for in_at, out_at in db.session.execute(query) if out_at is not None]
    seconds = [(out_at - in_at).total_seconds() for in_at, out_at in spans]
    return sum(int(each // MINUTE) for each in seconds)


def _is_here() -> ColumnElement[bool]:
    return or_(Organisation.stage.is_(None), Organisation.stage.not_in(GONE))
