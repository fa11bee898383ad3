"""When people are reminded: in the evening of what is tomorrow, and again two hours before.

Of people without an account the day before begins in the morning: somebody goes to their door or rings them.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import Span, day_span
from center.kernel.waking import RESTS_AT, WAKES_AT, is_waking

EVENING = time(18)
LATEST, EARLIEST = timedelta(hours=1), timedelta(hours=2)  # how long before its start something is "soon"
JUST_HEARD = timedelta(hours=2)  # whoever booked, signed up or was told of a move so lately knows


@dataclass(frozen=True, kw_only=True)
class Near:
    """What it is time to remind of: what begins in this span, unless it was just heard of."""

    starts: Span
    heard_before: datetime  # of what changed later, people have just heard
    told_since: datetime  # whoever was told since then need not be told again
    is_soon: bool = False
    by_hand: bool = False  # of people without an account alone


def evening(now: datetime) -> Near | None:
    """What is tomorrow; None outside the hours of the evening."""
    return _tomorrow(EVENING, RESTS_AT, now)


def morning(now: datetime) -> Near | None:
    """What is tomorrow, to remind of by hand; None before the morning and in the evening, when all are due."""
    return _tomorrow(WAKES_AT, EVENING, now, by_hand=True)


def day_before(now: datetime) -> Near | None:
    """What is tomorrow, of whoever is reminded at this hour."""
    return evening(now) or morning(now)


def soon(now: datetime) -> Near | None:
    """What begins in an hour or two; None while people sleep."""
    if not is_waking(now, centre_zone()):
        return None
    coming = Span(now + LATEST, now + EARLIEST + timedelta(minutes=1))
    return Near(starts=coming, heard_before=now - JUST_HEARD, told_since=now - EARLIEST, is_soon=True)


def _tomorrow(begins: time, ends: time, now: datetime, *, by_hand: bool = False) -> Near | None:
    today, zone = local_date(now), centre_zone()
    start, end, woke = (datetime.combine(today, each, zone) for each in (begins, ends, WAKES_AT))
    if not start <= now < end:
        return None
    tomorrow = day_span(today + timedelta(days=1), zone)
    return Near(starts=tomorrow, heard_before=start - JUST_HEARD, told_since=woke, by_hand=by_hand)
