"""Until when somebody may decide about a request, of a room or of a place, or answer an offer of freed time."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from center.kernel.i18n import centre_zone
from center.kernel.waking import after_waking
from center.rooms.models import Room

OFFER_LASTS = timedelta(minutes=30)
LEAST_BEFORE_START = timedelta(minutes=20)  # later than this before the start, freed time is anybody's
ANSWERED_BEFORE_START = timedelta(minutes=10)
NOON = time(12)
AT_SHORT_NOTICE = timedelta(hours=2)
TAKEN_BACK_WITHIN = timedelta(minutes=1)


def undecided_until(starts_at: datetime, *, since: datetime, zone: ZoneInfo, minutes: int = 0) -> datetime:
    """When a request that was made (or last moved) at `since` is over if nobody decides.

    As many `minutes` before the start as staff set; else at noon of the day before; else two hours before; else after
    half of the time that is left.
    """
    day_before = starts_at.astimezone(zone).date() - timedelta(days=1)
    moments = [datetime.combine(day_before, NOON, zone), starts_at - AT_SHORT_NOTICE]
    if minutes:
        moments.insert(0, starts_at - timedelta(minutes=minutes))
    halfway = since + max(timedelta(0), starts_at - since) / 2
    return next((each for each in moments if each > since), halfway)


def may_take_back(decided_at: datetime, *, now: datetime) -> bool:
    """Whether a decision can still be taken back by whoever made it."""
    return decided_at <= now < decided_at + TAKEN_BACK_WITHIN


def expiry(starts_at: datetime, room: Room, *, now: datetime) -> datetime:
    """When a request for a room that is made now is over if nobody decides; the minutes are the room's."""
    return undecided_until(starts_at, since=now, zone=centre_zone(), minutes=room.expire_minutes)


def offer_ends(
    now: datetime, starts_at: datetime, *, zone: ZoneInfo, lasts: timedelta = OFFER_LASTS
) -> datetime | None:
    """Until when an offer made now holds its time: so many waking minutes, and not until the start. None: too late."""
    if starts_at - now < LEAST_BEFORE_START:
        return None
    return min(after_waking(now, lasts, zone), starts_at - ANSWERED_BEFORE_START)
