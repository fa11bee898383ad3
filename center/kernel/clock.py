"""What time it is, and which days anybody may mean. The only caller of `datetime.now` in the product.

`CENTER_CLOCK_START` makes the clock start at a chosen moment and run on from there, for rehearsals, screenshots and
tests: a page of today then looks the same whenever it is made.

A form or a file may name days from last year to five years ahead, so a mistyped year is said and not kept. What only
looks, such as a board or a filter, may look further, at days that all calendars and databases know.
"""

from datetime import UTC, date, datetime, timedelta
from typing import TypeGuard
from zoneinfo import ZoneInfo

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

YEARS_BACK, YEARS_AHEAD = 1, 5
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2100, 12, 31)

_offset = timedelta(0)


def now() -> datetime:
    """The present moment, in UTC."""
    return datetime.now(UTC) + _offset


def today(zone: ZoneInfo) -> date:
    """The local date in the zone."""
    return now().astimezone(zone).date()


def start_at(moment: datetime | None) -> None:
    """Let the clock run from the given moment on; None puts it back to real time."""
    global _offset
    _offset = timedelta(0) if moment is None else moment - datetime.now(UTC)


def can_be_shown(day: object) -> TypeGuard[date]:
    """Whether this is a day that pages can look at."""
    return isinstance(day, date) and FIRST_DAY <= day <= LAST_DAY


def day_bounds(today: date) -> tuple[date, date]:
    """The first and the last day that a form or a file may name."""
    return date(today.year - YEARS_BACK, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)


def refusal_of_day(day: date, *, today: date, field: str | None = None) -> RuleBroken | None:
    """What stands against a day outside the bounds; it names them."""
    first, last = day_bounds(today)
    if first <= day <= last:
        return None
    words = _l("Please choose a day from %(first)s to %(last)s.", first=first.isoformat(), last=last.isoformat())
    return RuleBroken(words, field=field)


def check_day(day: date, *, today: date, field: str | None = None) -> None:
    """Raises RuleBroken, with the bounds, for a day outside them."""
    if error := refusal_of_day(day, today=today, field=field):
        raise error
