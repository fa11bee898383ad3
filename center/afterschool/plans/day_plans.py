"""Who is expected on a day, from when, and how each child goes home: the rules of `plan_rules` asked of what is kept.

A constant number of queries, however many children and days.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from center.activities.models import Session, SessionState
from center.afterschool.asked_once import asked_once
from center.afterschool.collectors.listing import counts_on
from center.afterschool.models.consents import ChildConsent, Purpose
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import Collector, Different, PlanChange, Stay, Way, WayHome
from center.afterschool.models.terms import SchoolException, SchoolHours, Term, TermDay
from center.afterschool.plans import rules
from center.afterschool.plans.rules import Changed, ChildFacts, DayFacts, Doubt, Fixed, WhyNot
from center.afterschool.plans.ways import day_hours
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.people.models import Person
from center.signups.models import SignUp, SignUpState

WAY_MINUTES = 15  # from a school whose hours of the term do not say


@dataclass(frozen=True, kw_only=True)
class Expected:
    """What is expected of one child on one day."""

    enrolment: Enrolment
    day: TermDay
    comes: bool
    why_not: WhyNot | None
    from_school_at: datetime | None  # when their school ends; None: no school that day, or a full day
    due_at: datetime | None  # by when they are here; None: not expected
    until_at: datetime | None  # by when they go home; None: when the programme closes, or not expected
    stay: Stay | None  # for which part of a whole day in the holidays; None after school, or not expected
    way: Way | None
    leaves_at: datetime | None  # when they go alone, or usually
    collector: Collector | None  # who was named for this day; None: anybody on the list
    sibling: Person | None
    bus: str
    consent_id: int | None  # to walking alone
    doubt: Doubt | None  # why it is not the way that was planned
    change: PlanChange | None  # the latest of the day
    fixed: WayHome | None
    is_unacknowledged: bool

    @property
    def child(self) -> Person:
        """Whom it is about."""
        return self.enrolment.child


@dataclass(frozen=True)
class _Known:
    """What was read of some children and days."""

    hours: dict[tuple[int, int, int], SchoolHours]  # by term, school and weekday
    exceptions: dict[tuple[int, date], SchoolException]
    weeks: dict[tuple[int, int], WayHome]  # by enrolment and weekday
    changes: dict[tuple[int, date], list[PlanChange]]
    consents: dict[int, int]  # to walking alone, by child


def expected_on(day: TermDay) -> list[Expected]:
    """Every child with a place in the day's term, by name: whether they come, from when and how they go home."""
    return [each for each in listed_on(day) if _has_place(each.enrolment)]


def listed_on(day: TermDay) -> list[Expected]:
    """The same of everybody who has or had a place in the day's term; read once for a page."""
    return asked_once(("listed", day.id), lambda: expected_in([day], _listed(day.term_id))[day.id])


def expected_of(enrolment: Enrolment, day: TermDay) -> Expected:
    """The same of one child, whether or not they have a place."""
    return expected_in([day], [enrolment])[day.id][0]


def expected_in(days: Sequence[TermDay], enrolments: Sequence[Enrolment]) -> dict[int, list[Expected]]:
    """What is expected of these children on these days of their term, by the day's id."""
    known = _read(days, enrolments)
    return {day.id: [_expected(each, day, known) for each in enrolments if each.term_id == day.term_id] for day in days}


def day_facts(day: TermDay) -> DayFacts:
    """What is so for everybody on a day."""
    term = day.term
    return DayFacts(
        on=day.on_date,
        weekday=day.counts_as,
        mode=term.mode,
        opens=term.opens,
        closes=term.closes,
        alone_age=term.alone_age,
        sibling_age=term.sibling_age,
        halves=day_hours(term),
    )


def days_from(term: Term, first: date, *, most: int = 10) -> Sequence[TermDay]:
    """The next days of a term from a date on, but for those that were called off."""
    query = select(TermDay).where(TermDay.term_id == term.id, TermDay.on_date >= first, _takes_place())
    return db.session.scalars(query.order_by(TermDay.on_date).limit(most)).all()


def find_day(term_id: int, on: date) -> TermDay | None:
    """The day of a term on a date, unless it was called off."""
    return db.session.scalar(select(TermDay).where(TermDay.term_id == term_id, TermDay.on_date == on, _takes_place()))


def _takes_place() -> ColumnElement[bool]:
    return TermDay.session.has(Session.state != SessionState.CANCELLED)


def days_of(child_id: int, on: date) -> Sequence[TermDay]:
    """The days on a date of all terms in which a child is enrolled."""
    terms = select(Enrolment.term_id).where(Enrolment.child_id == child_id, Enrolment.ended_at.is_(None))
    return db.session.scalars(select(TermDay).where(TermDay.on_date == on, TermDay.term_id.in_(terms))).all()


def listed(*where: ColumnElement[bool]) -> Sequence[Enrolment]:
    """Whoever has or had a place, by name; of whoever only asked for one nothing is shown."""
    query = (
        select(Enrolment)
        .join(Enrolment.child)
        .join(Enrolment.sign_up)
        .where(or_(SignUp.state == SignUpState.CONFIRMED, Enrolment.ended_at.is_not(None)), *where)
        .options(
            contains_eager(Enrolment.child),
            contains_eager(Enrolment.sign_up),
            joinedload(Enrolment.school),
            joinedload(Enrolment.care_class),
        )
    )
    return db.session.scalars(query.order_by(Person.sort_key, Person.id, Enrolment.id)).all()


def _listed(term_id: int) -> Sequence[Enrolment]:
    return asked_once(("enrolments", term_id), lambda: listed(Enrolment.term_id == term_id))


def _has_place(enrolment: Enrolment) -> bool:
    return enrolment.ended_at is None and enrolment.sign_up.state is SignUpState.CONFIRMED


def _read(days: Sequence[TermDay], enrolments: Sequence[Enrolment]) -> _Known:
    """What is known of the children is read once for all days that a page asks for; what is of a day, day by day."""
    terms, schools = (
        tuple(sorted({each.term_id for each in days})),
        tuple(sorted({each.school_id for each in enrolments})),
    )
    dates, weekdays = {each.on_date for each in days}, tuple(sorted({each.counts_as for each in days}))
    ids, children = tuple(each.id for each in enrolments), tuple(each.child_id for each in enrolments)
    return _Known(
        hours=asked_once(("hours", terms, schools), lambda: _hours(terms, schools)),
        exceptions=_exceptions(schools, dates),
        weeks=asked_once(("weeks", ids, weekdays), lambda: _weeks(ids, weekdays)),
        changes=_changes(ids, dates),
        consents=asked_once(("walking", children), lambda: _may_walk(children)),
    )


def _hours(terms: Sequence[int], schools: Sequence[int]) -> dict[tuple[int, int, int], SchoolHours]:
    query = select(SchoolHours).where(SchoolHours.term_id.in_(terms), SchoolHours.school_id.in_(schools))
    return {(each.term_id, each.school_id, each.weekday): each for each in db.session.scalars(query)}


def _exceptions(schools: Collection[int], dates: Collection[date]) -> dict[tuple[int, date], SchoolException]:
    of_dates = SchoolException.on_date.in_(dates)
    query = select(SchoolException).where(SchoolException.school_id.in_(schools), of_dates)
    return {(each.school_id, each.on_date): each for each in db.session.scalars(query)}


def _weeks(ids: Sequence[int], weekdays: Sequence[int]) -> dict[tuple[int, int], WayHome]:
    query = select(WayHome).where(WayHome.enrolment_id.in_(ids), WayHome.weekday.in_(weekdays))
    found = db.session.scalars(query.options(joinedload(WayHome.sibling)))
    return {(each.enrolment_id, each.weekday): each for each in found}


def _changes(ids: Collection[int], dates: Collection[date]) -> dict[tuple[int, date], list[PlanChange]]:
    query = (
        select(PlanChange)
        .where(PlanChange.enrolment_id.in_(ids), PlanChange.on_date.in_(dates))
        .options(
            joinedload(PlanChange.collector),
            joinedload(PlanChange.sibling),
            joinedload(PlanChange.by),
            joinedload(PlanChange.recorded_by),
            joinedload(PlanChange.acknowledged_by),
        )
        .order_by(PlanChange.id)
    )
    found: dict[tuple[int, date], list[PlanChange]] = defaultdict(list)
    for each in db.session.scalars(query):
        found[each.enrolment_id, each.on_date].append(each)
    return dict(found)


def _may_walk(children: Sequence[int]) -> dict[int, int]:
    query = select(ChildConsent.child_id, ChildConsent.id).where(
        ChildConsent.child_id.in_(children),
        ChildConsent.purpose == Purpose.WALKING_ALONE,
        ChildConsent.is_given,
        ChildConsent.revoked_at.is_(None),
    )
    return {row.child_id: row.id for row in db.session.execute(query)}


def _expected(enrolment: Enrolment, day: TermDay, known: _Known) -> Expected:
    fixed = known.weeks.get((enrolment.id, day.counts_as))
    changes = known.changes.get((enrolment.id, day.on_date), [])
    plan = rules.plan_of(day_facts(day), _facts(enrolment, day, known, fixed, changes))
    change = next((each for each in changes if each.id == plan.change), None)
    of_way = next((each for each in changes if each.id == plan.way_change), None)
    said: PlanChange | WayHome | None = of_way if of_way and of_way.what in rules.WAYS else fixed
    return Expected(
        enrolment=enrolment,
        day=day,
        comes=plan.comes,
        why_not=plan.why_not,
        from_school_at=_at(day, plan.finishes),
        due_at=_at(day, plan.due),
        until_at=_at(day, plan.until),
        stay=plan.stay,
        way=plan.way,
        leaves_at=_at(day, plan.leaves),
        collector=of_way.collector if of_way and plan.way is Way.COLLECTED and plan.doubt is None else None,
        sibling=said.sibling if said and plan.way is Way.SIBLING else None,
        bus=said.bus if said and plan.way is Way.BUS else "",
        consent_id=known.consents.get(enrolment.child_id) if plan.way is Way.ALONE else None,
        doubt=plan.doubt,
        change=change,
        fixed=fixed,
        is_unacknowledged=plan.is_unacknowledged,
    )


def _facts(
    enrolment: Enrolment, day: TermDay, known: _Known, fixed: WayHome | None, changes: Iterable[PlanChange]
) -> ChildFacts:
    hours = known.hours.get((day.term_id, enrolment.school_id, day.counts_as))
    other = known.exceptions.get((enrolment.school_id, day.on_date))
    return ChildFacts(
        has_place=enrolment.sign_up.state is SignUpState.CONFIRMED,
        is_ended=enrolment.ended_at is not None,
        paused_from=enrolment.paused_from,
        paused_until=enrolment.paused_until,
        finishes=other.finishes if other else hours.finishes if hours else None,
        way_minutes=hours.way_minutes if hours else WAY_MINUTES,
        birth_year=enrolment.child.birth_year,
        may_walk=enrolment.child_id in known.consents,
        fixed=_fixed(fixed) if fixed else None,
        changes=[_changed(each) for each in changes],
    )


def _fixed(row: WayHome) -> Fixed:
    born = row.sibling.birth_year if row.sibling else None
    return Fixed(way=row.way, leaves=row.leaves, sibling_birth_year=born, stay=row.stay)


def _changed(row: PlanChange) -> Changed:
    return Changed(
        id=row.id,
        at=row.at,
        what=row.what,
        leaves=row.leaves,
        collector_counts=row.what is not Different.COLLECTOR or counts_on(row.collector, row.on_date),
        sibling_birth_year=row.sibling.birth_year if row.sibling else None,
        stay=row.stay,
        is_acknowledged=row.acknowledged_at is not None,
    )


def _at(day: TermDay, clock: time | None) -> datetime | None:
    return None if clock is None else datetime.combine(day.on_date, clock, centre_zone())
