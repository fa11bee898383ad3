"""Leads are reminded once before a filing or a summary is due, and once when it is late."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta

from center.activities.models import Activity
from center.incubator.filings import messages, rules
from center.incubator.filings.queries import FilingLine, lines_around, reminded_of, whole_of
from center.incubator.models.filings import FilingReminder, FilingStep
from center.kernel.db import lock, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep

AHEAD = rules.FILED_BEFORE + rules.REMINDED_BEFORE + timedelta(days=1)
BACK = timedelta(days=14)  # in which a summary that is late is asked for
EVERY = 600.0


def _due(now: datetime) -> Sequence[int]:
    found = [each for each in lines_around(now, ahead=AHEAD, back=BACK) if each.asks]
    said = reminded_of({each.activity.id for each in found}) if found else {}
    today = local_date(now)
    return list(dict.fromkeys(line.activity.id for line, _step in _steps(found, said, today)))


def _settle(activity_id: int, now: datetime) -> None:
    with transaction() as session:
        activity = session.get_one(Activity, activity_id)
        lock(activity)
        today = local_date(now)
        whole = whole_of(activity, today)
        near = [each for each in whole.lines if each.on >= today - BACK] if whole else []
        for line, step in _steps(near, reminded_of([activity.id]), today):
            session.add(FilingReminder(activity_id=activity.id, on_date=line.on, step=step, at=now))
            messages.remind(line, step, now=now)


def _steps(
    lines: Sequence[FilingLine], said: Mapping[tuple[int, date], set[FilingStep]], today: date
) -> Iterator[tuple[FilingLine, FilingStep]]:
    """Of what to remind. One filing is of all dates, so it is asked for by the first that has none."""
    asked: set[int] = set()
    for line in lines:
        steps = rules.reminders_due(line.facts, said.get((line.activity.id, line.on), set()), today)
        is_next = line.on < today or line.is_filed or line.activity.id not in asked
        if line.on >= today and not line.is_filed:
            asked.add(line.activity.id)
        yield from ((line, step) for step in steps if is_next or step not in messages.OF_FILING)


SWEEPS = (Sweep("filings_to_remind", _due, _settle, every=EVERY),)
