"""A room's day in pieces, as boards draw it: free, booked, held, cleared up, closed, shut or past."""

import enum
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise

from center.bookings.rulebook.facts import Facts, RoomRules, Use
from center.bookings.rulebook.rules import bookable_spans
from center.kernel.spans import Span
from center.rooms.models import UseKind


class SegmentState(enum.StrEnum):
    """What a stretch of a room's day is, to somebody who looks for time."""

    BOOKED = "booked"
    CLEARING = "clearing"
    CLOSED = "closed"
    FREE = "free"
    HELD = "held"
    PAST = "past"
    SHUT = "shut"


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of a room's day. `label` is what the public may read of it; empty when nothing is."""

    state: SegmentState
    start: datetime
    end: datetime
    label: str = ""
    booking_reference: str | None = None


def segments_of(uses: Sequence[Use], rules: RoomRules, facts: Facts) -> tuple[Segment, ...]:
    """The pieces of a day, without gaps from the first opening to the last closing; none where it is closed."""
    if not facts.open_spans:
        return ()
    bookable = [span.in_utc for span in bookable_spans(facts.open_spans, rules, facts.zone)]
    opens, closes = facts.open_spans[0].in_utc.start, facts.open_spans[-1].in_utc.end
    cuts = {facts.now, *(moment for span in bookable for moment in (span.start, span.end))}
    for use in uses:
        cuts.update((use.span.start, use.ends_at, use.span.end))
    within = (moment for moment in cuts if opens < moment < closes)
    waiting, pieces = deque(uses), []
    for start, end in pairwise([opens, *sorted(within), closes]):
        while waiting and waiting[0].span.end <= start:
            waiting.popleft()
        pieces.append(_segment(start, end, waiting, bookable, facts.now))
    return tuple(_joined(pieces))


def _segment(start: datetime, end: datetime, uses: Iterable[Use], bookable: Sequence[Span], now: datetime) -> Segment:
    for use in uses:
        if use.span.start <= start and end <= use.span.end:
            return _used_segment(start, end, use)
    if not any(span.start <= start and end <= span.end for span in bookable):
        return Segment(SegmentState.SHUT, start, end)
    return Segment(SegmentState.PAST if end <= now else SegmentState.FREE, start, end)


def _used_segment(start: datetime, end: datetime, use: Use) -> Segment:
    if use.kind is UseKind.CLOSURE:
        return Segment(SegmentState.CLOSED, start, end, use.label)
    if use.kind is UseKind.HOLD and not use.is_hidden:
        return Segment(SegmentState.HELD, start, end)
    if start >= use.ends_at:
        return Segment(SegmentState.CLEARING, start, end)
    return Segment(SegmentState.BOOKED, start, end, use.label, use.booking_reference)


def _joined(segments: Sequence[Segment]) -> Iterator[Segment]:
    """The same segments with neighbours of one kind and one use made one."""
    held: Segment | None = None
    for segment in segments:
        if held and _says_the_same(held, segment):
            held = replace(held, end=segment.end)
            continue
        if held:
            yield held
        held = segment
    if held:
        yield held


def _says_the_same(one: Segment, other: Segment) -> bool:
    """But for the time: written out, since a board asks it a hundred times."""
    is_same = one.state is other.state and one.label == other.label
    return is_same and one.booking_reference == other.booking_reference
