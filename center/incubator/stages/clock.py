"""Working days by the centre's own calendar, read once for what is asked."""

from collections.abc import Mapping
from datetime import date, timedelta

from center.incubator.models.incubations import IncubationStage
from center.incubator.stages.house_rules import days_by_stage
from center.kernel.db import once
from center.premises.library import NamedDay
from center.premises.queries import calendar_days
from center.premises.working_days import counted_on

BACK = timedelta(days=120)  # how late something is, is counted for so long
LOOK_AHEAD = timedelta(days=150)  # more than any deadline needs, long holidays included


def calendar_around(today: date) -> Mapping[date, NamedDay]:
    """The days around today that differ from their weekday."""
    key = ("incubator calendar", today)
    return once(key, lambda: calendar_days(today - BACK, today + LOOK_AHEAD))


def due_after(today: date, days: int) -> date:
    """The last of so many working days after today."""
    return counted_on(today, days, calendar_around(today))


def due_of(stage: IncubationStage, today: date) -> date | None:
    """Until when a stage that is reached today has to be left; None where nothing waits for anybody."""
    days = days_by_stage().get(stage)
    return due_after(today, days) if days is not None else None
