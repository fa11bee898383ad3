"""Which rows of a kind are over on a day: a query of ids for each kind, and what keeps a row all the same."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import aliased

from center.afterschool.models.care import Alarm, DayNote, Incident, IncidentStage, IncidentStep
from center.afterschool.models.collector_photos import CollectorAgreement, CollectorPhoto
from center.afterschool.models.consents import ChildConsent, ChildPhoto, HealthNote
from center.afterschool.models.custody import WITH_US, Custody, CustodyEvent, Holding
from center.afterschool.models.enrolments import CallOrder, Enrolment, EnrolmentEvent, PriorityClaim
from center.afterschool.models.plans import Bar, Collector, PickUpCode, PlanChange, WayHome
from center.afterschool.models.retention import DeletionAsk, Dispute, LegalHold
from center.afterschool.models.terms import Term
from center.afterschool.models.words_said import GuardianWord
from center.afterschool.retention_kinds import Kind
from center.kernel.i18n import centre_zone
from center.people.models import Guardianship
from center.signups.models import LIVE, SignUp

Query = Callable[[date], Select[Any]]


def ids_over(kind: Kind, before: date) -> Select[Any]:
    """The ids of what is over: what it is counted from was before this day, and nothing keeps it. Of custody: the
    children whose whole chain goes at once."""
    return QUERIES[kind.code](before)


def needed(child_id: Any) -> ColumnElement[bool]:
    """Of a child: somebody holds what is kept, or the guardians disagree."""
    held = exists().where(LegalHold.child_id == child_id, LegalHold.lifted_at.is_(None))
    disputed = exists().where(Dispute.child_id == child_id, Dispute.settled_at.is_(None))
    return or_(held, disputed)


def _needed_or_incident(child_id: Any) -> ColumnElement[bool]:
    """The same, or an incident of the child is still kept: its file is made of the rest."""
    return or_(needed(child_id), exists().where(Incident.child_id == child_id))


def _midnight(before: date) -> datetime:
    return datetime.combine(before, time(), centre_zone())


def _places_over(before: date, *, with_sign_up: bool) -> Select[Any]:
    """Enrolments that were over before this day: with their term, by their end, or since they never had a place."""
    cut = _midnight(before)
    over = [Term.last_on < before, and_(Enrolment.ended_at.is_not(None), Enrolment.ended_at < cut)]
    if with_sign_up:
        over.append(and_(SignUp.state.not_in(LIVE), SignUp.changed_at < cut))
    return select(Enrolment.id).join(Enrolment.term).join(Enrolment.sign_up).where(or_(*over))


def _has_left(child_id: Any, before: date, *, with_sign_up: bool = False) -> ColumnElement[bool]:
    """Of a child: all that was asked for them was over before this day. What a ledger keeps is counted by the end of
    the place or term alone, as the database does."""
    over = _places_over(before, with_sign_up=with_sign_up)
    theirs, others = aliased(Enrolment), aliased(Enrolment)
    return and_(
        exists().where(theirs.child_id == child_id),
        ~exists().where(others.child_id == child_id, others.id.not_in(over)),
    )


def _of_child(model: Any, *, with_sign_up: bool = False) -> Query:
    """Rows of children who have left."""
    return lambda before: select(model.id).where(_has_left(model.child_id, before, with_sign_up=with_sign_up))


def _of_place(model: Any) -> Query:
    """Rows of places that are over."""

    def query(before: date) -> Select[Any]:
        over = _places_over(before, with_sign_up=True)
        return select(model.id).where(model.enrolment_id.in_(over), ~needed(_child_of_place(model)))

    return query


def _settled(model: Any, moment: Any) -> Query:
    """Rows about a child that were decided before this day."""
    return lambda before: select(model.id).where(moment < _midnight(before), ~needed(model.child_id))


def _child_of_place(model: Any) -> Any:
    place = aliased(Enrolment)
    return select(place.child_id).where(place.id == model.enrolment_id).correlate(model).scalar_subquery()


def _bars(before: date) -> Select[Any]:
    return _of_child(Bar)(before).where(~_needed_or_incident(Bar.child_id))


def _photos_of_collectors(before: date) -> Select[Any]:
    of_child = select(Collector.id).where(_has_left(Collector.child_id, before, with_sign_up=True))
    return select(CollectorPhoto.id).where(CollectorPhoto.collector_id.in_(of_child))


def _photos_off_list(before: date) -> Select[Any]:
    """Of whose time on the list is over: also of a guardian who is none any more."""
    guards = exists().where(
        Guardianship.child_id == Collector.child_id,
        Guardianship.guardian_id == Collector.person_id,
        or_(Guardianship.ends_on.is_(None), Guardianship.ends_on >= before),
    )
    is_over = or_(Collector.ends_on < before, and_(Collector.person_id == Collector.named_by_id, ~guards))
    over = select(Collector.id).where(Collector.id == CollectorPhoto.collector_id, is_over)
    return select(CollectorPhoto.id).where(over.correlate(CollectorPhoto).exists())


def _plan_changes(before: date) -> Select[Any]:
    kept = or_(_needed_or_incident(_child_of_place(PlanChange)), exists().where(Alarm.change_id == PlanChange.id))
    return select(PlanChange.id).where(PlanChange.on_date < before, ~kept)


def _alarms(before: date) -> Select[Any]:
    is_over = and_(Alarm.on_date < before, Alarm.ended_at.is_not(None))
    return select(Alarm.id).where(is_over, or_(Alarm.child_id.is_(None), ~_needed_or_incident(Alarm.child_id)))


def _incidents(before: date) -> Select[Any]:
    closed = exists().where(
        IncidentStep.incident_id == Incident.id,
        IncidentStep.stage == IncidentStage.CLOSED,
        IncidentStep.at < _midnight(before),
    )
    later = exists().where(IncidentStep.incident_id == Incident.id, IncidentStep.at >= _midnight(before))
    return select(Incident.id).where(Incident.on_date < before, closed, ~later, ~needed(Incident.child_id))


def _custody(before: date) -> Select[Any]:
    """The children: a chain is never cut, so it goes whole, once nobody has held the child for as long."""
    of = Holding.child_id
    with_us = exists().where(Custody.id == Holding.custody_id, Custody.holder.in_(WITH_US))
    said_later = exists().where(CustodyEvent.child_id == of, CustodyEvent.on_date >= before)
    rung = exists().where(Alarm.event_id == CustodyEvent.id, CustodyEvent.child_id == of)
    held_later = exists().where(Custody.child_id == of, Custody.since_at >= _midnight(before))
    kept = or_(with_us, said_later, held_later, rung, _needed_or_incident(of))
    return select(of).where(_has_left(of, before), ~kept)


def _consents(before: date) -> Select[Any]:
    of = ChildConsent
    used = or_(*(exists().where(each.consent_id == of.id) for each in _RESTING_ON_CONSENTS))
    kept = or_(used, _needed_or_incident(of.child_id))
    return select(of.id).where(_has_left(of.child_id, before), of.at < _midnight(before), ~kept)


def _guardian_words(before: date) -> Select[Any]:
    of = GuardianWord
    is_over = and_(_has_left(of.child_id, before), of.at < _midnight(before))
    return select(of.id).where(is_over, ~_needed_or_incident(of.child_id))


def _collectors(before: date) -> Select[Any]:
    used = or_(
        *(exists().where(each.collector_id == Collector.id) for each in (CustodyEvent, PlanChange, GuardianWord))
    )
    later = exists().where(CollectorAgreement.collector_id == Collector.id, CollectorAgreement.at >= _midnight(before))
    kept = or_(used, later, _needed_or_incident(Collector.child_id))
    return select(Collector.id).where(_has_left(Collector.child_id, before), ~kept)


def _enrolment_events(before: date) -> Select[Any]:
    child_id = _child_of_place(EnrolmentEvent)
    return select(EnrolmentEvent.id).where(_has_left(child_id, before), ~_needed_or_incident(child_id))


def _enrolments(before: date) -> Select[Any]:
    has_words = or_(*(column != "" for column in (Enrolment.school_class, Enrolment.mark, Enrolment.ended_reason)))
    kept = _needed_or_incident(Enrolment.child_id)
    return select(Enrolment.id).where(has_words, _has_left(Enrolment.child_id, before), ~kept)


_RESTING_ON_CONSENTS: tuple[Any, ...] = (CustodyEvent, PlanChange, WayHome, HealthNote, ChildPhoto, GuardianWord)
QUERIES: Mapping[str, Query] = {
    "health_notes": _of_child(HealthNote, with_sign_up=True),
    "child_photos": _of_child(ChildPhoto, with_sign_up=True),
    "collector_photos": _photos_of_collectors,
    "photos_off_list": _photos_off_list,
    "pick_up_codes": lambda before: select(PickUpCode.id).where(PickUpCode.on_date < before),
    "day_notes": _of_place(DayNote),
    "priority_claims": _of_place(PriorityClaim),
    "ways_home": _of_place(WayHome),
    "call_orders": _of_place(CallOrder),
    "collection_bars": _bars,
    "plan_changes": _plan_changes,
    "care_alarms": _alarms,
    "incidents": _incidents,
    "custody": _custody,
    "guardian_words": _guardian_words,
    "child_consents": _consents,
    "collectors": _collectors,
    "enrolment_events": _enrolment_events,
    "enrolments": _enrolments,
    "guardian_disputes": _settled(Dispute, Dispute.settled_at),
    "deletion_asks": _settled(DeletionAsk, DeletionAsk.decided_at),
    "legal_holds": _settled(LegalHold, LegalHold.lifted_at),
}


def before_day(days: int, today: date) -> date:
    """What was before this day is over, of what is kept for so many days: on the last of them it goes."""
    return today - timedelta(days=days - 1)
