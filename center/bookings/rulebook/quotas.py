"""How much somebody may use rooms in a day, a week or a month. Pure: uses come in, sums come out.

A quota counts by local day, by week from Monday or by month, in the centre's zone. Of a use that reaches over the
quota's hours or days only what lies inside counts, and it counts as one booking in each period in which it has any.
Cancelled, declined and expired bookings do not count; released ones and no-shows do, since their time was had.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from center.kernel.spans import LocalSpan, Span, day_span, days
from center.rooms.rule_models import Period, Whose

KindOf = Callable[[date], int]  # the weekday whose rules count on a date; 7 on a public holiday
ALL_WEEKDAYS = frozenset(range(8))
INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Tally:
    """Bookings and minutes, added up."""

    bookings: int = 0
    minutes: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(self.bookings + other.bookings, self.minutes + other.minutes)


@dataclass(frozen=True, kw_only=True)
class QuotaTerms:
    """What a quota says: at most so many bookings, or minutes, per period, within given weekdays and hours only."""

    id: int
    whose: Whose
    per: Period
    most_bookings: int | None = None
    most_minutes: int | None = None
    weekdays: frozenset[int] = ALL_WEEKDAYS
    hours: LocalSpan | None = None
    place: str = ""  # the group of rooms, or the room, that it counts; "" for all rooms
    place_en: str = ""

    def allows(self, total: Tally) -> bool:
        """Whether so much is within the quota."""
        enough_bookings = self.most_bookings is None or total.bookings <= self.most_bookings
        return enough_bookings and (self.most_minutes is None or total.minutes <= self.most_minutes)

    def counted(self, use: Span, *, kind_of: KindOf, zone: ZoneInfo) -> Iterator[tuple[date, Span]]:
        """What counts of a use, by local day."""
        for day in local_days(use, zone):
            if kind_of(day) in self.weekdays:
                within = self.hours.on(day, zone) if self.hours else day_span(day, zone)
                if piece := use.clip(within):
                    yield day, piece


@dataclass(frozen=True)
class QuotaUses:
    """A quota, and the uses that may count towards it: those there are, and those planned with the proposed use."""

    terms: QuotaTerms
    uses: tuple[Span, ...] = ()


@dataclass(frozen=True)
class QuotaState:
    """How a quota stands in one period, and what the proposed use would add."""

    terms: QuotaTerms
    first: date
    last: date
    used: Tally
    wanted: Tally

    @property
    def is_kept(self) -> bool:
        """Whether the proposed use stays within it, with what is booked already."""
        return self.terms.allows(self.used + self.wanted)


def local_days(use: Span, zone: ZoneInfo) -> Iterator[date]:
    """The local days that a use touches."""
    return days(use.start.astimezone(zone).date(), (use.end - INSTANT).astimezone(zone).date())


def period_of(day: date, per: Period) -> tuple[date, date]:
    """The first and last day of the period that a day lies in."""
    match per:
        case Period.DAY:
            return day, day
        case Period.WEEK:
            monday = day - timedelta(days=day.weekday())
            return monday, monday + timedelta(days=6)
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def tally(
    uses: Iterable[Span], terms: QuotaTerms, within: tuple[date, date], *, kind_of: KindOf, zone: ZoneInfo
) -> Tally:
    """What these uses add up to in a period."""
    bookings, time = 0, timedelta(0)
    for use in uses:
        pieces = [p for day, p in terms.counted(use, kind_of=kind_of, zone=zone) if within[0] <= day <= within[1]]
        bookings += bool(pieces)
        time += sum((piece.length for piece in pieces), timedelta(0))
    return Tally(bookings, -(-time // timedelta(minutes=1)))


def states(proposed: Span, quotas: Sequence[QuotaUses], *, kind_of: KindOf, zone: ZoneInfo) -> Iterator[QuotaState]:
    """How each quota stands in each period in which some of the proposed use counts, in order."""
    for each in quotas:
        touched = (day for day, _piece in each.terms.counted(proposed, kind_of=kind_of, zone=zone))
        for period in sorted({period_of(day, each.terms.per) for day in touched}):
            used = tally(each.uses, each.terms, period, kind_of=kind_of, zone=zone)
            wanted = tally([proposed], each.terms, period, kind_of=kind_of, zone=zone)
            yield QuotaState(each.terms, *period, used, wanted)


def reach(first: date, last: date, periods: Iterable[Period]) -> tuple[date, date]:
    """All the days whose uses count together with one from first to last."""
    known = list(periods)
    begin = min((period_of(first, per)[0] for per in known), default=first)
    return begin, max((period_of(last, per)[1] for per in known), default=last)


def moment_range(first: date, last: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """From the first day's midnight until the last day's end."""
    return day_span(first, zone).start, day_span(last, zone).end
