"""Which alarms time alone has brought about: read of the plan, the ledger and the changes of a day, and written down.

Whoever opens a page is shown them whether or not they are written down yet; the sweep writes them and tells.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.alarms import raising
from center.afterschool.alarms.absences import absent_often
from center.afterschool.alarms.rules import AlarmDue, Answered, ChangeNow, ChildNow, DayNow, SchoolNow, wanted
from center.afterschool.custody.two_terms import is_elsewhere, went_before
from center.afterschool.models.care import Alarm, AlarmKind
from center.afterschool.models.custody import WITH_US, Custody, CustodyEvent, Holder, Holding
from center.afterschool.models.plans import PlanChange
from center.afterschool.models.terms import TermDay, TermState
from center.afterschool.plans import day_plans, school_changes
from center.afterschool.plans.day_plans import Expected
from center.afterschool.queries import days_on
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.people.models import Person

LOOKED_BACK = timedelta(days=1)  # so that a night without a worker loses nothing


@dataclass(frozen=True)
class Held:
    """Who holds a child by the last that was said of them, on which date, since when, and for which day of a term."""

    holder: Holder
    on_date: date
    since: datetime
    day_id: int | None


def days_watched(now: datetime) -> list[TermDay]:
    """The days of which children may be missing or still here: today's, and yesterday's."""
    today = local_date(now)
    found = [*days_on(today), *days_on(today - LOOKED_BACK)]
    return [each for each in found if each.term.state is not TermState.DRAFT]


def not_written(day: TermDay, *, now: datetime) -> list[AlarmDue]:
    """The alarms of a day that have to be there and are not written down yet."""
    return [each for _day, each in not_written_of([day], now=now)]


def not_written_of(days: Sequence[TermDay], *, now: datetime) -> list[tuple[TermDay, AlarmDue]]:
    """The same of several days, each with its day."""
    expected = {day.id: day_plans.expected_on(day) for day in [*days, *_beside(days)]}
    held, written = _held(days, expected), _written({each.on_date for each in days})
    until, schools = _until_each(expected), school_changes.waiting_each([each.id for each in days])
    return [
        (day, each)
        for day in days
        for each in _wanted(
            day,
            _children(day, expected[day.id], held[day.id], until),
            _changes(expected[day.id]),
            written[day.on_date],
            now=now,
            schools=[SchoolNow(each.id, each.at) for each in schools.get(day.id, ())],
        )
    ]


def _beside(days: Sequence[TermDay]) -> list[TermDay]:
    """The days of other terms on these dates: a child may be in several."""
    known = {each.id for each in days}
    return [each for on in sorted({day.on_date for day in days}) for each in days_on(on) if each.id not in known]


def _until_each(expected: Mapping[int, Sequence[Expected]]) -> dict[tuple[int, date], datetime]:
    """Until when each child is looked after on a date, by whichever of its terms ends last."""
    found: dict[tuple[int, date], datetime] = {}
    for each in [one for of_day in expected.values() for one in of_day if one.comes]:
        key, ends = (each.child.id, each.day.on_date), _until(each) or day_now(each.day).closes_at
        found[key] = max(ends, found.get(key, ends))
    return found


def _children(
    day: TermDay, expected: Sequence[Expected], held: dict[int, Held], until: Mapping[tuple[int, date], datetime]
) -> list[ChildNow]:
    children = [_child(each, held.get(each.child.id), until) for each in expected if not _moved_on(each, held)]
    listed = {each.child.id for each in expected}
    others = [
        ChildNow(
            child_id=child_id,
            comes=False,
            due_at=None,
            holder=each.holder,
            until_at=until.get((child_id, day.on_date)),
        )
        for child_id, each in held.items()
        if child_id not in listed and each.on_date == day.on_date
    ]
    return [*children, *others]


def _wanted(
    day: TermDay,
    children: Sequence[ChildNow],
    changed: Sequence[ChangeNow],
    written: Sequence[Any],
    *,
    now: datetime,
    schools: Sequence[SchoolNow],
) -> list[AlarmDue]:
    live = {(each.kind, each.subject) for each in written if each.ended_at is None}
    answers = [
        Answered(kind=each.kind, subject=each.subject, at=each.ended_at, found=each.found)
        for each in written
        if each.ended_at is not None and each.found is not None
    ]
    found = wanted(day_now(day), children, changed, answers, now, schools=schools)
    answered = {(each.kind, each.subject) for each in answers}
    found += [each for each in absent_often(day) if (each.kind, each.subject) not in answered]
    return [each for each in found if (each.kind, each.subject) not in live]


def write(day: TermDay, each: AlarmDue, *, now: datetime) -> Alarm:
    """Write such an alarm down, and tell."""
    return raising.raise_alarm(
        each.kind,
        each.subject,
        on_date=day.on_date,
        now=now,
        since=each.since,
        child=db.session.get(Person, each.child_id) if each.child_id else None,
        change=db.session.get(PlanChange, each.change_id) if each.change_id else None,
    )


def day_now(day: TermDay) -> DayNow:
    """From when until when the children of a day are here, by the rules of its term."""
    zone, term = centre_zone(), day.term
    return DayNow(
        opens_at=datetime.combine(day.on_date, term.opens, zone),
        closes_at=datetime.combine(day.on_date, term.closes, zone),
        alarm_after=timedelta(minutes=term.alarm_minutes),
    )


def live(*, since: date | None = None) -> Sequence[Alarm]:
    """The alarms that nobody has answered yet, the oldest first."""
    query = select(Alarm).where(Alarm.ended_at.is_(None))
    if since is not None:
        query = query.where(Alarm.on_date >= since)
    query = query.options(
        joinedload(Alarm.child),
        joinedload(Alarm.change).joinedload(PlanChange.acknowledged_by),
        joinedload(Alarm.event),
    )
    return db.session.scalars(query.order_by(Alarm.raised_at, Alarm.id)).all()


def live_rows() -> Sequence[Any]:
    """Of the same no more than what tells them apart, and by which their day is found: for what only counts them."""
    query = (
        select(Alarm.kind, Alarm.subject, Alarm.level, Alarm.raised_at, Alarm.child_id, Alarm.on_date)
        .add_columns(CustodyEvent.day_id, PlanChange.acknowledged_by_id)
        .outerjoin(Alarm.event)
        .outerjoin(Alarm.change)
        .where(Alarm.ended_at.is_(None))
    )
    found = db.session.execute(query.order_by(Alarm.raised_at, Alarm.id)).all()
    return [each for each in found if each.kind is not AlarmKind.UNSEEN_CHANGE or each.acknowledged_by_id is None]


def acknowledged_by(alarm: Alarm) -> Person | None:
    """Who has acknowledged the change that an alarm is about, which ends it."""
    if alarm.kind is not AlarmKind.UNSEEN_CHANGE or alarm.change is None:
        return None
    return alarm.change.acknowledged_by


def _held(days: Sequence[TermDay], expected: Mapping[int, Sequence[Expected]]) -> dict[int, dict[int, Held]]:
    """By the day's id, who holds its children, and whoever else is with us by an entry of this day."""
    query = (
        select(Custody.child_id, Custody.holder, Custody.since_at, CustodyEvent.on_date, CustodyEvent.day_id)
        .join(Holding, Holding.custody_id == Custody.id)
        .join(CustodyEvent, CustodyEvent.id == Custody.event_id)
    )
    ids = {each.child.id for found in expected.values() for each in found}
    of_days = CustodyEvent.day_id.in_([each.id for each in days])
    mine = {row.child_id: row for row in db.session.execute(query.where(Holding.child_id.in_(ids)))}
    here = db.session.execute(query.where(of_days, Custody.holder.in_(WITH_US))).all()
    return {
        day.id: {
            row.child_id: Held(row.holder, row.on_date, row.since_at, row.day_id)
            for row in [
                *(mine[each.child.id] for each in expected[day.id] if each.child.id in mine),
                *(row for row in here if row.day_id == day.id),
            ]
        }
        for day in days
    }


def _written(dates: Collection[date]) -> dict[date, list[Any]]:
    """What was written down of alarms on these dates, answered or not."""
    found: dict[date, list[Any]] = {each: [] for each in dates}
    of_dates = Alarm.on_date.in_(dates)
    query = select(Alarm.on_date, Alarm.kind, Alarm.subject, Alarm.ended_at, Alarm.found).where(of_dates)
    for row in db.session.execute(query):
        found[row.on_date].append(row)
    return found


def _moved_on(each: Expected, held: dict[int, Held]) -> bool:
    """Whether something was said of a child on a later day; or they are with us since an earlier one."""
    last = held.get(each.child.id)
    if last is None or last.on_date == each.day.on_date:
        return False
    return last.on_date > each.day.on_date or last.holder in WITH_US


def _child(each: Expected, last: Held | None, until: Mapping[tuple[int, date], datetime]) -> ChildNow:
    """A child of a day. With the staff of another term of that date it is neither missing here nor theirs to hand over;
    and whoever went home from there before they are due here is expected all the same.
    """
    is_of_date = last is not None and last.on_date == each.day.on_date
    holder, comes = last.holder if last is not None and is_of_date else None, each.comes
    if last is not None and is_elsewhere(holder, last.day_id, each.day.id):
        holder, comes = None, False
    elif last is not None and went_before(holder, last.since, last.day_id, each.day.id, due_at=each.due_at):
        holder = None
    ends = until.get((each.child.id, each.day.on_date))
    return ChildNow(child_id=each.child.id, comes=comes, due_at=each.due_at, holder=holder, until_at=ends)


def _until(each: Expected) -> datetime | None:
    """By when a child goes home; not before somebody said that it goes home so early today."""
    said = each.change.at if each.change is not None and each.change.stay is not None else None
    return max(each.until_at, said) if each.until_at and said else each.until_at


def _changes(expected: Sequence[Expected]) -> list[ChangeNow]:
    return [
        ChangeNow(
            change_id=each.change.id,
            child_id=each.child.id,
            at=each.change.at,
            is_acknowledged=each.change.acknowledged_at is not None,
        )
        for each in expected
        if each.change is not None
    ]
