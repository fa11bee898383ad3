"""How somebody is told, when it is decent to do so, and how often it is tried again. Pure."""

import enum
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from center.kernel.waking import next_waking
from center.notices.models import Preferred, Way

# 1, 2, 4 … minutes, then every 4 hours, for about 32 hours in all. Fixed, so that anyone can say when the next try is.
FIRST_WAIT = timedelta(minutes=1)
LONGEST_WAIT = timedelta(hours=4)
MOST_TRIES = 16
LEASE = timedelta(minutes=5)  # a hand-over takes seconds; after this long whoever made it is taken to be dead
RING_AGAIN_AFTER = timedelta(minutes=30)


class Calls(enum.StrEnum):
    """When a kind of news is worth a telephone call."""

    NEVER = "never"  # the person did it themselves, or stood at the desk
    IF_WANTED = "if_wanted"  # a kindness: as they asked for it, else at the door for whoever has no account
    WITHOUT_ACCOUNT = "without_account"  # whoever can look it up need not be rung
    UNLESS_READ = "unless_read"  # others changed their plans: they must hear of it


@dataclass(frozen=True, kw_only=True)
class Reach:
    """How somebody can be reached. `email` and `phone` are empty where there is none; `has_gateway` says whether the
    centre can send e-mail at all.
    """

    preferred: Preferred = Preferred.AUTOMATIC
    is_withdrawn: bool = False
    has_account: bool = False
    has_gateway: bool = False
    email: str = ""
    phone: str = ""

    @property
    def can_email(self) -> bool:
        """Whether a letter can leave: there is an address, and a gateway to send it by."""
        return bool(self.email and self.has_gateway)


def way_out(reach: Reach, calls: Calls) -> Way | None:
    """The way on which a notice leaves the house; None where the inbox has to do."""
    if reach.is_withdrawn:
        return Way.IN_PERSON if _must_hear(reach, calls) else None
    if reach.preferred is Preferred.INBOX and reach.has_account:
        return None
    if reach.can_email and reach.preferred in {Preferred.AUTOMATIC, Preferred.EMAIL}:
        return Way.EMAIL
    if calls is Calls.NEVER:
        return None
    if reach.preferred is Preferred.SLIP:
        return Way.SLIP
    if calls is Calls.IF_WANTED and reach.preferred is not Preferred.CALL:
        return None if reach.has_account else Way.VISIT
    is_enough = reach.has_account and calls is Calls.WITHOUT_ACCOUNT and reach.preferred is not Preferred.CALL
    if is_enough:
        return None
    return _by_hand(reach)


def instead_of_email(reach: Reach, calls: Calls) -> Way | None:
    """How somebody is told whose e-mail came back. An account is not enough then: they count on their e-mail."""
    if reach.phone and not reach.is_withdrawn and calls is not Calls.NEVER:
        return Way.CALL
    return way_out(replace(reach, email=""), calls)


def _must_hear(reach: Reach, calls: Calls) -> bool:
    """Whether somebody who wants no messages and no calls has to hear it all the same, when they are met."""
    return calls is Calls.UNLESS_READ or (calls is Calls.WITHOUT_ACCOUNT and not reach.has_account)


def _by_hand(reach: Reach) -> Way | None:
    """By telephone; on paper where there is none; an account's inbox rather than paper that nobody asked for."""
    if reach.phone:
        return Way.CALL
    return None if reach.has_account else Way.SLIP


def decent_time(now: datetime, *, zone: ZoneInfo, is_asked_for: bool) -> datetime:
    """When a notice may go out: at once if the person asked for it this minute, else not between 21:00 and 08:00."""
    return now if is_asked_for else next_waking(now, zone)


def next_try(now: datetime, *, attempts: int) -> datetime | None:
    """When to try again after so many tries; None when it has been tried often enough."""
    if attempts >= MOST_TRIES:
        return None
    wait: timedelta = min(FIRST_WAIT * 2 ** (attempts - 1), LONGEST_WAIT)
    return now + wait
