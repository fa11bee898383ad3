"""Half-open time spans [start, end): overlaps, merge, subtract. Pure.

a:  |-----)            a and b touch: they do not overlap
b:        |-----)
c:     |-----)         c overlaps both
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, order=True, slots=True)
class Span:
    """From `start` until just before `end`; both aware; never empty."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span needs aware times")
        if self.start >= self.end:
            raise ValueError("a span must end after it starts")

    @property
    def length(self) -> timedelta:
        """How much real time it is, also when the clocks change within."""
        return self.end.astimezone(UTC) - self.start.astimezone(UTC)  # real time, also when the clocks change within

    @property
    def in_utc(self) -> "Span":
        """The same time. Moments of one zone are compared many times faster than those of two."""
        return Span(self.start.astimezone(UTC), self.end.astimezone(UTC))

    def overlaps(self, other: "Span") -> bool:
        """Whether they share any time; spans that only touch do not."""
        return self.start < other.end and other.start < self.end

    def covers(self, other: "Span") -> bool:
        """Whether all of the other lies within."""
        return self.start <= other.start and other.end <= self.end

    def clip(self, to: "Span") -> "Span | None":
        """The part of this span inside `to`, or None."""
        start, end = max(self.start, to.start), min(self.end, to.end)
        return Span(start, end) if start < end else None


@dataclass(frozen=True, order=True, slots=True)
class LocalSpan:
    """Opening times of one day in the centre's own zone; `closes` of 00:00 means midnight at the day's end."""

    opens: time
    closes: time

    def on(self, day: date, zone: ZoneInfo) -> Span:
        """The span on a day in a zone; closing at midnight means the end of that day."""
        end_day = day + timedelta(days=1) if self.closes == time(0) else day
        return Span(datetime.combine(day, self.opens, zone), datetime.combine(end_day, self.closes, zone))


def span_of(day: date, start: time, minutes: int, zone: ZoneInfo) -> Span:
    """From a clock time on a local day, so many minutes on the clock."""
    begins = datetime.combine(day, start, zone)
    return Span(begins, begins + timedelta(minutes=minutes))


def day_span(day: date, zone: ZoneInfo) -> Span:
    """The whole local day, midnight to midnight."""
    return Span(datetime.combine(day, time(0), zone), datetime.combine(day + timedelta(days=1), time(0), zone))


def merge(spans: Iterable[Span]) -> list[Span]:
    """The same time as sorted spans that neither overlap nor touch."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def subtract(spans: Iterable[Span], taken: Iterable[Span]) -> list[Span]:
    """What is left of `spans` without `taken`, sorted and merged."""
    left = merge(spans)
    for hole in merge(taken):
        left = [piece for span in left for piece in _without(span, hole)]
    return left


def intersect(spans: Iterable[Span], others: Iterable[Span]) -> list[Span]:
    """The time that is in both, sorted and merged."""
    others = merge(others)
    return merge(piece for span in merge(spans) for other in others if (piece := span.clip(other)))


def split_by_day(span: Span, zone: ZoneInfo) -> Iterator[Span]:
    """The span cut at each local midnight."""
    day = span.start.astimezone(zone).date()
    while (here := day_span(day, zone)).start < span.end:
        if piece := span.clip(here):
            yield piece
        day += timedelta(days=1)


def days(first: date, last: date) -> Iterator[date]:
    """Each date from first to last, both included."""
    for n in range((last - first).days + 1):
        yield first + timedelta(days=n)


def _without(span: Span, hole: Span) -> Iterator[Span]:
    if not span.overlaps(hole):
        yield span
        return
    if span.start < hole.start:
        yield Span(span.start, hole.start)
    if hole.end < span.end:
        yield Span(hole.end, span.end)
