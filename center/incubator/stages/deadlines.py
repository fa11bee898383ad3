"""Until when something is due, in working days of the centre's calendar: holidays do not count, make-up days do. Pure.

Weekends that staff or the public calendar made working days count, however the plain week calls them.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from enum import StrEnum

from center.incubator.models.incubations import IncubationStage
from center.premises.library import NamedDay
from center.premises.models import DayKind

A_DAY = timedelta(days=1)
WEEKEND = 5
LOOK_AHEAD = timedelta(days=60)  # of calendar; more than any deadline needs, long holidays included
SOON = 2  # working days before which something is said to be due soon

# How many working days each stage may take, from the day on which it is reached.
DAYS: Mapping[IncubationStage, int] = {
    IncubationStage.SUBMITTED: 2,
    IncubationStage.RETURNED: 10,
    IncubationStage.SCREENING: 5,
    IncubationStage.REVIEW: 15,
    IncubationStage.PUBLISHED: 5,
    IncubationStage.SIGNING: 10,
    IncubationStage.MID_REVIEW: 15,
    IncubationStage.WITHDRAWING: 15,
    IncubationStage.RECONSIDERED: 10,
}


class Due(StrEnum):
    """How a deadline stands on a day."""

    NONE = "none"
    LATER = "later"
    SOON = "soon"
    TODAY = "today"
    LATE = "late"


def is_working_day(day: date, calendar: Mapping[date, NamedDay]) -> bool:
    """Whether offices work on a day, by what the calendar says of it or else by its weekday."""
    named = calendar.get(day)
    if named is not None and named.kind is not DayKind.ORDINARY:
        return named.kind is DayKind.WORKING
    return day.weekday() < WEEKEND


def add_working_days(first: date, days: int, calendar: Mapping[date, NamedDay]) -> date:
    """The last of so many working days that follow a day; the day itself does not count."""
    day = first
    while days > 0:
        day += A_DAY
        days -= is_working_day(day, calendar)
    return day


def working_days_left(today: date, due_on: date, calendar: Mapping[date, NamedDay]) -> int:
    """How many working days are left after today until the last one that is in time; negative once it is over."""
    if due_on < today:
        return -working_days_left(due_on, today, calendar)
    days = ((today + n * A_DAY) for n in range(1, (due_on - today).days + 1))
    return sum(is_working_day(day, calendar) for day in days)


def standing(due_on: date | None, *, today: date, calendar: Mapping[date, NamedDay]) -> Due:
    """How a deadline stands today."""
    if due_on is None:
        return Due.NONE
    if due_on < today:
        return Due.LATE
    if due_on == today:
        return Due.TODAY
    return Due.SOON if working_days_left(today, due_on, calendar) <= SOON else Due.LATER
