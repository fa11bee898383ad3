"""Whether a room can be had when working people are free: in the evening, at the weekend. Pure."""

import enum
from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from center.kernel.spans import LocalSpan, Span, intersect
from center.rooms.models import BookingWindow, OpeningHours, Room
from center.rooms.schedule import own_hours

EVENING = time(18)
WORKING_DAYS, WEEKEND = frozenset(range(5)), frozenset({5, 6})
LEAST = timedelta(hours=1)
SOME_DAY, SOME_ZONE = date(2001, 1, 1), ZoneInfo("UTC")  # only the hours of the clock count here


class OffHours(enum.StrEnum):
    """When people come who work in the daytime."""

    EVENING = "evening"
    WEEKEND = "weekend"


def is_open_on(room: Room, when: OffHours) -> bool:
    """Whether it can be had for an hour then: on some working day after six, or on a Saturday or Sunday."""
    days = WORKING_DAYS if when is OffHours.EVENING else WEEKEND
    spans = _spans(row for row in own_hours(room).hours if row.weekday in days)
    if room.windows:
        spans = intersect(spans, _spans(room.windows))
    begins = datetime.combine(SOME_DAY, EVENING if when is OffHours.EVENING else time(0), SOME_ZONE)
    return any(span.end - max(span.start, begins) >= LEAST for span in spans)


def _spans(rows: Iterable[OpeningHours | BookingWindow]) -> list[Span]:
    return [LocalSpan(row.opens, row.closes).on(SOME_DAY, SOME_ZONE) for row in rows]
