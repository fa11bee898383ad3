"""The days of a term: planned by the centre's calendar, given the room's time all at once, changed one by one.

Whoever has a place is told of each change. Called inside one `transaction()`; never commits.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from center.activities import sessions
from center.activities.clashes import Clash, SessionPlan, clashes_of
from center.activities.models import SessionState
from center.afterschool.models.terms import (
    DayDecision,
    SchoolException,
    SchoolHours,
    Term,
    TermDay,
    TermMode,
    TermState,
)
from center.afterschool.terms import messages
from center.afterschool.terms.calendar_rules import DayDifference, PlannedDay, differences_of, planned_days
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.kernel.trail import note
from center.people.models import Person
from center.premises import queries as premises
from center.premises.models import DayKind
from center.rooms.models import Room

SCHOOL_DAYS = frozenset(range(5))


@dataclass(frozen=True, kw_only=True)
class ChosenDay:
    """A day on which a term is to take place, as which weekday it counts, and where if not in the term's room."""

    on: date
    counts_as: int
    room: Room | None = None


def plan_of(term: Term) -> list[PlannedDay]:
    """The days of a term by the calendar as it is now, and those left out of it."""
    first, last = term.first_on, term.last_on
    return planned_days(
        first,
        last,
        calendar=premises.calendar_days(first, last),
        weekdays=_weekdays(term),
        no_school=_without_school(term),
        unknown_years=unknown_years(term),
    )


def unknown_years(term: Term) -> list[int]:
    """The years of a term whose moved days neither the public calendar nor staff know."""
    years = premises.unknown_years(term.first_on, term.last_on, last_known_year=premises.last_known_year())
    return [year for year in years if not _is_entered(year)]


def clashes(term: Term, chosen: Sequence[ChosenDay], *, by: Person, now: datetime) -> list[Clash]:
    """What is in the way of these days in their room; nothing is written."""
    activity = term.activity
    return clashes_of(
        [_session_plan(term, each) for each in chosen],
        expected=activity.expected,
        organisation=activity.organisation,
        beside=activity.sessions,
        by=by,
        now=now,
    )


def take_days(term: Term, chosen: Sequence[ChosenDay], *, by: Person, now: datetime) -> list[TermDay]:
    """Take the room's time for all days of a term, all of them or none. What the calendar says and was not chosen is
    left out for good.

    Raises SessionsClash with what is in the way; RuleBroken where a day is not one of the term.
    """
    lock(term)
    if not chosen:
        raise RuleBroken(_l("There is no day on which it would take place."), field="days")
    if term.days:
        raise Conflict(_l("The days of this term have the room's time already. Change them one by one."))
    plan = {each.on: each for each in plan_of(term)}
    made = _take(term, chosen, by=by, now=now)
    for on, planned in plan.items():
        if planned.takes_place and on not in {each.on for each in chosen}:
            db.session.add(DayDecision(term_id=term.id, on_date=on, calendar_says=planned.says))
    note(Act.TERM_DAYS_TAKEN, term, by=by, room=term.room)
    return made


def add_day(term: Term, chosen: ChosenDay, *, by: Person, now: datetime) -> TermDay:
    """One more day of a term. One that was called off takes place again. Raises SessionsClash, RuleBroken."""
    lock(term)
    if term.state is TermState.ENDED:
        raise RuleBroken(_l("This term is over, so nothing of it changes any more."))
    if (there := find_day(term, chosen.on)) is not None and there.session.is_scheduled:
        if there.counts_as == chosen.counts_as:
            return there
        raise Conflict(_l("The term takes place on this day already."), field="on")
    [day] = _take(term, [chosen], by=by, now=now)
    note(Act.TERM_DAY_ADDED, term, by=by, room=chosen.room or term.room)
    messages.tell_day_added(day, now=now)
    return day


def cancel_day(day: TermDay, *, reason: str, by: Person, now: datetime) -> None:
    """Call a day off: its room is free, and whoever has a place is told. Twice is once.

    Raises RuleBroken once its list is open: children are expected, or here, and are handed over as ever.
    """
    _hold(day)
    if day.session.state is SessionState.CANCELLED:
        return
    _refuse_once_open(day)
    if not reason.strip():
        raise RuleBroken(_l("Please say why. The families read it."), field="reason")
    sessions.cancel_session(day.session, reason=reason.strip(), by=by, now=now)
    note(Act.TERM_DAY_CANCELLED, day.on_date.isoformat(), by=by, reason=reason)


def move_day(day: TermDay, to: ChosenDay, *, reason: str = "", by: Person, now: datetime) -> None:
    """Hold a day on another date, or in another room; whoever has a place is told. Raises SessionsClash."""
    _hold(day)
    _refuse_once_open(day)
    other = find_day(day.term, to.on)
    if other is not None and other.id != day.id:
        raise RuleBroken(_l("The term has this day already. Add it, or choose another one."), field="on")
    sessions.move_session(day.session, _session_plan(day.term, to), reason=reason, by=by, now=now)
    day.on_date, day.counts_as = to.on, to.counts_as
    note(Act.TERM_DAY_MOVED, to.on.isoformat(), by=by, reason=reason)


def set_weekday(day: TermDay, counts_as: int, *, by: Person, now: datetime) -> None:
    """Let a day count as another weekday; whoever has a place is told, since other children come."""
    _hold(day)
    _refuse_once_open(day)
    if day.counts_as == counts_as:
        return
    day.counts_as = counts_as
    note(Act.TERM_DAY_MOVED, day.on_date.isoformat(), by=by)
    messages.tell_weekday(day, now=now)


def differences(term: Term, *, now: datetime) -> list[DayDifference]:
    """Where the calendar says otherwise than the term has it, of the days ahead, and nobody has decided it yet."""
    if not term.days:
        return []
    decided = select(DayDecision).where(DayDecision.term_id == term.id)
    return differences_of(
        plan_of(term),
        {day.on_date: day.counts_as for day in term.days if day.session.state is not SessionState.CANCELLED},
        called_off={day.on_date for day in term.days if day.session.state is SessionState.CANCELLED},
        decided={(each.on_date, each.calendar_says) for each in db.session.scalars(decided)},
        after=local_date(now),
    )


def follow_calendar(term: Term, difference: DayDifference, *, reason: str, by: Person, now: datetime) -> None:
    """Let the term be as the calendar has a day: added, called off, or counted as another weekday."""
    day = find_day(term, difference.on)
    if difference.counts_as is None:
        if day is not None:
            cancel_day(day, reason=reason, by=by, now=now)
    elif day is not None and day.session.is_scheduled:
        set_weekday(day, difference.counts_as, by=by, now=now)
    else:
        add_day(term, ChosenDay(on=difference.on, counts_as=difference.counts_as), by=by, now=now)


def leave_as_it_is(term: Term, difference: DayDifference, *, by: Person) -> None:
    """Let the term be as it is on a day, whatever the calendar says of it; twice is once."""
    lock(term)
    where = (DayDecision.term_id == term.id, DayDecision.on_date == difference.on)
    says = DayDecision.calendar_says == difference.says
    if db.session.scalar(select(DayDecision).where(*where, says)) is None:
        db.session.add(DayDecision(term_id=term.id, on_date=difference.on, calendar_says=difference.says))
        note(Act.TERM_DAY_KEPT, difference.on.isoformat(), by=by)


def find_day(term: Term, on: date) -> TermDay | None:
    """The day of a term on a date, whether it takes place or was called off."""
    return db.session.scalar(select(TermDay).where(TermDay.term_id == term.id, TermDay.on_date == on))


def _take(term: Term, chosen: Sequence[ChosenDay], *, by: Person, now: datetime) -> list[TermDay]:
    for each in chosen:
        if not term.first_on <= each.on <= term.last_on:
            raise RuleBroken(_l("This day is not within the term."), field="on")
    made = sessions.add_sessions(term.activity, [_session_plan(term, each) for each in chosen], by=by, now=now)
    by_date = {session.local_day: session for session in made}
    days = []
    for each in sorted(chosen, key=lambda one: one.on):
        day = find_day(term, each.on) or TermDay(term_id=term.id, on_date=each.on)
        day.counts_as, day.session = each.counts_as, by_date[each.on]
        db.session.add(day)
        days.append(day)
    db.session.flush()
    db.session.expire(term, ["days"])
    return days


def _session_plan(term: Term, chosen: ChosenDay) -> SessionPlan:
    """A day's session: from when to when the programme has its room, on the clock at the centre's wall."""
    zone = centre_zone()
    starts, ends = (datetime.combine(chosen.on, each, zone) for each in (term.opens, term.closes))
    return SessionPlan(span=Span(starts, ends), room=chosen.room or term.room)


def _hold(day: TermDay) -> None:
    lock(day.term)
    lock(day)


def _refuse_once_open(day: TermDay) -> None:
    if day.opened_at is not None:
        raise RuleBroken(_l("The list of this day is open: children are expected or here. Close the day instead."))


def _weekdays(term: Term) -> frozenset[int]:
    """On which weekdays some school of a term has hours; before any is known, and in the holidays, Monday to Friday."""
    if term.mode is TermMode.FULL_DAY:
        return SCHOOL_DAYS
    found = db.session.scalars(select(SchoolHours.weekday).where(SchoolHours.term_id == term.id).distinct())
    return frozenset(found) or SCHOOL_DAYS


def _without_school(term: Term) -> frozenset[date]:
    """The dates on which none of a term's schools has school."""
    if term.mode is TermMode.FULL_DAY:
        return frozenset()
    schools = set(db.session.scalars(select(SchoolHours.school_id).where(SchoolHours.term_id == term.id).distinct()))
    off = select(SchoolException).where(
        SchoolException.school_id.in_(schools),
        SchoolException.on_date.between(term.first_on, term.last_on),
        SchoolException.finishes.is_(None),
    )
    return _days_of_all(schools, db.session.scalars(off))


def _days_of_all(schools: set[int], exceptions: Iterable[SchoolException]) -> frozenset[date]:
    off: dict[date, set[int]] = {}
    for each in exceptions:
        off.setdefault(each.on_date, set()).add(each.school_id)
    return frozenset(on for on, ids in off.items() if ids == schools)


def _is_entered(year: int) -> bool:
    """Whether staff have entered a make-up working day of a year: then they have entered its calendar."""
    found = premises.staff_days(date(year, 1, 1), date(year, 12, 31))
    return any(each.kind is DayKind.WORKING for each in found)
