"""Whether a child comes on a day, from when, and how they go home. Pure.

The fixed week says it, then the latest change of that day. What cannot be held to (a form that was taken back, a
brother who is too young, a collector whose time is over) never sends a child home that way: they are collected.
"""

import enum
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from center.afterschool import stays
from center.afterschool.models.plans import Different, Stay, Way
from center.afterschool.models.terms import TermMode
from center.afterschool.places.states import is_paused

WAYS = {
    Different.ALONE: Way.ALONE,
    Different.BUS: Way.BUS,
    Different.COLLECTOR: Way.COLLECTED,
    Different.SIBLING: Way.SIBLING,
}


class WhyNot(enum.StrEnum):
    """Why a child is not expected on a day."""

    ENDED = "ended"
    LEAVE = "leave"
    NO_PLACE = "no_place"
    NO_SCHOOL = "no_school"
    NOT_THEIR_DAY = "not_their_day"
    PAUSED = "paused"


FINAL = frozenset({WhyNot.ENDED, WhyNot.NO_PLACE, WhyNot.PAUSED})  # no word of a guardian's of one day alters them


class Doubt(enum.StrEnum):
    """Why a child does not go home as was planned, but is collected."""

    COLLECTOR_OVER = "collector_over"  # revoked, or their time is over
    NO_CONSENT = "no_consent"  # to walking alone: taken back, or never given
    SIBLING_TOO_YOUNG = "sibling_too_young"
    TOO_YOUNG = "too_young"  # to go alone


@dataclass(frozen=True, kw_only=True)
class DayFacts:
    """What is so for everybody on a day: its date, as which weekday it counts, and the term's hours and ages."""

    on: date
    weekday: int
    mode: TermMode
    opens: time
    closes: time
    alone_age: int
    sibling_age: int
    halves: stays.DayHours | None = None  # of a whole day, which lunch parts in two


@dataclass(frozen=True, kw_only=True)
class Fixed:
    """How a child goes home on one weekday by the fixed week."""

    way: Way = Way.COLLECTED
    leaves: time | None = None
    sibling_birth_year: int | None = None
    stay: Stay = Stay.WHOLE


@dataclass(frozen=True, kw_only=True)
class Changed:
    """What a guardian said of the day."""

    id: int
    at: datetime
    what: Different
    leaves: time | None = None
    collector_counts: bool = True  # whether the collector who was named may still collect that day
    sibling_birth_year: int | None = None
    stay: Stay | None = None  # None: it says nothing of that
    is_acknowledged: bool = False

    @property
    def is_of_stay(self) -> bool:
        """Whether it says for which part of the day the child comes, and nothing else: they go home as before."""
        return self.what is Different.COMES and self.stay is not None


@dataclass(frozen=True, kw_only=True)
class ChildFacts:
    """What is so for one child on a day."""

    has_place: bool = True
    is_ended: bool = False
    paused_from: date | None = None
    paused_until: date | None = None
    finishes: time | None = None  # when their school ends that day; None: no school
    way_minutes: int = 15
    birth_year: int | None = None
    may_walk: bool = False  # whether a consent to walking alone stands
    fixed: Fixed | None = None  # None: not one of their days
    changes: Sequence[Changed] = ()


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What is expected of a child on a day."""

    comes: bool
    why_not: WhyNot | None
    finishes: time | None  # from school; None where there is none that day
    due: time | None  # by when they are here
    until: time | None  # by when they go home; None: when the programme closes
    stay: Stay | None  # for which part of a whole day; None after school
    way: Way | None
    leaves: time | None  # when they go alone, or usually
    doubt: Doubt | None
    change: int | None  # of the latest change of the day, whose word counts
    way_change: int | None  # of the latest that says how they go home
    is_unacknowledged: bool


def plan_of(day: DayFacts, child: ChildFacts) -> Plan:
    """What is expected of a child that day."""
    change = latest(child.changes)
    why_not = _why_not(day, child, change)
    due = None if why_not else _due(day, child)
    of_way = latest([each for each in child.changes if not each.is_of_stay])
    way, leaves, doubt = (None, None, None) if why_not else _way(day, child, of_way)
    stay = None if why_not or day.halves is None else stay_of(child)
    until = stays.hours_of(stay, day.halves).ends if stay and day.halves else None
    if stay and day.halves:
        due = stays.hours_of(stay, day.halves).starts
    return Plan(
        comes=why_not is None,
        why_not=why_not,
        finishes=child.finishes if day.mode is TermMode.AFTER_SCHOOL else None,
        due=due,
        until=until,
        stay=stay,
        way=way,
        leaves=min(leaves, until) if leaves and until else leaves,
        doubt=doubt,
        change=change.id if change else None,
        way_change=of_way.id if of_way else None,
        is_unacknowledged=any(not each.is_acknowledged for each in child.changes),
    )


def latest(changes: Sequence[Changed]) -> Changed | None:
    """The change of a day that counts: what was said last."""
    return max(changes, key=lambda each: (each.at, each.id), default=None)


def stay_of(child: ChildFacts) -> Stay:
    """For which part of a whole day a child comes: by what was said of it last, unless it is as usual after all."""
    ordered = sorted(child.changes, key=lambda each: (each.at, each.id))
    found = child.fixed.stay if child.fixed else Stay.WHOLE
    usual = found
    for each in ordered:
        found = usual if each.what is Different.USUAL else each.stay or found
    return found


def usual_why_not(day: DayFacts, child: ChildFacts) -> WhyNot | None:
    """Why a child would not be expected if nothing had been said of the day."""
    if not child.has_place:
        return WhyNot.ENDED if child.is_ended else WhyNot.NO_PLACE
    if child.is_ended:
        return WhyNot.ENDED
    if is_paused(child.paused_from, child.paused_until, day.on):
        return WhyNot.PAUSED
    if day.mode is TermMode.AFTER_SCHOOL and child.finishes is None:
        return WhyNot.NO_SCHOOL
    return None if child.fixed else WhyNot.NOT_THEIR_DAY


def is_past_cut_off(day: date, cut_off: time, *, now: datetime, zone: ZoneInfo) -> bool:
    """Whether guardians can no longer change a day themselves: from the cut-off of that day, by the centre's clock."""
    return now >= datetime.combine(day, cut_off, zone)


def age_on(birth_year: int | None, on: date) -> int | None:
    """How old somebody is at most that year; None where it is not known."""
    return None if birth_year is None else on.year - birth_year


def is_old_enough(birth_year: int | None, age: int, on: date) -> bool:
    """Whether somebody is so old, as far as the year of their birth tells; not where it is not known."""
    known = age_on(birth_year, on)
    return known is not None and known >= age


def _why_not(day: DayFacts, child: ChildFacts, change: Changed | None) -> WhyNot | None:
    usual = usual_why_not(day, child)
    if usual in FINAL or change is None or change.what is Different.USUAL:
        return usual
    return WhyNot.LEAVE if change.what is Different.LEAVE else None


def _due(day: DayFacts, child: ChildFacts) -> time:
    """After school and the way from there; where there is no school, when the programme opens."""
    if day.mode is TermMode.FULL_DAY or child.finishes is None:
        return day.opens
    whole = datetime.combine(day.on, child.finishes) + timedelta(minutes=child.way_minutes)
    here = whole.time() if whole.date() == day.on else time(23, 59)
    return max(here, day.opens)


def _way(day: DayFacts, child: ChildFacts, change: Changed | None) -> tuple[Way, time | None, Doubt | None]:
    wanted = WAYS.get(change.what) if change else None
    if change and wanted:
        way, leaves, sibling = wanted, change.leaves, change.sibling_birth_year
    elif child.fixed:
        way, leaves, sibling = child.fixed.way, child.fixed.leaves, child.fixed.sibling_birth_year
    else:
        way, leaves, sibling = Way.COLLECTED, None, None
    doubt = _doubt(day, child, way, sibling)
    if change and change.what is Different.COLLECTOR and not change.collector_counts:
        doubt = Doubt.COLLECTOR_OVER
    return (way, leaves, None) if doubt is None else (Way.COLLECTED, None, doubt)


def _doubt(day: DayFacts, child: ChildFacts, way: Way, sibling_birth_year: int | None) -> Doubt | None:
    if way is Way.ALONE and not child.may_walk:
        return Doubt.NO_CONSENT
    if way is Way.ALONE and not is_old_enough(child.birth_year, day.alone_age, day.on):
        return Doubt.TOO_YOUNG
    if way is Way.SIBLING and not is_old_enough(sibling_birth_year, day.sibling_age, day.on):
        return Doubt.SIBLING_TOO_YOUNG
    return None
