"""Which dates a rule such as "every Tuesday and Thursday until the end of January" gives. Pure.

Dates are those on the centre's wall; the clock time of a date is put to it later, so that it stays the same when the
clocks change. See `docs/decisions/0012`.
"""

import enum
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from dateutil import rrule

MOST_DATES = 60
LAST = -1  # the "last Friday" of a month
NTHS = (1, 2, 3, 4, 5, LAST)
_DAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)


class Frequency(enum.StrEnum):
    """How often the weekdays of a rule come."""

    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"
    WEEKLY = "weekly"


@dataclass(frozen=True, kw_only=True)
class Repeat:
    """A rule of dates: on these weekdays (0 is Monday), from the first day on, until a day or so many times.

    `nth` says which of its month a monthly weekday is: the 2nd Tuesday, or with -1 the last Friday.
    """

    frequency: Frequency
    weekdays: tuple[int, ...]
    first_on: date
    nth: int | None = None
    until: date | None = None
    count: int | None = None


def dates_of(repeat: Repeat, *, most: int = MOST_DATES) -> list[date]:
    """The dates of the rule, in order, at most so many. A month without a 5th Friday is passed over.

    Fortnights are counted from the first of the weekdays that comes, not from the week of a first day behind it.
    """
    if not repeat.weekdays or (repeat.until is None and repeat.count is None):
        return []
    weekdays = sorted(set(repeat.weekdays))
    begins = _begins(repeat, weekdays)
    found = rrule.rrule(
        rrule.MONTHLY if repeat.frequency is Frequency.MONTHLY else rrule.WEEKLY,
        dtstart=_midnight(begins),
        interval=2 if repeat.frequency is Frequency.FORTNIGHTLY else 1,
        wkst=rrule.MO,
        byweekday=[_weekday(day, repeat) for day in weekdays],
        until=_midnight(repeat.until) if repeat.until else None,
    )
    wanted = most if repeat.count is None else min(most, repeat.count)
    return [moment.date() for moment in islice(found, max(0, wanted))]


def is_too_long(repeat: Repeat) -> bool:
    """Whether the rule gives more dates than one series may have."""
    return len(dates_of(repeat, most=MOST_DATES + 1)) > MOST_DATES


def next_day_like(days: Collection[date], *, today: date) -> date | None:
    """The day after the last of these, in their rhythm and on its weekday, that is still to come; None without any.

    A single day comes again after four weeks. What lies behind already moves on by weeks.
    """
    if not days:
        return None
    *_earlier, before, last = sorted({min(days) - timedelta(weeks=4), *days})
    return rrule.rrule(rrule.WEEKLY, dtstart=_midnight(last + (last - before))).after(_midnight(today)).date()


def clock_of(moment: datetime, zone: ZoneInfo) -> time:
    """The clock time on the centre's wall at this moment."""
    return moment.astimezone(zone).time().replace(tzinfo=None)


def weekdays_text(weekdays: Iterable[int]) -> str:
    """Weekdays as a series keeps them: "1,3"."""
    return ",".join(str(day) for day in sorted(set(weekdays)))


def weekdays_of(text: str) -> tuple[int, ...]:
    """What `weekdays_text` wrote."""
    return tuple(int(day) for day in text.split(",") if day)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(0))


def _begins(repeat: Repeat, weekdays: Sequence[int]) -> date:
    if repeat.frequency is Frequency.MONTHLY:
        return repeat.first_on
    return min(repeat.first_on + timedelta(days=(day - repeat.first_on.weekday()) % 7) for day in weekdays)


def _weekday(day: int, repeat: Repeat) -> rrule.weekday:
    return _DAYS[day](repeat.nth) if repeat.frequency is Frequency.MONTHLY and repeat.nth else _DAYS[day]
