"""Waking hours: nobody is rung or written to, and no offer runs out, between 21:00 and 08:00. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from center.kernel.spans import LocalSpan

WAKES_AT, RESTS_AT = time(8), time(21)
HOURS = LocalSpan(WAKES_AT, RESTS_AT)


def is_waking(moment: datetime, zone: ZoneInfo) -> bool:
    """Whether the moment lies in waking hours."""
    return HOURS.opens <= moment.astimezone(zone).time() < HOURS.closes


def next_waking(moment: datetime, zone: ZoneInfo) -> datetime:
    """The moment itself while people are awake, else eight o'clock that comes next."""
    if is_waking(moment, zone):
        return moment
    local = moment.astimezone(zone)
    day = local.date() if local.time() < HOURS.opens else local.date() + timedelta(days=1)
    return HOURS.on(day, zone).start


def after_waking(moment: datetime, lasts: timedelta, zone: ZoneInfo) -> datetime:
    """The moment at which so much of waking hours has passed since another."""
    left, at = lasts, next_waking(moment, zone)
    while True:
        evening = HOURS.on(at.astimezone(zone).date(), zone).end
        if at + left <= evening:
            return at + left
        left -= evening - at
        at = next_waking(evening, zone)
