"""Working days (工作日) of the centre's calendar: make-up days count, public holidays and weekends do not."""

from collections.abc import Mapping
from datetime import date, timedelta

from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.premises.queries import A_DAY, SATURDAY, calendar_days

LONGEST_BREAK = 15  # days at most between two working days, with weekends around a holiday


def is_working_day(day: date, special: Mapping[date, NamedDay]) -> bool:
    """Whether people work on this day, by what is known of special days, or else by its weekday. Pure."""
    named = special.get(day)
    if named is not None and named.kind is not DayKind.ORDINARY:
        return named.kind is DayKind.WORKING
    return day.weekday() < SATURDAY


def counted_on(start: date, count: int, special: Mapping[date, NamedDay]) -> date:
    """The last of so many working days after a day; that day itself is not counted. Pure."""
    day = start
    while count:
        day += A_DAY
        count -= is_working_day(day, special)
    return day


def counted_between(start: date, end: date, special: Mapping[date, NamedDay]) -> int:
    """How many working days lie after a day, until and including another; negative where that is past. Pure."""
    if end < start:
        return -counted_between(end, start, special)
    days = (start + A_DAY * n for n in range(1, (end - start).days + 1))
    return sum(is_working_day(day, special) for day in days)


def add_working_days(start: date, count: int) -> date:
    """The last of so many working days after a day, by the centre's calendar."""
    reach = timedelta(days=count * 2 + LONGEST_BREAK)
    return counted_on(start, count, calendar_days(start, start + reach))


def count_working_days(start: date, end: date) -> int:
    """How many working days lie after a day, until and including another, by the centre's calendar."""
    return counted_between(start, end, calendar_days(min(start, end), max(start, end)))
