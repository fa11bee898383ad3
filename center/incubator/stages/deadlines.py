"""How a deadline in working days of the centre's calendar stands. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from center.premises.library import NamedDay
from center.premises.working_days import counted_between

SOON = 2  # working days before which something is said to be due soon


class Due(StrEnum):
    """How a deadline stands on a day."""

    NONE = "none"
    LATER = "later"
    SOON = "soon"
    TODAY = "today"
    LATE = "late"


def how_due(due_on: date | None, *, today: date, calendar: Mapping[date, NamedDay]) -> Due:
    """How a deadline stands today."""
    if due_on is None:
        return Due.NONE
    if due_on < today:
        return Due.LATE
    if due_on == today:
        return Due.TODAY
    return Due.SOON if counted_between(today, due_on, calendar) <= SOON else Due.LATER
