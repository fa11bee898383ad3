"""Days in their months, as pages list them."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Month(Generic[T]):
    """What is listed of one month."""

    first: date
    listed: list[T]


def by_month(days: Iterable[T], date_of: Callable[[T], date]) -> list[Month[T]]:
    """Days in order, each in its month."""
    return [Month(first, list(listed)) for first, listed in groupby(days, lambda each: date_of(each).replace(day=1))]
