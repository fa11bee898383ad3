"""What may still be changed of a roster that people have signed up for, and what follows from it. Pure."""

import enum
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from center.signups.models import Mode
from center.signups.rosters import RosterFacts

IN_ORDER = frozenset({Mode.FIRST_COME, Mode.MEMBERS_ONLY})  # places are given to whoever comes, in order
GATES = ("min_age", "max_age", "guardian_below", "residents_only", "access_need_only", "members_of_id")
HOW_AND_WHEN = ("mode", "opens_at", "closes_at")


class Obstacle(enum.StrEnum):
    """Why a roster cannot be changed like this."""

    CLOSES_TOO_SOON = "closes_too_soon"  # a lottery whose sign-up would have closed already
    DRAWN = "drawn"  # how and when people signed up is part of the result
    HAS_PLACES = "has_places"  # no lottery among people some of whom have a place or wait
    NO_PLACE_FOR_ALL = "no_place_for_all"  # more ask than there are places, and nobody may wait
    SIGNED_UP = "signed_up"  # where people just come nobody is signed up


class Consequence(enum.StrEnum):
    """What a change means for people."""

    ALL_KEEP_PLACES = "all_keep_places"
    ASKING_ARE_DECIDED = "asking_are_decided"
    ASKING_ARE_DRAWN = "asking_are_drawn"
    ASKING_GET_PLACES = "asking_get_places"
    CANCEL_FOR_A_DAY = "cancel_for_a_day"
    CLOSES_AT_ONCE = "closes_at_once"
    DRAWN_AT_ONCE = "drawn_at_once"
    DRAWN_ON_ANOTHER_DAY = "drawn_on_another_day"
    KEPT_AGAIN = "kept_again"
    NOT_DRAWN_DECLINED = "not_drawn_declined"
    OFFERS_ANEW = "offers_anew"
    OPENS_AT_ONCE = "opens_at_once"
    OPEN_AGAIN = "open_again"
    OTHER_DEADLINE = "other_deadline"
    OUTSIDE_KEEP = "outside_keep"
    RELEASED_ALREADY = "released_already"
    RELEASED_AT_ONCE = "released_at_once"
    SHUT_UNTIL_OPENING = "shut_until_opening"
    WAITING_STAY = "waiting_stay"


@dataclass(frozen=True, kw_only=True)
class RosterCounts:
    """How a roster stands when somebody wants to change it."""

    with_place: int = 0  # offers, too
    waiting: int = 0
    asking: int = 0
    offered: int = 0  # of those with a place, who have not said yes yet
    left: int = 0
    kept_unused: int = 0  # kept places that nobody has
    outside: int = 0  # of all these, whom the changed gates would keep out
    starts_at: datetime | None = None
    is_drawn: bool = False
    is_released: bool = False

    @property
    def everybody(self) -> int:
        """How many are signed up in any way."""
        return self.with_place + self.waiting + self.asking


def changes(before: RosterFacts, after: RosterFacts) -> dict[str, tuple[Any, Any]]:
    """What would be different, each thing by name: as it is, as it would be."""
    was, would_be = asdict(before), asdict(after)
    return {name: (was[name], would_be[name]) for name in was if was[name] != would_be[name]}


def obstacles(before: RosterFacts, after: RosterFacts, now_is: RosterCounts, *, now: datetime) -> list[Obstacle]:
    """Everything that forbids the change."""
    changed, found = changes(before, after), []
    if now_is.is_drawn and any(name in changed for name in HOW_AND_WHEN):
        return [Obstacle.DRAWN]
    if after.mode is Mode.LOTTERY and not now_is.is_drawn:
        if "mode" in changed and now_is.with_place + now_is.waiting:
            found.append(Obstacle.HAS_PLACES)
        if {"mode", "closes_at"} & set(changed) and after.closes_at is not None and after.closes_at <= now:
            found.append(Obstacle.CLOSES_TOO_SOON)
    if "mode" in changed and after.mode is Mode.WALK_IN and now_is.everybody:
        found.append(Obstacle.SIGNED_UP)
    if _seats_the_asking(changed, after) and now_is.asking > now_is.left and not after.has_waiting_list:
        found.append(Obstacle.NO_PLACE_FOR_ALL)
    return found


def consequences(
    before: RosterFacts, after: RosterFacts, now_is: RosterCounts, *, now: datetime
) -> list[tuple[Consequence, int]]:
    """What the change means for people, and for how many."""
    changed = changes(before, after)
    found = [*_of_the_mode(changed, after, now_is), *_of_the_window(changed, after, now_is, now)]
    if "has_waiting_list" in changed and not after.has_waiting_list:
        if now_is.waiting:
            found.append((Consequence.WAITING_STAY, now_is.waiting))
        if after.mode is Mode.LOTTERY and not now_is.is_drawn:
            found.append((Consequence.NOT_DRAWN_DECLINED, now_is.asking))
    if "cancel_minutes" in changed and now_is.everybody:
        found.append((Consequence.OTHER_DEADLINE, now_is.everybody))
    if "release_minutes" in changed:
        found += _of_the_release(after, now_is, now)
    if now_is.outside and any(name in changed for name in GATES):
        found.append((Consequence.OUTSIDE_KEEP, now_is.outside))
    return found


def stamp_of(facts: RosterFacts) -> str:
    """What tells whether a roster was changed after somebody looked at it."""
    return sha256(repr(asdict(facts)).encode()).hexdigest()[:20]


def seats_the_asking(before: RosterFacts, after: RosterFacts) -> bool:
    """Whether those who asked get places in the order they came, since nobody decides or draws any more."""
    return _seats_the_asking(changes(before, after), after)


def _seats_the_asking(changed: Mapping[str, Any], after: RosterFacts) -> bool:
    return "mode" in changed and after.mode in IN_ORDER


def _of_the_mode(changed: Mapping[str, Any], after: RosterFacts, now_is: RosterCounts) -> list[tuple[Consequence, int]]:
    if "mode" not in changed:
        return []
    found = [(Consequence.ALL_KEEP_PLACES, now_is.with_place)] if now_is.with_place else []
    asking = {Mode.LOTTERY: Consequence.ASKING_ARE_DRAWN, Mode.APPROVAL: Consequence.ASKING_ARE_DECIDED}
    if now_is.asking:
        found.append((asking.get(after.mode, Consequence.ASKING_GET_PLACES), now_is.asking))
    return found


def _of_the_window(
    changed: Mapping[str, Any], after: RosterFacts, now_is: RosterCounts, now: datetime
) -> list[tuple[Consequence, int]]:
    found = []
    if "opens_at" in changed and after.opens_at is not None and after.opens_at > now:
        found.append((Consequence.SHUT_UNTIL_OPENING, now_is.everybody))
    if "closes_at" in changed and after.closes_at is not None and after.closes_at <= now:
        found.append((Consequence.CLOSES_AT_ONCE, now_is.everybody))
    return found


def _of_the_release(after: RosterFacts, now_is: RosterCounts, now: datetime) -> list[tuple[Consequence, int]]:
    if now_is.is_released:
        return [(Consequence.RELEASED_ALREADY, 0)]
    is_due = now_is.starts_at is not None and now_is.starts_at - timedelta(minutes=after.release_minutes) <= now
    return [(Consequence.RELEASED_AT_ONCE, now_is.kept_unused)] if is_due and now_is.kept_unused else []
