"""Where every child of a day is, by the ledger, and what whoever looks after them has to know.

A constant number of queries, however many children there are.
"""

import enum
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import contains_eager

from center.afterschool.custody.two_terms import is_elsewhere, is_of_other, went_before
from center.afterschool.day_list.halves import HalfNow, halves_of
from center.afterschool.models.care import DayNote, DayNoteKind
from center.afterschool.models.consents import AlertLevel, HealthNote
from center.afterschool.models.custody import GONE, WITH_US, Custody, CustodyEvent, Holder, Holding
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import Term, TermDay, TermMode, TermState
from center.afterschool.plans import day_plans
from center.afterschool.plans.day_plans import Expected
from center.afterschool.plans.rules import WhyNot
from center.afterschool.staff import queries
from center.afterschool.stays import WITH_LUNCH
from center.kernel import undoing
from center.kernel.db import db
from center.people.models import Person

A_WEEK = timedelta(days=7)
_LEVELS = [each.value for each in AlertLevel]


class Where(enum.StrEnum):
    """Where a child stands on the list."""

    WAITING = "waiting"  # expected, and nobody has seen them yet
    ON_THE_WAY = "on_the_way"
    HERE = "here"
    GONE = "gone"
    LEAVE = "leave"
    ELSEWHERE = "elsewhere"  # with another term of that date
    OTHER = "other"  # not expected: not their day, paused, no place any more


@dataclass(frozen=True, kw_only=True)
class Line:
    """One child of a day."""

    child: Person
    enrolment: Enrolment | None
    plan: Expected | None
    held: Custody | None  # by what was said that day; from an earlier day where they were never handed over
    health: Sequence[HealthNote]
    notes: dict[DayNoteKind, DayNote]
    alarm_minutes: int
    on: date
    day_id: int | None  # of the term's day whose list it is
    at: datetime
    is_named_alike: bool = False

    @cached_property
    def where(self) -> Where:
        """Where they stand: what a person said of them comes before every plan.

        Of a child in two terms of a date the ledger has one holder: who is with the other term, or went home from it
        before they are due here, is not here and has not gone from here.
        """
        if self.elsewhere is not None:
            return Where.ELSEWHERE
        holder = self.held.holder if self.held and not self._went_before else None
        if holder is Holder.ROOM:
            return Where.HERE
        if holder is Holder.ON_THE_WAY:
            return Where.ON_THE_WAY
        if holder in GONE:
            return Where.GONE
        if self.plan is not None and self.plan.why_not is WhyNot.LEAVE:
            return Where.LEAVE
        at_school = holder is Holder.SCHOOL and not self._is_of_other_day
        comes = at_school or (self.plan is not None and self.plan.comes)
        return Where.WAITING if comes else Where.OTHER

    @property
    def elsewhere(self) -> TermDay | None:
        """The day of the other term whose staff have them now."""
        held, event = self.held, self._said_today
        return event.day if held and event and is_elsewhere(held.holder, event.day_id, self.day_id) else None

    @property
    def _is_of_other_day(self) -> bool:
        """Whether the last word of that date was said for another term."""
        event = self._said_today
        return event is not None and is_of_other(event.day_id, self.day_id)

    @property
    def _went_before(self) -> bool:
        """Whether they went home from another term before they are due here."""
        event, due_at = self._said_today, self.plan.due_at if self.plan else None
        if self.held is None or event is None:
            return False
        return went_before(self.held.holder, self.held.since_at, event.day_id, self.day_id, due_at=due_at)

    @property
    def _said_today(self) -> CustodyEvent | None:
        """The last word of that date."""
        return self.held.event if self.held and self.held.event.on_date == self.on else None

    @property
    def is_missing(self) -> bool:
        """Whether they should have been here for so long that somebody has to ask."""
        due = self.plan.due_at if self.plan else None
        if self.where is not Where.WAITING or due is None:
            return False
        return self.at >= due + timedelta(minutes=self.alarm_minutes)

    @property
    def is_from_before(self) -> bool:
        """Whether nobody has handed them over since an earlier day."""
        return self.held is not None and self.held.event.on_date < self.on

    @property
    def undoable(self) -> CustodyEvent | None:
        """What was said last, as long as it can be taken back as a slip."""
        if self.held is None or self.is_from_before or self._is_of_other_day or self.held.holder is Holder.SCHOOL:
            return None
        event = self.held.event
        return event if undoing.may_undo(event.recorded_at, now=self.at) else None


@dataclass(frozen=True, kw_only=True)
class DayList:
    """Everybody of a day."""

    on: date
    day: TermDay | None
    lines: Sequence[Line]
    duties: Sequence[CareDuty] = ()  # of a whole day in the holidays

    @cached_property
    def counts(self) -> Counter[Where]:
        """How many children stand where."""
        return Counter(each.where for each in self.lines)

    @property
    def here(self) -> int:
        """How many heads there are to count: whoever came and has not gone, by the ledger."""
        return self.counts[Where.HERE]

    @cached_property
    def halves(self) -> list[HalfNow]:
        """How many are to come for each half of a whole day in the holidays, and who is on duty; nothing after
        school."""
        if self.day is None:
            return []
        return halves_of(self.day, [each.plan.stay for each in self.lines if each.plan and each.plan.stay], self.duties)

    @property
    def eating(self) -> list[Line]:
        """Who eats lunch here, as planned."""
        return [each for each in self.lines if each.plan and each.plan.stay in WITH_LUNCH]

    def at(self, where: Where) -> list[Line]:
        """Those who stand there; whoever waits by the time at which they are due, all others by name."""
        found = [each for each in self.lines if each.where is where]
        if where is not Where.WAITING:
            return found
        return sorted(found, key=lambda each: _due_of(each) or datetime.max.replace(tzinfo=each.at.tzinfo))


def list_of(on: date, day: TermDay | None, *, now: datetime, today: date) -> DayList:
    """Everybody of a day; on a date without a programme whoever is enrolled in a term of that time."""
    enrolments = _enrolments(on, day)
    planned = {each.child.id: each for each in day_plans.listed_on(day)} if day is not None else {}
    held = _held(on, day, [each.child_id for each in enrolments], is_today=on == today)
    children = {each.child_id: each.child for each in enrolments}
    children |= _people(held.keys() - children.keys())
    health, notes = _health(children), _notes(on, enrolments)
    names = Counter(each.name for each in children.values())
    of_child = {each.child_id: each for each in enrolments}
    lines = [
        Line(
            child=child,
            enrolment=of_child.get(child.id),
            plan=planned.get(child.id),
            held=held.get(child.id),
            health=health.get(child.id, ()),
            notes=notes.get(of_child[child.id].id, {}) if child.id in of_child else {},
            alarm_minutes=day.term.alarm_minutes if day else 15,
            on=on,
            day_id=day.id if day else None,
            at=now,
            is_named_alike=names[child.name] > 1,
        )
        for child in sorted(children.values(), key=lambda each: (each.sort_key, each.id))
    ]
    has_halves = day is not None and day.term.mode is TermMode.FULL_DAY
    duties = queries.duties_on([day.id]) if day is not None and has_halves else ()
    return DayList(on=on, day=day, lines=lines, duties=duties)


def _due_of(line: Line) -> datetime | None:
    return line.plan.due_at if line.plan else None


def _enrolments(on: date, day: TermDay | None) -> list[Enrolment]:
    """Whoever has or had a place in the day's term; where there is none, in a term of that time."""
    of_time = Enrolment.term_id.in_(select(Term.id).where(is_of_time(on)))
    found = [each.enrolment for each in day_plans.listed_on(day)] if day is not None else day_plans.listed(of_time)
    return [each for each in found if each.child.erased_at is None]


def is_of_time(on: date) -> ColumnElement[bool]:
    """Of terms in a query: whether their children may stand at the door on a date without a programme."""
    return and_(Term.first_on <= on + A_WEEK, Term.last_on >= on - A_WEEK, Term.state != TermState.DRAFT)


def _held(on: date, day: TermDay | None, child_ids: Sequence[int], *, is_today: bool) -> dict[int, Custody]:
    """The last row of each child's chain of that day; today also of whoever was never handed over before."""
    last = select(Holding.custody_id)
    of_day = Custody.child_id.in_(
        select(CustodyEvent.child_id).where(
            CustodyEvent.day_id == (day.id if day else None), CustodyEvent.on_date == on
        )
    )
    query = (
        select(Custody)
        .join(Custody.event)
        .where(or_(Custody.child_id.in_(child_ids), of_day), CustodyEvent.on_date <= on)
        .where(or_(CustodyEvent.on_date == on, Custody.id.in_(last) & Custody.holder.in_(WITH_US)))
        .options(
            contains_eager(Custody.event).joinedload(CustodyEvent.collector),
            contains_eager(Custody.event).joinedload(CustodyEvent.with_person),
        )
        .order_by(Custody.id)
    )
    rows = db.session.scalars(query).all()
    return {each.child_id: each for each in rows if is_today or each.event.on_date == on}


def _people(ids: Collection[int]) -> dict[int, Person]:
    """Whoever was taken in without a place."""
    query = select(Person).where(Person.id.in_(ids))
    return {each.id: each for each in db.session.scalars(query)} if ids else {}


def _health(children: dict[int, Person]) -> dict[int, list[HealthNote]]:
    query = select(HealthNote).where(HealthNote.child_id.in_(children)).order_by(HealthNote.id)
    found: dict[int, list[HealthNote]] = {}
    for each in db.session.scalars(query):
        found.setdefault(each.child_id, []).append(each)
    return {child_id: sorted(rows, key=_urgency) for child_id, rows in found.items()}


def _urgency(note: HealthNote) -> int:
    """The worst first; what cannot be read may be the worst."""
    return _LEVELS.index(note.level) if isinstance(note.level, str) and note.level in _LEVELS else -1


def _notes(on: date, enrolments: Sequence[Enrolment]) -> dict[int, dict[DayNoteKind, DayNote]]:
    ids = [each.id for each in enrolments]
    found: dict[int, dict[DayNoteKind, DayNote]] = {}
    for each in db.session.scalars(select(DayNote).where(DayNote.enrolment_id.in_(ids), DayNote.on_date == on)):
        found.setdefault(each.enrolment_id, {})[each.kind] = each
    return found
