"""How many helpers or devices a door needs, and how fast people really come through it. Rules, and one read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from math import ceil
from statistics import median

from sqlalchemy import select

from center.attendance.models import AttendanceEvent, How, Outcome, Verb
from center.kernel.db import db

USUAL_SECONDS = 8  # what halls aim at for one person at a door
LOOKS_BACK = timedelta(days=30)
MOST_READ = 2000
QUEUE_GAP = timedelta(seconds=60)  # a longer gap is no queue: nobody was there
SAME_PRESS = timedelta(seconds=1)  # several at once are one press, such as a whole household
AT_THE_DOOR = (How.CARD, How.DESK, How.KIOSK, How.SIGN_UP, How.WALK_IN)
LEAST_GAPS = 5  # fewer say nothing


@dataclass(frozen=True)
class DoorNeed:
    """What a door needs so that all come in within the peak, and how long one helper alone would take."""

    helpers: int
    alone_minutes: int
    each_per_minute: float


def helpers_needed(arrivals: int, *, peak_minutes: int, seconds_each: float) -> DoorNeed:
    """How many must check in side by side; at least one."""
    work = arrivals * seconds_each
    helpers = max(1, ceil(work / (peak_minutes * 60)))
    return DoorNeed(helpers, ceil(work / 60), round(60 / seconds_each, 1))


def measured_seconds(doors: Iterable[Sequence[datetime]]) -> float | None:
    """The median time between two people at a door, from when each came through; None where too few came.

    Each of `doors` are the times at one door, in order.
    """
    gaps = [later - earlier for times in doors for earlier, later in pairwise(times)]
    queued = [gap.total_seconds() for gap in gaps if SAME_PRESS <= gap <= QUEUE_GAP]
    return round(median(queued), 1) if len(queued) >= LEAST_GAPS else None


def seconds_at_our_door(*, now: datetime) -> float | None:
    """What was measured at the centre's own doors in the last weeks; None where too few came."""
    query = (
        select(AttendanceEvent.session_id, AttendanceEvent.device_id, AttendanceEvent.by_id, AttendanceEvent.at)
        .where(
            AttendanceEvent.recorded_at > now - LOOKS_BACK,
            AttendanceEvent.verb == Verb.ARRIVED,
            AttendanceEvent.outcome == Outcome.ACCEPTED,
            AttendanceEvent.how.in_(AT_THE_DOOR),
        )
        .order_by(AttendanceEvent.id.desc())
        .limit(MOST_READ)
    )
    doors: dict[tuple[int, int | None, int], list[datetime]] = {}
    for session_id, device_id, by_id, at in db.session.execute(query):
        doors.setdefault((session_id, device_id, by_id), []).append(at)
    return measured_seconds(sorted(times) for times in doors.values())
