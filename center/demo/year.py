"""A year of uses of the rooms around today: the weekly timetable, and what people book in between. Pure.

Times are minutes since local midnight. The database would refuse two uses of one part at once; none are planned.
"""

import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from center.demo.source import clock_minutes

PAST_DAYS, COMING_DAYS = 334, 30
OWN_HORIZON, ORGANISATIONS_HORIZON = 14, 30  # days ahead that people and organisations may book
GIVEN_UP = 0.08  # of the planned uses, how many are cancelled or declined, so that the time is free again
WHOLE_HALL = 0.15
HOLIDAYS_FROM_SCHOOL = ((7, 5, 8, 31), (1, 20, 2, 20))

Minutes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class RoomPlan:
    """What the plan needs to know of a room."""

    code: str
    leaves: tuple[str, ...]
    step: int
    buffer: int
    capacity: int
    min_people: int
    lengths: tuple[int, ...] = ()
    purposes: tuple[tuple[str, str | None], ...] = ()
    whole: str = ""  # the room it is a part of


@dataclass(frozen=True, slots=True)
class PlannedUse:
    """One use; `is_given_up` ones take no time in the end."""

    room: str
    day: date
    start: int
    end: int
    clear: int
    purpose: str
    organisation: str | None
    people: int
    is_recurring: bool = False
    is_given_up: bool = False


class Day:
    """One day's time as it fills up."""

    def __init__(self, day: date, ahead: int, open_minutes: Mapping[str, Sequence[Minutes]]) -> None:
        self.day, self.ahead, self.open_minutes = day, ahead, open_minutes
        self._taken: dict[str, list[Minutes]] = {}

    def close(self, leaf: str, start: int, end: int) -> None:
        """Note that a part cannot be used for a while."""
        self._taken.setdefault(leaf, []).append((start, end))

    def block(self, room: RoomPlan, use: PlannedUse) -> None:
        """Note that a use takes the room's parts until it is cleared up."""
        for leaf in room.leaves:
            self.close(leaf, use.start, use.clear)

    def is_open(self, room: str, start: int, end: int) -> bool:
        """Whether a room is open from one minute of the day to another."""
        return any(opens <= start and end <= closes for opens, closes in self.open_minutes.get(room, ()))

    def is_taken(self, room: RoomPlan, start: int, clear: int) -> bool:
        """Whether any part of a room is in use between two minutes of the day, clearing up included."""
        return any(s < clear and start < c for leaf in room.leaves for s, c in self._taken.get(leaf, ()))


def plan_day(
    day: Day,
    rooms: Mapping[str, RoomPlan],
    timetable: Sequence[Mapping[str, Any]],
    *,
    is_school_day: bool,
    chance: random.Random,
) -> Iterator[PlannedUse]:
    """Every use of one day, the timetable's first."""
    for entry in timetable:
        if is_due(entry, day.day, is_school_day=is_school_day):
            yield from _recurring(entry, day, rooms[entry["room"]])
    if day.ahead > ORGANISATIONS_HORIZON:
        return
    for room in rooms.values():
        if len(room.leaves) == 1:
            yield from _fill(room, rooms.get(room.whole), day, chance)


def is_due(entry: Mapping[str, Any], day: date, *, is_school_day: bool) -> bool:
    """Whether the timetable's entry falls on the day."""
    if day.weekday() not in entry["weekdays"]:
        return False
    return {
        "weekly": True,
        "school_days": is_school_day,
        "first_week": day.day <= 7,
        "mid_month": 12 <= day.day <= 18,
        "quarter": day.day <= 7 and day.month % 3 == 0,
    }[entry["when"]]


def is_term(day: date) -> bool:
    """Whether schools are in term."""
    return not any((m, d) <= (day.month, day.day) <= (n, e) for m, d, n, e in HOLIDAYS_FROM_SCHOOL)


def busyness(ahead: int) -> float:
    """How likely the next free time of a room is used, by how many days ahead it is."""
    if ahead < 0:
        return 0.87
    if ahead == 0:
        return 0.7
    if ahead <= OWN_HORIZON:
        return 0.55 - 0.02 * ahead  # what residents can still book
    return 0.2


def days_around(today: date, *, scale: float = 1.0) -> list[date]:
    """The year of the demonstration; a smaller scale reaches less far back."""
    return [today + timedelta(days=n) for n in range(-round(PAST_DAYS * scale), COMING_DAYS + 1)]


def _recurring(entry: Mapping[str, Any], day: Day, room: RoomPlan) -> Iterator[PlannedUse]:
    start, end = clock_minutes(entry["start"]), clock_minutes(entry["end"])
    clear = end + room.buffer
    if not day.is_open(room.code, start, end) or day.is_taken(room, start, clear):
        return
    use = PlannedUse(
        room.code, day.day, start, end, clear, entry["title"], entry["organisation"], entry["people"], is_recurring=True
    )
    day.block(room, use)
    yield use


def _fill(room: RoomPlan, whole: RoomPlan | None, day: Day, chance: random.Random) -> Iterator[PlannedUse]:
    """What is booked of a room beside the timetable: from opening on, each free time is used or left."""
    for opens, closes in day.open_minutes.get(room.code, ()):
        at = _on_step(opens, room.step)
        while at + min(room.lengths) <= closes:
            use = _try(whole if whole and chance.random() < WHOLE_HALL else room, day, at, closes, chance)
            if use:
                yield use
            at = _on_step(use.clear if use and not use.is_given_up else at + 30, room.step)


def _try(room: RoomPlan, day: Day, at: int, closes: int, chance: random.Random) -> PlannedUse | None:
    length = chance.choice(room.lengths)
    if chance.random() > busyness(day.ahead) or at + length > closes:
        return None
    if day.is_taken(room, at, at + length + room.buffer):
        return None
    use = _use(room, day, at, length, chance)
    if use and not use.is_given_up:
        day.block(room, use)
    return use


def _use(room: RoomPlan, day: Day, start: int, length: int, chance: random.Random) -> PlannedUse | None:
    purpose, organisation = chance.choice(room.purposes)
    if day.ahead > OWN_HORIZON and organisation is None:
        return None
    most = min(room.capacity, 40 if len(room.leaves) > 1 else 24) if organisation else min(room.capacity, 10)
    people = chance.randint(max(room.min_people, 2), max(room.min_people, most))
    end = start + length
    return PlannedUse(
        room.code, day.day, start, end, end + room.buffer, purpose, organisation, people,
        is_given_up=chance.random() < GIVEN_UP,
    )  # fmt: skip


def _on_step(minute: int, step: int) -> int:
    return -(-minute // step) * step
