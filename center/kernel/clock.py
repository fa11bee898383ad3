"""What time it is: the only caller of `datetime.now` in the product.

`CENTER_CLOCK_START` makes the clock start at a chosen moment and run on from there; it serves
rehearsals, screenshots and tests, so that a page of today looks the same whenever it is made.
"""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

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
