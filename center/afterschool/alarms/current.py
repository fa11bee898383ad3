"""The alarms that wait for an answer, as whoever looks after the children reads them: written down yet or not."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.alarms import times
from center.afterschool.alarms.about import About, about_each
from center.afterschool.alarms.rules import AlarmDue, level_at
from center.afterschool.models.care import Alarm, AlarmKind, Ring
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import TermDay
from center.afterschool.rights import on_call
from center.afterschool.words import ALARM_KINDS
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.models import Person

MaySee = Callable[[TermDay | None], bool]
Enrolments = Mapping[tuple[int, int], Enrolment]  # by child and term


@dataclass(frozen=True, kw_only=True)
class AlarmLine:
    """An alarm that waits: what, since when, whom it is about, who is told by now."""

    kind: AlarmKind
    on_date: date
    since: datetime
    level: int
    subject: str
    title: str
    about: str  # a sentence, where its title does not say it all
    child: Person | None
    enrolment: Enrolment | None
    named: Sequence[on_call.Named]
    alarm: Alarm | None  # None: no sweep has written it down yet
    day_id: int | None


def waiting(now: datetime, *, may_see: MaySee) -> list[AlarmLine]:
    """The alarms of the days that somebody may see, the most pressing first; their number asks for no more queries."""
    written = _of_days(times.live(), may_see)
    due = times.not_written_of(_days_seen(now, may_see), now=now)
    children = [(each.child_id, day) for each, day in written] + [(each.child_id, day) for day, each in due]
    enrolments = _enrolments(children)
    people = _people([each.child_id for _day, each in due])
    told = about_each([each for each, _day in written])
    found = [
        _written(each, told[each.id], day, enrolments, now) for each, day in written if not times.acknowledged_by(each)
    ]
    found += [_due(day, each, people, enrolments, now) for day, each in due]
    return sorted(found, key=lambda each: (-each.level, each.since, each.subject))


def marks(now: datetime, *, may_see: MaySee) -> list[str]:
    """What tells the alarms of these days apart, and each from itself once it is passed on: for what counts them."""
    rows = [
        (each, on_call.About(each.day_id, each.child_id, each.on_date, each.subject, each.raised_at))
        for each in times.live_rows()
    ]
    days = on_call.days_of(about for _row, about in rows)
    written = [each for each, about in rows if may_see(days[about])]
    found = [(each.kind, each.subject, max(each.level, level_at(each.kind, each.raised_at, now))) for each in written]
    due = times.not_written_of(_days_seen(now, may_see), now=now)
    found += [(each.kind, each.subject, level_at(each.kind, each.since, now)) for _day, each in due]
    return sorted(f"{kind}:{subject}:{level}" for kind, subject, level in found)


def answered_on(on: date, *, may_see: MaySee) -> Sequence[Alarm]:
    """The alarms of a day that somebody has answered, the latest first."""
    query = select(Alarm).where(Alarm.on_date == on, Alarm.ended_at.is_not(None))
    query = query.options(joinedload(Alarm.child), joinedload(Alarm.ended_by), joinedload(Alarm.event))
    found = db.session.scalars(query.order_by(Alarm.ended_at.desc(), Alarm.id.desc())).all()
    return [each for each, _day in _of_days(found, may_see)]


def _days_seen(now: datetime, may_see: MaySee) -> list[TermDay]:
    return [each for each in times.days_watched(now) if may_see(each)]


def _of_days(alarms: Sequence[Alarm], may_see: MaySee) -> list[tuple[Alarm, TermDay | None]]:
    """Of these alarms those of the days that somebody may see, each with its day."""
    days = on_call.days_of(map(on_call.about, alarms))
    found = [(each, days[on_call.about(each)]) for each in alarms]
    return [(each, day) for each, day in found if may_see(day)]


def get_alarm(alarm_id: int) -> Alarm:
    """An alarm; raises NotFound."""
    return must_find(db.session.get(Alarm, alarm_id), _l("There is no such alarm."))


def rings_of(alarm: Alarm) -> Sequence[Ring]:
    """Who was rung about an alarm, in order."""
    query = select(Ring).where(Ring.alarm_id == alarm.id).options(joinedload(Ring.guardian), joinedload(Ring.by))
    return db.session.scalars(query.order_by(Ring.id)).all()


def enrolment_of(child_id: int, day: TermDay | None) -> Enrolment | None:
    """As what a child comes on a day."""
    return _enrolments([(child_id, day)]).get((child_id, day.term_id)) if day is not None else None


def _enrolments(children: Iterable[tuple[int | None, TermDay | None]]) -> dict[tuple[int, int], Enrolment]:
    """As what each of these children comes on a day, by child and term."""
    wanted = {(child_id, day.term_id) for child_id, day in children if child_id is not None and day is not None}
    if not wanted:
        return {}
    ids, terms = {child_id for child_id, _term in wanted}, {term_id for _child, term_id in wanted}
    query = select(Enrolment).where(Enrolment.child_id.in_(ids), Enrolment.term_id.in_(terms))
    options = joinedload(Enrolment.care_class), joinedload(Enrolment.school), joinedload(Enrolment.child)
    return {(each.child_id, each.term_id): each for each in db.session.scalars(query.options(*options))}


def _people(ids: Iterable[int | None]) -> dict[int, Person]:
    wanted = {each for each in ids if each is not None}
    query = select(Person).where(Person.id.in_(wanted))
    return {each.id: each for each in db.session.scalars(query)} if wanted else {}


def _written(alarm: Alarm, told: About, day: TermDay | None, enrolments: Enrolments, now: datetime) -> AlarmLine:
    level = max(alarm.level, level_at(alarm.kind, alarm.raised_at, now))
    return AlarmLine(
        kind=alarm.kind,
        on_date=alarm.on_date,
        since=alarm.raised_at,
        level=level,
        subject=alarm.subject,
        title=told.title,
        about=told.words,
        child=alarm.child,
        enrolment=enrolments.get((alarm.child_id, day.term_id)) if alarm.child_id and day else None,
        named=on_call.named(day, level=level, on=local_date(now)),
        alarm=alarm,
        day_id=day.id if day else None,
    )


def _due(
    day: TermDay, each: AlarmDue, people: Mapping[int, Person], enrolments: Enrolments, now: datetime
) -> AlarmLine:
    level = level_at(each.kind, each.since, now)
    return AlarmLine(
        kind=each.kind,
        on_date=day.on_date,
        since=each.since,
        level=level,
        subject=each.subject,
        title=str(ALARM_KINDS[each.kind]),
        about="",
        child=people.get(each.child_id) if each.child_id else None,
        enrolment=enrolments.get((each.child_id, day.term_id)) if each.child_id else None,
        named=on_call.named(day, level=level, on=local_date(now)),
        alarm=None,
        day_id=day.id,
    )
