"""Which days anybody may mean: from last year to five years ahead. A year mistyped is said, not kept. Pure."""

from datetime import date

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

YEARS_BACK, YEARS_AHEAD = 1, 5


def bounds(today: date) -> tuple[date, date]:
    """The first and the last day that a form or a file may name."""
    return date(today.year - YEARS_BACK, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)


def check(day: date, *, today: date, field: str | None = None) -> None:
    """Raises RuleBroken, with the bounds, for a day outside them."""
    first, last = bounds(today)
    if not first <= day <= last:
        raise RuleBroken(
            _l("Please choose a day from %(first)s to %(last)s.", first=first.isoformat(), last=last.isoformat()),
            field=field,
        )
