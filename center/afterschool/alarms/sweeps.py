"""Alarms that time brings about are written down and told of, and passed on to the next ones, within a minute."""

from collections.abc import Sequence
from datetime import datetime

from center.afterschool.alarms import raising, times
from center.afterschool.alarms.rules import level_at
from center.afterschool.models.care import Alarm
from center.afterschool.queries import get_day
from center.kernel.db import db, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep

EVERY = 15.0  # seconds: an alarm is told of within a minute


def _days(now: datetime) -> Sequence[int]:
    return [each.id for each in times.days_watched(now) if times.not_written(each, now=now)]


def _write(day_id: int, now: datetime) -> None:
    with transaction():
        day = get_day(day_id)
        for each in times.not_written(day, now=now):
            times.write(day, each, now=now)


def _to_pass_on(now: datetime) -> Sequence[int]:
    since = local_date(now) - times.LOOKED_BACK
    return [each.id for each in times.live(since=since) if _is_due(each, now)]


def _pass_on(alarm_id: int, now: datetime) -> None:
    with transaction():
        alarm = db.session.get_one(Alarm, alarm_id)
        if by := times.acknowledged_by(alarm):
            raising.settle(alarm.kind, alarm.subject, on_date=alarm.on_date, by=by, now=now)
        else:
            raising.escalate(alarm, now=now)


def _is_due(alarm: Alarm, now: datetime) -> bool:
    is_acknowledged = times.acknowledged_by(alarm) is not None
    return is_acknowledged or level_at(alarm.kind, alarm.raised_at, now) > alarm.level


SWEEPS = (
    Sweep("alarms of children", _days, _write, every=EVERY),
    Sweep("alarms nobody answered", _to_pass_on, _pass_on, every=EVERY),
)
