"""Leads are reminded once before a filing or a summary is due, and once when it is late."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from center.activities.models import Activity
from center.incubator.filings import messages, rules
from center.incubator.filings.queries import Line, line_of, lines_around, reminded_of
from center.incubator.models.filings import FilingReminder
from center.kernel.db import lock, transaction
from center.kernel.i18n import local_date
from center.kernel.sweeps import Sweep

AHEAD = rules.FILED_BEFORE + rules.REMINDED_BEFORE + timedelta(days=1)
BACK = timedelta(days=14)  # in which a summary that is late is asked for
EVERY = 600.0


def _due(now: datetime) -> Sequence[int]:
    found = [each for each in lines_around(now, ahead=AHEAD, back=BACK) if each.asks]
    said = reminded_of([each.activity.id for each in found]) if found else {}
    today = local_date(now)
    return [
        each.activity.id for each in found if rules.reminders_due(each.facts, said.get(each.activity.id, set()), today)
    ]


def _settle(activity_id: int, now: datetime) -> None:
    with transaction() as session:
        activity = session.get_one(Activity, activity_id)
        lock(activity)
        today = local_date(now)
        line: Line | None = line_of(activity, today)
        if line is None:
            return
        said = reminded_of([activity.id]).get(activity.id, set())
        for step in rules.reminders_due(line.facts, said, today):
            session.add(FilingReminder(activity_id=activity.id, step=step, at=now))
            messages.remind(line, step, now=now)


SWEEPS = (Sweep("filings_to_remind", _due, _settle, every=EVERY),)
