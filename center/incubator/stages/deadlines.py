"""How many working days of the centre's calendar each stage may take, and how a deadline stands. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from center.incubator.models.incubations import IncubationStage
from center.premises.library import NamedDay
from center.premises.working_days import counted_between

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


def standing(due_on: date | None, *, today: date, calendar: Mapping[date, NamedDay]) -> Due:
    """How a deadline stands today."""
    if due_on is None:
        return Due.NONE
    if due_on < today:
        return Due.LATE
    if due_on == today:
        return Due.TODAY
    return Due.SOON if counted_between(today, due_on, calendar) <= SOON else Due.LATER
