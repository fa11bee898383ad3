"""The dates of a repeating event of a calendar file, within bounds. Pure.

Only rules whose dates can be told by looking at one day after another, so that no file, however made, keeps us busy for
long: daily, weekly, monthly and yearly with INTERVAL, COUNT, UNTIL, BYDAY, BYMONTHDAY and BYMONTH (RFC 5545, 3.3.10).
"""

import calendar
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import islice
from typing import Any

from center.errors import RuleBroken
from center.i18n import lazy_gettext as _l

MOST_DATES = 100
MOST_YEARS = timedelta(days=3660)  # how far the first date may lie before the last one that is asked for
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYDAY", "BYMONTHDAY", "BYMONTH", "WKST"}
ALLOWED = {
    "DAILY": {"BYDAY"},
    "WEEKLY": {"BYDAY"},
    "MONTHLY": {"BYDAY", "BYMONTHDAY"},
    "YEARLY": {"BYMONTH", "BYMONTHDAY"},
}
TOO_COMPLICATED = _l("It repeats in a way that is not understood here. Please list its dates one by one.")


@dataclass(frozen=True)
class Rule:
    """How an event repeats. `days` are (which of the month, or 0 for every; weekday)."""

    freq: str
    interval: int = 1
    count: int | None = None
    until: date | None = None
    days: Sequence[tuple[int, int]] = ()
    month_days: Sequence[int] = ()
    months: Sequence[int] = ()
    week_starts: int = 0
    start: date = field(default=date.min)

    def has(self, day: date) -> bool:
        """Whether the rule names this day, however many it named before."""
        checks = {"DAILY": self._daily, "WEEKLY": self._weekly, "MONTHLY": self._monthly, "YEARLY": self._yearly}
        return checks[self.freq](day)

    def _daily(self, day: date) -> bool:
        return (day - self.start).days % self.interval == 0 and (not self.days or (0, day.weekday()) in self.days)

    def _weekly(self, day: date) -> bool:
        weeks = (self._week(day) - self._week(self.start)).days // 7
        days = self.days or [(0, self.start.weekday())]
        return weeks % self.interval == 0 and (0, day.weekday()) in days

    def _monthly(self, day: date) -> bool:
        months = (day.year - self.start.year) * 12 + day.month - self.start.month
        if months % self.interval:
            return False
        if self.days and not any(_is_nth(day, nth, weekday) for nth, weekday in self.days):
            return False
        return bool(self.days and not self.month_days) or self._month_day(day)

    def _yearly(self, day: date) -> bool:
        months = self.months or [self.start.month]
        return (day.year - self.start.year) % self.interval == 0 and day.month in months and self._month_day(day)

    def _month_day(self, day: date) -> bool:
        last = calendar.monthrange(day.year, day.month)[1]
        return any(day.day == (n if n > 0 else last + 1 + n) for n in self.month_days or [self.start.day])

    def _week(self, day: date) -> date:
        return day - timedelta(days=(day.weekday() - self.week_starts) % 7)


def read_rule(parts: Mapping[str, Sequence[Any]], *, start: date, until: date | None) -> Rule:
    """The rule of an RRULE's parts, each a list of values. Raises RuleBroken for what is not understood."""
    freq = str(_one(parts, "FREQ", "")).upper()
    given = {name for name in parts if parts[name]} - {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
    if freq not in ALLOWED or given - ALLOWED[freq] or set(parts) - PARTS:
        raise RuleBroken(TOO_COMPLICATED)
    try:
        days = tuple(_weekday(str(each)) for each in parts.get("BYDAY", ()))
        rule = Rule(
            freq=freq,
            interval=int(_one(parts, "INTERVAL", 1)),
            count=int(parts["COUNT"][0]) if parts.get("COUNT") else None,
            until=until,
            days=days,
            month_days=tuple(int(each) for each in parts.get("BYMONTHDAY", ())),
            months=tuple(int(each) for each in parts.get("BYMONTH", ())),
            week_starts=WEEKDAYS.index(str(_one(parts, "WKST", "MO"))),
            start=start,
        )
    except (ValueError, KeyError, IndexError, TypeError):
        raise RuleBroken(TOO_COMPLICATED) from None
    if rule.interval < 1 or (freq != "MONTHLY" and any(nth for nth, _day in days)):
        raise RuleBroken(TOO_COMPLICATED)
    return rule


def dates_of(rule: Rule, *, first: date, last: date, without: Sequence[date] = ()) -> list[date]:
    """The dates from first to last. Raises RuleBroken for more than a hundred, or a rule that began ages ago."""
    if last - rule.start > MOST_YEARS:
        raise RuleBroken(_l("It began too long ago. Please list its dates one by one."))
    named = (day for day in _named(rule, last) if day >= first and day not in set(without))
    dates = list(islice(named, MOST_DATES + 1))
    if len(dates) > MOST_DATES:
        raise RuleBroken(_l("It repeats more than %(number)s times within a year.", number=MOST_DATES))
    return dates


def _named(rule: Rule, last: date) -> Iterator[date]:
    counted, day = 0, rule.start
    while day <= min(last, rule.until or last) and (rule.count is None or counted < rule.count):
        if day == rule.start or rule.has(day):
            counted += 1
            yield day
        day += timedelta(days=1)


def _is_nth(day: date, nth: int, weekday: int) -> bool:
    if day.weekday() != weekday:
        return False
    last = calendar.monthrange(day.year, day.month)[1]
    return nth == 0 or nth == (day.day - 1) // 7 + 1 or nth == -((last - day.day) // 7 + 1)


def _weekday(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"([+-]?[1-5])?(MO|TU|WE|TH|FR|SA|SU)", text.upper())
    if match is None:
        raise ValueError(text)
    return int(match[1] or 0), WEEKDAYS.index(match[2])


def _one(parts: Mapping[str, Sequence[Any]], name: str, otherwise: Any) -> Any:
    return parts[name][0] if parts.get(name) else otherwise
