"""Which weekly times stand in each other's way, and which days a term gives one. Pure."""

from datetime import date, time, timedelta
from typing import Protocol

MOST_TIMES = 400


class Weekly(Protocol):
    """A time of a weekday."""

    @property
    def weekday(self) -> int: ...
    @property
    def starts(self) -> time: ...
    @property
    def minutes(self) -> int: ...


def overlap(one: Weekly, other: Weekly, *, buffer: int) -> bool:
    """Whether two times of rooms that share a part are too near to each other, clearing up included."""
    if one.weekday != other.weekday:
        return False
    first, second = _minute(one.starts), _minute(other.starts)
    return first < second + other.minutes + buffer and second < first + one.minutes + buffer


def first_of(weekday: int, starts_on: date) -> date:
    """The first such weekday of a term."""
    return starts_on + timedelta(days=(weekday - starts_on.weekday()) % 7)


def _minute(moment: time) -> int:
    return moment.hour * 60 + moment.minute
