"""The alarms that wait for an answer, as whoever looks after the children reads them: written down yet or not."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool import alarm_times, on_call
from center.afterschool.alarm_rules import Wanted, level_at
from center.afterschool.models.care import Alarm, AlarmKind, Ring
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import TermDay
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people.models import Person

MaySee = Callable[[TermDay | None], bool]


@dataclass(frozen=True, kw_only=True)
class AlarmLine:
    """An alarm that waits: what, since when, whom it is about, who is told by now."""

    kind: AlarmKind
    on_date: date
    since: datetime
    level: int
    subject: str
    child: Person | None
    enrolment: Enrolment | None
    named: Sequence[on_call.Named]
    alarm: Alarm | None  # None: no sweep has written it down yet
    day_id: int | None


def waiting(now: datetime, *, may_see: MaySee) -> list[AlarmLine]:
    """The alarms of the days that somebody may see, the most pressing first."""
    written = [each for each in alarm_times.live() if may_see(on_call.day_of(each))]
    days = [each for each in alarm_times.days_watched(now) if may_see(each)]
    found = [_written(each, now) for each in written if alarm_times.acknowledged_by(each) is None]
    for day in days:
        found += [_due(day, each, now) for each in alarm_times.not_written(day, now=now)]
    return sorted(found, key=lambda each: (-each.level, each.since, each.subject))


def marks(now: datetime, *, may_see: MaySee) -> list[str]:
    """What tells the alarms of these days apart, and each from itself once it is passed on: for what counts them."""
    waits = [each for each in alarm_times.live() if not alarm_times.acknowledged_by(each)]
    written = [each for each in waits if may_see(on_call.day_of(each))]
    found = [(each.kind, each.subject, max(each.level, level_at(each.kind, each.raised_at, now))) for each in written]
    for day in alarm_times.days_watched(now):
        if may_see(day):
            due = alarm_times.not_written(day, now=now)
            found += [(each.kind, each.subject, level_at(each.kind, each.since, now)) for each in due]
    return sorted(f"{kind}:{subject}:{level}" for kind, subject, level in found)


def answered_on(on: date, *, may_see: MaySee) -> Sequence[Alarm]:
    """The alarms of a day that somebody has answered, the latest first."""
    query = select(Alarm).where(Alarm.on_date == on, Alarm.ended_at.is_not(None))
    query = query.options(joinedload(Alarm.child), joinedload(Alarm.ended_by))
    found = db.session.scalars(query.order_by(Alarm.ended_at.desc(), Alarm.id.desc())).all()
    return [each for each in found if may_see(on_call.day_of(each))]


def get_alarm(alarm_id: int) -> Alarm:
    """An alarm; raises NotFound."""
    return must_find(db.session.get(Alarm, alarm_id), _l("There is no such alarm."))


def rings_of(alarm: Alarm) -> Sequence[Ring]:
    """Who was rung about an alarm, in order."""
    query = select(Ring).where(Ring.alarm_id == alarm.id).options(joinedload(Ring.guardian), joinedload(Ring.by))
    return db.session.scalars(query.order_by(Ring.id)).all()


def enrolment_of(child_id: int, day: TermDay | None) -> Enrolment | None:
    """As what a child comes on a day."""
    if day is None:
        return None
    query = select(Enrolment).where(Enrolment.child_id == child_id, Enrolment.term_id == day.term_id)
    options = joinedload(Enrolment.care_class), joinedload(Enrolment.school), joinedload(Enrolment.child)
    return db.session.scalar(query.options(*options))


def _written(alarm: Alarm, now: datetime) -> AlarmLine:
    level, day = max(alarm.level, level_at(alarm.kind, alarm.raised_at, now)), on_call.day_of(alarm)
    return AlarmLine(
        kind=alarm.kind,
        on_date=alarm.on_date,
        since=alarm.raised_at,
        level=level,
        subject=alarm.subject,
        child=alarm.child,
        enrolment=enrolment_of(alarm.child_id, day) if alarm.child_id else None,
        named=on_call.named(day, level=level, on=local_date(now)),
        alarm=alarm,
        day_id=day.id if day else None,
    )


def _due(day: TermDay, each: Wanted, now: datetime) -> AlarmLine:
    level = level_at(each.kind, each.since, now)
    enrolment = enrolment_of(each.child_id, day) if each.child_id else None
    return AlarmLine(
        kind=each.kind,
        on_date=day.on_date,
        since=each.since,
        level=level,
        subject=each.subject,
        child=db.session.get(Person, each.child_id) if each.child_id else None,
        enrolment=enrolment,
        named=on_call.named(day, level=level, on=local_date(now)),
        alarm=None,
        day_id=day.id,
    )
