"""Which weekly times suit a term best: a clock time on the same weekdays, by how many of its dates are free. Pure.

What a room's days allow comes in, by date; `best_times` reads it.
"""

import enum
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from itertools import combinations, pairwise

MOST = 5


class Lack(enum.StrEnum):
    """Why a date cannot be had at a weekly time."""

    CLOSED = "closed"
    HOLIDAY = "holiday"
    TAKEN = "taken"
    UNBOOKABLE = "unbookable"  # too soon, too far ahead, or over


@dataclass(frozen=True, kw_only=True)
class Week:
    """On which weekdays it could be (0 is Monday), on how many of them, and how long each time."""

    weekdays: tuple[int, ...]
    times: int
    minutes: int
    near: time | None = None  # of times that are equally good the nearest to this one comes first

    @property
    def patterns(self) -> Iterator[tuple[int, ...]]:
        """The weekdays that could go together, in order."""
        known = sorted(set(self.weekdays))
        return combinations(known, max(1, min(self.times, len(known))))


@dataclass(frozen=True, kw_only=True)
class Ranked:
    """A weekly time: how many of the term's dates can be had. `room` is the number of the room as it was given."""

    room: int
    weekdays: tuple[int, ...]
    starts: time
    free: int
    dates: tuple[date, ...]


Days = Mapping[date, frozenset[time]]  # the free starts of each date


def rank(rooms: Sequence[Days], week: Week, *, most: int = MOST) -> list[Ranked]:
    """The best weekly times of these rooms, the best first; earlier rooms come first among equals.

    Of times that overlap in one room on the same weekdays only the best is named.
    """
    found = [each for room, days in enumerate(rooms) for each in _all_of(room, days, week)]
    found.sort(key=_by(week))
    kept: list[Ranked] = []
    for each in found:
        if len(kept) == most:
            break
        if not any(_says_the_same(each, other, week.minutes) for other in kept):
            kept.append(each)
    return kept


def free_at(days: Days, weekdays: Iterable[int], starts: time) -> Ranked:
    """How one weekly time stands, whether it is among the best or not."""
    wanted = set(weekdays)
    dates = tuple(day for day in sorted(days) if day.weekday() in wanted)
    free = sum(starts in days[day] for day in dates)
    return Ranked(room=0, weekdays=tuple(sorted(wanted)), starts=starts, free=free, dates=dates)


def _all_of(room: int, days: Days, week: Week) -> Iterator[Ranked]:
    """Every weekly time of a room that has any date."""
    dates: dict[int, list[date]] = {}
    counts: dict[int, dict[time, int]] = {}
    for day in sorted(days):
        dates.setdefault(day.weekday(), []).append(day)
        of_weekday = counts.setdefault(day.weekday(), {})
        for start in days[day]:
            of_weekday[start] = of_weekday.get(start, 0) + 1
    for weekdays in week.patterns:
        together = tuple(sorted(day for weekday in weekdays for day in dates.get(weekday, ())))
        for start in {start for weekday in weekdays for start in counts.get(weekday, ())}:
            free = sum(counts.get(weekday, {}).get(start, 0) for weekday in weekdays)
            yield Ranked(room=room, weekdays=weekdays, starts=start, free=free, dates=together)


def _by(week: Week) -> Callable[[Ranked], tuple[object, ...]]:
    """The fewest missing dates first; then what lies near to what was asked for, apart in the week, and early."""
    near = _minutes(week.near) if week.near else None

    def key(each: Ranked) -> tuple[object, ...]:
        distance = abs(_minutes(each.starts) - near) if near is not None else 0
        share = -each.free / len(each.dates) if each.dates else 0
        return share, distance, -_apart(each.weekdays), each.room, each.weekdays, each.starts

    return key


def _apart(weekdays: Sequence[int]) -> int:
    """The fewest days between two of them, around the week."""
    if len(weekdays) < 2:
        return 0
    gaps = [after - before for before, after in pairwise(weekdays)]
    return min([*gaps, weekdays[0] + 7 - weekdays[-1]])


def _says_the_same(each: Ranked, other: Ranked, minutes: int) -> bool:
    is_same = (each.room, each.weekdays) == (other.room, other.weekdays)
    return is_same and abs(_minutes(each.starts) - _minutes(other.starts)) < minutes


def _minutes(clock: time) -> int:
    return clock.hour * 60 + clock.minute
