"""When something comes again: the day to suggest for a copy of an activity. Pure."""

from collections.abc import Sequence
from datetime import date, timedelta

MONTHLY = timedelta(weeks=4)
WEEK = timedelta(weeks=1)


def next_day_like(days: Sequence[date], *, today: date) -> date | None:
    """The day after the last of these, in their rhythm and on its weekday, that is still to come; None without any.

    A single day comes again after four weeks. What lies behind already moves on by weeks.
    """
    once = sorted(set(days))
    if not once:
        return None
    step = once[-1] - once[-2] if len(once) > 1 else MONTHLY
    day = once[-1] + step
    while day <= today:
        day += WEEK
    return day
