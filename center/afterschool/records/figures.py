"""Figures of a term: every number is a count of rows that somebody wrote down."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from center.afterschool.alarms.times import day_now
from center.afterschool.models.care import Incident
from center.afterschool.models.custody import GONE, Custody, CustodyEvent
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import Staffing
from center.afterschool.models.terms import Term, TermDay, TermMode
from center.afterschool.plans import half_days
from center.afterschool.plans.half_days import CAME, ChildFigures
from center.afterschool.plans.ways import day_hours
from center.afterschool.records import care_counts
from center.afterschool.records.care_counts import Counted
from center.attendance.models import Attendance, Status
from center.kernel.db import db, must_find
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

A_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class LateCollection:
    """That a child was collected after closing; who handed them over. There is no money in it."""

    child: Person
    on: date
    closes_at: datetime
    left_at: datetime
    minutes: int
    by: Person


@dataclass(frozen=True, kw_only=True)
class RatioDay:
    """How a day stood with its adults: how often somebody came or went, and for how many minutes too few were there."""

    on: date
    changes: int
    minutes_short: int
    minutes_short_afternoon: int = 0  # those of them after lunch, of a whole day in the holidays


@dataclass(frozen=True, kw_only=True)
class TermFigures:
    """All figures of a term."""

    term: Term
    days: int
    closed_days: int
    children: Sequence[ChildFigures]
    late: Sequence[LateCollection]
    ratio: Sequence[RatioDay]
    incidents: int
    late_in_all: int  # also those of which no name is kept any more


def of_term(term: Term) -> TermFigures:
    """The figures of a term as they are now."""
    days = db.session.scalars(select(TermDay).where(TermDay.term_id == term.id).order_by(TermDay.on_date)).all()
    enrolments, late = _enrolments(term), late_collections(days)
    dates = [each.on_date for each in days]
    happened = select(func.count()).select_from(Incident)
    happened = happened.where(
        Incident.child_id.in_([each.child_id for each in enrolments]), Incident.on_date.in_(dates)
    )
    return TermFigures(
        term=term,
        days=len(days),
        closed_days=sum(each.closed_at is not None for each in days),
        children=_children(enrolments, days),
        late=late,
        ratio=_ratio(days),
        incidents=(db.session.scalar(happened) or 0) + care_counts.of_term(Counted.INCIDENTS, term.id),
        late_in_all=len(late) + care_counts.of_term(Counted.LATE, term.id),
    )


def figures_of(enrolment: Enrolment) -> ChildFigures:
    """Those of one child."""
    days = db.session.scalars(select(TermDay).where(TermDay.term_id == enrolment.term_id)).all()
    return _children([enrolment], days)[0]


def late_collections(days: Sequence[TermDay]) -> list[LateCollection]:
    """Who was still here after closing, and until when, by the ledger of custody; the latest first."""
    by_id = {each.id: each for each in days}
    query = (
        select(Custody)
        .join(Custody.event)
        .where(CustodyEvent.day_id.in_(by_id), Custody.holder.in_(GONE))
        .options(joinedload(Custody.event).joinedload(CustodyEvent.by))
        .options(joinedload(Custody.event).joinedload(CustodyEvent.child))
        .order_by(Custody.id)
    )
    found: dict[tuple[int, int], LateCollection] = {}
    for row in db.session.scalars(query):
        day = by_id[row.event.day_id or 0]
        key, closes_at = (row.child_id, day.id), day_now(day).closes_at
        found.pop(key, None)  # what was put right since
        if row.since_at > closes_at:
            found[key] = LateCollection(
                child=row.event.child,
                on=day.on_date,
                closes_at=closes_at,
                left_at=row.since_at,
                minutes=-(-(row.since_at - closes_at) // A_MINUTE),
                by=row.event.by,
            )
    return sorted(found.values(), key=lambda each: each.left_at, reverse=True)


def get_enrolment(term: Term, enrolment_id: int) -> Enrolment:
    """An enrolment of a term; raises NotFound."""
    query = select(Enrolment).where(Enrolment.id == enrolment_id, Enrolment.term_id == term.id)
    found = db.session.scalar(query.options(joinedload(Enrolment.child), joinedload(Enrolment.school)))
    return must_find(found, _l("There is no such enrolment."))


def terms() -> Sequence[Term]:
    """All terms, the latest first."""
    return db.session.scalars(select(Term).order_by(Term.first_on.desc(), Term.id.desc())).all()


def _enrolments(term: Term) -> Sequence[Enrolment]:
    query = select(Enrolment).join(Enrolment.child).where(Enrolment.term_id == term.id)
    query = query.options(joinedload(Enrolment.child), joinedload(Enrolment.school), joinedload(Enrolment.care_class))
    return db.session.scalars(query.order_by(Person.sort_key, Person.id)).all()


def _children(enrolments: Sequence[Enrolment], days: Sequence[TermDay]) -> list[ChildFigures]:
    if days and days[0].term.mode is TermMode.FULL_DAY:
        return half_days.of_children(enrolments, days)
    query = (
        select(Attendance.person_id, Attendance.status, func.count())
        .where(Attendance.session_id.in_([each.session_id for each in days]))
        .where(Attendance.person_id.in_([each.child_id for each in enrolments]))
        .group_by(Attendance.person_id, Attendance.status)
    )
    counted: dict[int, Counter[Status]] = defaultdict(Counter)
    for person_id, status, number in db.session.execute(query):
        counted[person_id][status] = number
    return [
        ChildFigures(
            enrolment=each,
            came=sum(counted[each.child_id][status] for status in CAME),
            late=counted[each.child_id][Status.LATE],
            on_leave=counted[each.child_id][Status.ON_LEAVE],
            absent=counted[each.child_id][Status.ABSENT],
        )
        for each in enrolments
    ]


def _ratio(days: Sequence[TermDay]) -> list[RatioDay]:
    """Of the days on which anybody came or went: until closing, or until the last who went."""
    query = select(Staffing).where(Staffing.day_id.in_([each.id for each in days]))
    rows: dict[int, list[Staffing]] = defaultdict(list)
    for row in db.session.scalars(query.order_by(Staffing.at, Staffing.id)):
        rows[row.day_id].append(row)
    return [_ratio_of(day, rows[day.id]) for day in days if rows[day.id]]


def _ratio_of(day: TermDay, rows: Sequence[Staffing]) -> RatioDay:
    short, after_lunch, whole = timedelta(), timedelta(), day_hours(day.term)
    lunch_ends = datetime.combine(day.on_date, whole.lunch_until, centre_zone()) if whole else None
    for class_id in {each.class_id for each in rows}:
        mine = [each for each in rows if each.class_id == class_id]
        ends = [*(each.at for each in mine[1:]), max(day_now(day).closes_at, mine[-1].at)]
        for each, end in zip(mine, ends, strict=True):
            if not each.is_enough and each.children:
                short += end - each.at
                after_lunch += max(end - max(each.at, lunch_ends), timedelta()) if lunch_ends else timedelta()
    return RatioDay(
        on=day.on_date,
        changes=len(rows),
        minutes_short=short // A_MINUTE,
        minutes_short_afternoon=after_lunch // A_MINUTE,
    )
