"""Which days anybody may mean: from last year to five years ahead. A year mistyped is said, not kept. Pure.

What only looks, such as a board or a filter, may look further, at days that all calendars and databases know.
"""

from datetime import date
from typing import TypeGuard

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

YEARS_BACK, YEARS_AHEAD = 1, 5
FIRST, LAST = date(2000, 1, 1), date(2100, 12, 31)


def can_be_shown(day: object) -> TypeGuard[date]:
    """Whether this is a day that pages can look at."""
    return isinstance(day, date) and FIRST <= day <= LAST


def bounds(today: date) -> tuple[date, date]:
    """The first and the last day that a form or a file may name."""
    return date(today.year - YEARS_BACK, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)


def refusal(day: date, *, today: date, field: str | None = None) -> RuleBroken | None:
    """What stands against a day outside the bounds; it names them."""
    first, last = bounds(today)
    if first <= day <= last:
        return None
    words = _l("Please choose a day from %(first)s to %(last)s.", first=first.isoformat(), last=last.isoformat())
    return RuleBroken(words, field=field)


def check(day: date, *, today: date, field: str | None = None) -> None:
    """Raises RuleBroken, with the bounds, for a day outside them."""
    if error := refusal(day, today=today, field=field):
        raise error
