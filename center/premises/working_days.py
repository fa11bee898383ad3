"""Working days (工作日) of the centre's calendar: make-up days count, public holidays and weekends do not."""

from collections.abc import Mapping
from datetime import date, timedelta

from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.premises.queries import A_DAY, SATURDAY, calendar_days

LONGEST_BREAK = 15  # days at most between two working days, with weekends around a holiday


def is_working_day(day: date, special: Mapping[date, NamedDay]) -> bool:
    """Whether people work on this day, by what is known of special days. Pure."""
    named = special.get(day)
    return day.weekday() < SATURDAY if named is None else named.kind is DayKind.WORKING


def counted_on(start: date, count: int, special: Mapping[date, NamedDay]) -> date:
    """The last of so many working days after a day; that day itself is not counted. Pure."""
    day = start
    while count:
        day += A_DAY
        count -= is_working_day(day, special)
    return day


def add_working_days(start: date, count: int) -> date:
    """The last of so many working days after a day, by the centre's calendar."""
    reach = timedelta(days=count * 2 + LONGEST_BREAK)
    return counted_on(start, count, calendar_days(start, start + reach))


def working_day_from(day: date) -> date:
    """This day, or the next working day where nobody works on it: a period that ends on a day off ends after it."""
    return add_working_days(day - A_DAY, 1)


def count_working_days(start: date, end: date) -> int:
    """How many working days lie after a day, until and including another; negative where that is past."""
    if end < start:
        return -count_working_days(end, start)
    special = calendar_days(start, end)
    days = (start + A_DAY * n for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, special) for day in days)
