"""Waking hours: nobody is rung, and no offer runs out, between 21:00 and 08:00. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from center.kernel.spans import LocalSpan

HOURS = LocalSpan(time(8), time(21))


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


def after_waking(moment: datetime, minutes: int, zone: ZoneInfo) -> datetime:
    """The moment at which so many minutes of waking hours have passed since another."""
    left, at = timedelta(minutes=minutes), next_waking(moment, zone)
    while True:
        evening = HOURS.on(at.astimezone(zone).date(), zone).end
        if at + left <= evening:
            return at + left
        left -= evening - at
        at = next_waking(evening, zone)
