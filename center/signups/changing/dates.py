"""What hangs on a date moves with it, as far from the new one as it was from the old, by the centre's clock. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from center.signups.changing.rules import Consequence, RosterCounts
from center.signups.models import Mode
from center.signups.rosters import RosterFacts
from center.signups.rules import LAST_BATCH


@dataclass(frozen=True, kw_only=True)
class Step:
    """That the first date of a roster was at one time and is at another."""

    was: datetime
    is_now: datetime
    zone: ZoneInfo

    def along(self, moment: datetime) -> datetime:
        """As far from the new date as the moment was from the old one: 18:00 the evening before stays that."""
        return (self._plain(moment) + (self._plain(self.is_now) - self._plain(self.was))).replace(tzinfo=self.zone)

    def _plain(self, moment: datetime) -> datetime:
        return moment.astimezone(self.zone).replace(tzinfo=None)


@dataclass(frozen=True, kw_only=True)
class Dates:
    """The dates of a roster as they would be."""

    first: datetime
    next: datetime | None  # the first that has not started yet
    ends_at: datetime
    known: Sequence[datetime] = ()  # when its sessions start as it is now


def carried(facts: RosterFacts, step: Step, *, is_drawn: bool, now: datetime) -> RosterFacts:
    """When sign-up opens and closes after the step. What was drawn stays drawn, and what has opened is not shut."""
    if is_drawn:
        return facts
    opens_at, closes_at = facts.opens_at, facts.closes_at
    if opens_at is not None and (step.is_now < step.was or opens_at > now):
        opens_at = step.along(opens_at)
    return replace(facts, opens_at=opens_at, closes_at=step.along(closes_at) if closes_at else None)


def answer_until(stood: datetime, *, fresh: datetime, dates: Dates, now: datetime) -> datetime:
    """Until when an offer can be answered once its dates have changed: as if it were made now, if that is later, but
    never later than offers are asked for.
    """
    if dates.next is None:
        last = dates.ends_at
    else:
        last = dates.next - LAST_BATCH if dates.next - LAST_BATCH > now else dates.next
    return min(max(stood, fresh), last)


def consequences(
    before: RosterFacts, after: RosterFacts, was_first: datetime, dates: Dates, now_is: RosterCounts, *, now: datetime
) -> list[tuple[Consequence, int]]:
    """What other dates mean for sign-up and for those who are on the roster, and for how many."""
    found = [*_of_the_window(before, after, was_first, dates, now_is, now), *_of_kept_places(after, dates, now_is, now)]
    deadline = dates.next - timedelta(minutes=after.cancel_minutes) if dates.next else None
    if now_is.with_place and deadline and deadline <= now and dates.next not in dates.known:
        found.append((Consequence.CANCEL_FOR_A_DAY, now_is.with_place))
    if now_is.offered and dates.next != min((each for each in dates.known if each > now), default=None):
        found.append((Consequence.OFFERS_ANEW, now_is.offered))
    return found


def _of_the_window(
    before: RosterFacts, after: RosterFacts, was_first: datetime, dates: Dates, now_is: RosterCounts, now: datetime
) -> list[tuple[Consequence, int]]:
    found = []
    if before.opens_at is not None and after.opens_at is not None and after.opens_at <= now < before.opens_at:
        found.append((Consequence.OPENS_AT_ONCE, 0))
    was_shut, is_shut = (before.closes_at or was_first) <= now, (after.closes_at or dates.first) <= now
    if after.mode is Mode.WALK_IN or now_is.is_drawn:
        return found
    if after.mode is Mode.LOTTERY:
        is_later = now_is.asking and after.closes_at != before.closes_at
        told = [(Consequence.DRAWN_ON_ANOTHER_DAY, now_is.asking)] if is_later else []
        return [*found, *([(Consequence.DRAWN_AT_ONCE, now_is.asking)] if is_shut else told)]
    if is_shut is not was_shut:
        found.append((Consequence.CLOSES_AT_ONCE if is_shut else Consequence.OPEN_AGAIN, 0))
    return found


def _of_kept_places(
    after: RosterFacts, dates: Dates, now_is: RosterCounts, now: datetime
) -> list[tuple[Consequence, int]]:
    is_due = dates.first - timedelta(minutes=after.release_minutes) <= now
    if not now_is.kept_unused or is_due is now_is.is_released:
        return []
    return [(Consequence.RELEASED_AT_ONCE if is_due else Consequence.KEPT_AGAIN, now_is.kept_unused)]
