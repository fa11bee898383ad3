"""Deleting what is over, some of a kind at a time: first its proof, then its rows, both or neither."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from center.afterschool.models.care import Alarm, DayNote, Incident, IncidentStage, IncidentStep, Ring
from center.afterschool.models.collector_photos import CollectorAgreement, CollectorPhoto
from center.afterschool.models.consents import ChildConsent, ChildPhoto, HealthNote
from center.afterschool.models.custody import BarDecision, Custody, CustodyEvent, Holding
from center.afterschool.models.enrolments import CallOrder, Enrolment, EnrolmentEvent, PriorityClaim
from center.afterschool.models.plans import Bar, BarredRight, Collector, PickUpCode, PlanChange, WayHome
from center.afterschool.models.retention import DeletedWhy, DeletionAsk, Dispute, LegalHold
from center.afterschool.models.words_said import GuardianWord
from center.afterschool.retention import counts, deletions, periods
from center.afterschool.retention.due import before_day, ids_over
from center.afterschool.retention.periods import Period
from center.afterschool.retention_kinds import KINDS
from center.kernel.db import change_rows, db, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep

SOME = 200
SOME_CHILDREN = 20  # whose custody goes at once
EVERY = 3600.0  # seconds
Ids = Sequence[int]
Steps = Callable[[Ids], list[tuple[Any, Any]]]  # what is deleted in turn: a table, and which of its rows


def is_due(period: Period, now: datetime) -> bool:
    """Whether something of this kind is over."""
    return bool(_over(period, now, most=1))


def delete_some(period: Period, now: datetime) -> int:
    """Delete some of what is over of a kind, proved and counted; returns how many rows."""
    deletions.wait_in_line()
    code = period.kind.code
    ids = _over(period, now, most=SOME_CHILDREN if code == "custody" else SOME)
    if not ids:
        return 0
    steps = _STEPS[code](ids)
    number = sum(_count(model, which) for model, which in steps)
    if code in _COUNTED:
        _COUNTED[code](ids)
    deletions.prove(
        [(code, number)],
        why=DeletedWhy.TIME,
        now=now,
        older_than=before_day(period.days, local_date(now)),
        period_days=period.days,
    )
    for model, which in steps:
        if model is Enrolment:
            change_rows(update(Enrolment).where(which).values(school_class="", mark="", ended_reason=""))
        else:
            change_rows(delete(model).where(which))
    return number


def _over(period: Period, now: datetime, *, most: int) -> Ids:
    before = before_day(period.days, local_date(now))
    query = ids_over(period.kind, before)
    [column] = query.selected_columns
    return db.session.scalars(query.order_by(column).limit(most)).all()


def _count(model: Any, which: Any) -> int:
    return db.session.scalar(select(func.count()).select_from(model).where(which)) or 0


def _rows(model: Any) -> Steps:
    return lambda ids: [(model, model.id.in_(ids))]


def _of_custody(child_ids: Ids) -> list[tuple[Any, Any]]:
    events = select(CustodyEvent.id).where(CustodyEvent.child_id.in_(child_ids))
    return [
        (Holding, Holding.child_id.in_(child_ids)),
        (Custody, Custody.child_id.in_(child_ids)),
        (BarDecision, BarDecision.event_id.in_(events)),
        (CustodyEvent, CustodyEvent.child_id.in_(child_ids)),
    ]


def _of_incidents(ids: Ids) -> list[tuple[Any, Any]]:
    """The step that closed it goes last but one: by it the database knows that the others are over."""
    of, closed = IncidentStep.incident_id.in_(ids), IncidentStep.stage == IncidentStage.CLOSED
    return [(IncidentStep, of & ~closed), (IncidentStep, of & closed), (Incident, Incident.id.in_(ids))]


def _of_collectors(ids: Ids) -> list[tuple[Any, Any]]:
    return [
        (CollectorPhoto, CollectorPhoto.collector_id.in_(ids)),
        (CollectorAgreement, CollectorAgreement.collector_id.in_(ids)),
        (Collector, Collector.id.in_(ids)),
    ]


_STEPS: Mapping[str, Steps] = {
    "health_notes": _rows(HealthNote),
    "child_photos": _rows(ChildPhoto),
    "collector_photos": _rows(CollectorPhoto),
    "photos_off_list": _rows(CollectorPhoto),
    "pick_up_codes": _rows(PickUpCode),
    "day_notes": _rows(DayNote),
    "priority_claims": _rows(PriorityClaim),
    "ways_home": _rows(WayHome),
    "call_orders": _rows(CallOrder),
    "collection_bars": lambda ids: [(BarredRight, BarredRight.bar_id.in_(ids)), (Bar, Bar.id.in_(ids))],
    "plan_changes": _rows(PlanChange),
    "care_alarms": lambda ids: [(Ring, Ring.alarm_id.in_(ids)), (Alarm, Alarm.id.in_(ids))],
    "incidents": _of_incidents,
    "custody": _of_custody,
    "guardian_words": _rows(GuardianWord),
    "child_consents": _rows(ChildConsent),
    "collectors": _of_collectors,
    "enrolment_events": _rows(EnrolmentEvent),
    "enrolments": _rows(Enrolment),
    "guardian_disputes": _rows(Dispute),
    "deletion_asks": _rows(DeletionAsk),
    "legal_holds": _rows(LegalHold),
}
_COUNTED: Mapping[str, Callable[[Ids], None]] = {
    "care_alarms": counts.keep_alarms,
    "child_consents": counts.keep_consents,
    "collectors": counts.keep_agreements,
    "custody": counts.keep_late_collections,
    "incidents": counts.keep_incidents,
}


def _due(now: datetime) -> list[int]:
    return [n for n, period in enumerate(periods.all_now()) if is_due(period, now)]


def _settle(number: int, now: datetime) -> None:
    with transaction():
        delete_some(periods.get(KINDS[number].code), now)


SWEEPS = (Sweep("what is kept of children long enough", _due, _settle, every=EVERY),)
