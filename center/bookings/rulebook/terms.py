"""What staff set for a room beside its own rules, as plain values, for one party and some days. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from center.bookings.rulebook.quotas import ALL_WEEKDAYS, KindOf, QuotaUses, local_days
from center.kernel.spans import LocalSpan, Span, days, merge
from center.rooms.rule_models import PurposeRule


@dataclass(frozen=True)
class Named:
    """Something with a name in both languages."""

    name: str
    name_en: str = ""


@dataclass(frozen=True)
class DayHours:
    """Hours on some weekdays, where 7 is a public holiday."""

    weekdays: frozenset[int]
    hours: LocalSpan


@dataclass(frozen=True, kw_only=True)
class Priority:
    """Hours that are kept for somebody, until so many days before if they are released at all."""

    name: Named
    hours: LocalSpan
    weekdays: frozenset[int] = ALL_WEEKDAYS
    release_days: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def is_kept_on(self, day: date, *, today: date, kind: int) -> bool:
        """Whether the hours are kept on this day, seen from today."""
        if (
            kind not in self.weekdays
            or (self.starts_on and day < self.starts_on)
            or (self.ends_on and day > self.ends_on)
        ):
            return False
        return self.release_days is None or day - today > timedelta(days=self.release_days)


@dataclass(frozen=True)
class Reserved:
    """Time that is kept for others."""

    span: Span
    priority: Priority


@dataclass(frozen=True)
class PurposeTerms:
    """A kind of use and what becomes of it in this room."""

    id: int
    name: Named
    rule: PurposeRule


@dataclass(frozen=True, kw_only=True)
class Terms:
    """All of it for one room: time kept for others, hours without approval, who may come, what for, and quotas."""

    reserved: tuple[Reserved, ...] = ()
    approval_hours: tuple[DayHours, ...] = ()
    audience: tuple[Named, ...] = ()  # groups of people; none means that the room is for everybody
    is_invited: bool = True  # whether the party belongs to one of them
    purposes: Mapping[int, PurposeTerms] = field(default_factory=dict)
    quotas: tuple[QuotaUses, ...] = ()
    kinds: Mapping[date, int] = field(default_factory=dict)  # days whose rules are not those of their weekday

    def kind_of(self, day: date) -> int:
        """The weekday whose rules count on a date; 7 on a public holiday."""
        return self.kinds.get(day, day.weekday())


NO_TERMS = Terms()


def reserve(
    priorities: Iterable[Priority], first: date, last: date, *, today: date, kind_of: KindOf, zone: ZoneInfo
) -> Iterator[Reserved]:
    """The time that is kept on these days, by day."""
    known = list(priorities)
    for day in days(first, last):
        for each in known:
            if each.is_kept_on(day, today=today, kind=kind_of(day)):
                yield Reserved(each.hours.on(day, zone), each)


def is_within(use: Span, allowed: Iterable[DayHours], *, kind_of: KindOf, zone: ZoneInfo) -> bool:
    """Whether all of a use lies inside the hours."""
    known = list(allowed)
    spans = [e.hours.on(day, zone) for day in local_days(use, zone) for e in known if kind_of(day) in e.weekdays]
    return any(span.covers(use) for span in merge(spans))
