"""The defence file of an incident: who held the child from when, how many adults were there, and what was known then.

All of it is read from what was written down at the time; nothing is put together that nobody said.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from center.afterschool.alarms import current
from center.afterschool.models.care import Alarm, Incident, Ring
from center.afterschool.models.consents import ChildConsent, HealthNote
from center.afterschool.models.custody import Custody, CustodyEvent, Holder
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import PlanChange
from center.afterschool.models.staff import CareDuty, StaffCheck, Staffing
from center.afterschool.models.terms import CareClass, TermDay
from center.afterschool.rights import on_call
from center.kernel.access_log import SEEN, AccessEvent
from center.kernel.db import db
from center.people.models import Person

MINUTE = timedelta(minutes=1)
LONGEST = 24 * 60  # minutes of one day


@dataclass(frozen=True)
class Hold:
    """Who held the child from when until when, by which entry."""

    event: CustodyEvent
    holder: Holder
    since: datetime
    until: datetime | None
    is_correction: bool


@dataclass(frozen=True)
class Minute:
    """One minute: who held the child, how many adults and children were there, and whether that was enough."""

    at: datetime
    hold: Hold
    adults: int | None
    children: int | None
    is_enough: bool | None


@dataclass(frozen=True, kw_only=True)
class Duty:
    """Somebody on duty that day, and what they had shown that counted then."""

    duty: CareDuty
    checks: Sequence[StaffCheck]


@dataclass(frozen=True, kw_only=True)
class Defence:
    """All that is known of the day of an incident."""

    incident: Incident
    day: TermDay | None
    care_class: CareClass | None
    holds: Sequence[Hold]
    ratio: Sequence[Staffing]
    duties: Sequence[Duty]
    health: Sequence[HealthNote]
    consents: Sequence[ChildConsent]
    changes: Sequence[PlanChange]
    alarms: Sequence[tuple[Alarm, Sequence[Ring]]]
    looks: Sequence[AccessEvent]
    names: dict[int, str]


def of(incident: Incident) -> Defence:
    """The file of an incident."""
    enrolments = _enrolments(incident)
    day = on_call.day_of_child(incident.child_id, incident.on_date)
    enrolment = next((each for each in enrolments if day and each.term_id == day.term_id), None)
    looks = _looks(incident)
    return Defence(
        incident=incident,
        day=day,
        care_class=enrolment.care_class if enrolment else None,
        holds=_holds(incident),
        ratio=_ratio(day, enrolment.class_id if enrolment else None),
        duties=_duties(day),
        health=_health(incident),
        consents=_consents(incident),
        changes=_changes(incident, enrolments),
        alarms=[(each, current.rings_of(each)) for each in _alarms(incident)],
        looks=looks,
        names=_names(looks),
    )


def minutes(file: Defence) -> Iterator[Minute]:
    """The day minute by minute, from when the child was first held until they were gone or the file was made."""
    if not file.holds:
        return
    at, end = file.holds[0].since, file.holds[-1].since
    for _n in range(LONGEST):
        if at > end:
            return
        hold = [each for each in file.holds if each.since <= at] or [file.holds[0]]
        there = [each for each in file.ratio if each.at <= at]
        last = there[-1] if there else None
        yield Minute(
            at,
            hold[-1],
            last.adults if last else None,
            last.children if last else None,
            last.is_enough if last else None,
        )
        at += MINUTE


def _holds(incident: Incident) -> list[Hold]:
    """The chain of that day as it stands now; what a correction put right is left out, and said so."""
    query = (
        select(Custody)
        .join(Custody.event)
        .where(Custody.child_id == incident.child_id, CustodyEvent.on_date == incident.on_date)
        .options(
            joinedload(Custody.event).joinedload(CustodyEvent.by),
            joinedload(Custody.event).joinedload(CustodyEvent.collector),
            joinedload(Custody.event).joinedload(CustodyEvent.with_person),
        )
        .order_by(Custody.id)
    )
    rows: list[Custody] = []
    for row in db.session.scalars(query):
        while row.is_correction and rows and rows[-1].since_at >= row.since_at:
            rows.pop()
        rows.append(row)
    ends: list[datetime | None] = [*(row.since_at for row in rows[1:]), None][: len(rows)]
    return [
        Hold(row.event, row.holder, row.since_at, end, row.is_correction) for row, end in zip(rows, ends, strict=True)
    ]


def _enrolments(incident: Incident) -> Sequence[Enrolment]:
    query = select(Enrolment).where(Enrolment.child_id == incident.child_id)
    return db.session.scalars(query.options(joinedload(Enrolment.care_class))).all()


def _ratio(day: TermDay | None, class_id: int | None) -> Sequence[Staffing]:
    if day is None:
        return []
    query = select(Staffing).where(Staffing.day_id == day.id)
    if class_id is not None:
        query = query.where(or_(Staffing.class_id == class_id, Staffing.class_id.is_(None)))
    return db.session.scalars(query.order_by(Staffing.at, Staffing.id)).all()


def _duties(day: TermDay | None) -> list[Duty]:
    if day is None:
        return []
    query = select(CareDuty).where(CareDuty.day_id == day.id).options(joinedload(CareDuty.person))
    duties = db.session.scalars(query.order_by(CareDuty.is_owner.desc(), CareDuty.role, CareDuty.id)).all()
    counted = select(StaffCheck).where(
        StaffCheck.person_id.in_([each.person_id for each in duties]),
        StaffCheck.made_on <= day.on_date,
        StaffCheck.valid_until >= day.on_date,
    )
    checks = db.session.scalars(counted.order_by(StaffCheck.kind, StaffCheck.id)).all()
    return [Duty(duty=each, checks=[one for one in checks if one.person_id == each.person_id]) for each in duties]


def _health(incident: Incident) -> Sequence[HealthNote]:
    query = select(HealthNote).where(HealthNote.child_id == incident.child_id, HealthNote.at <= incident.at)
    return db.session.scalars(query.options(joinedload(HealthNote.by)).order_by(HealthNote.id)).all()


def _consents(incident: Incident) -> Sequence[ChildConsent]:
    query = select(ChildConsent).where(
        ChildConsent.child_id == incident.child_id,
        ChildConsent.at <= incident.at,
        or_(ChildConsent.revoked_at.is_(None), ChildConsent.revoked_at > incident.at),
    )
    options = joinedload(ChildConsent.by), joinedload(ChildConsent.text)
    return db.session.scalars(query.options(*options).order_by(ChildConsent.purpose, ChildConsent.id)).all()


def _changes(incident: Incident, enrolments: Sequence[Enrolment]) -> Sequence[PlanChange]:
    query = select(PlanChange).where(
        PlanChange.enrolment_id.in_([each.id for each in enrolments]), PlanChange.on_date == incident.on_date
    )
    options = joinedload(PlanChange.by), joinedload(PlanChange.recorded_by), joinedload(PlanChange.acknowledged_by)
    return db.session.scalars(query.options(*options).order_by(PlanChange.id)).all()


def _alarms(incident: Incident) -> Sequence[Alarm]:
    query = select(Alarm).where(Alarm.child_id == incident.child_id, Alarm.on_date == incident.on_date)
    return db.session.scalars(query.options(joinedload(Alarm.ended_by)).order_by(Alarm.id)).all()


def _looks(incident: Incident) -> Sequence[AccessEvent]:
    """Who looked at the child's record from the day of the incident on."""
    day_before = incident.at - timedelta(days=1)
    query = select(AccessEvent).where(
        AccessEvent.person_id == incident.child_id, AccessEvent.at >= day_before, AccessEvent.kind.in_(SEEN)
    )
    return db.session.scalars(query.order_by(AccessEvent.at, AccessEvent.id).limit(500)).all()


def _names(looks: Sequence[AccessEvent]) -> dict[int, str]:
    ids = {each.by_id for each in looks if each.by_id is not None}
    return {row.id: row.name for row in db.session.execute(select(Person.id, Person.name).where(Person.id.in_(ids)))}
