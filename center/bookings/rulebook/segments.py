"""A room's day in pieces, as boards draw it: free, booked, held, cleared up, closed, shut or past."""

import enum
from collections.abc import Iterator, Sequence
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
    whole, now = Span(facts.open_spans[0].start, facts.open_spans[-1].end), facts.now
    bookable = bookable_spans(facts.open_spans, rules, facts.zone)
    cuts = {whole.start, whole.end}
    for span in (*bookable, *_pieces(uses), Span(whole.start, now) if now > whole.start else whole):
        cuts.update(moment for moment in (span.start, span.end) if whole.start < moment < whole.end)
    pieces = [_segment(Span(start, end), uses, bookable, now) for start, end in pairwise(sorted(cuts))]
    return tuple(_joined(pieces))


def _pieces(uses: Sequence[Use]) -> Iterator[Span]:
    for use in uses:
        yield use.span
        if use.span.start < use.ends_at:
            yield Span(use.span.start, use.ends_at)


def _segment(span: Span, uses: Sequence[Use], bookable: Sequence[Span], now: datetime) -> Segment:
    for use in uses:
        if use.span.covers(span):
            return _used_segment(span, use)
    if not any(open_span.covers(span) for open_span in bookable):
        return Segment(SegmentState.SHUT, span.start, span.end)
    return Segment(SegmentState.PAST if span.end <= now else SegmentState.FREE, span.start, span.end)


def _used_segment(span: Span, use: Use) -> Segment:
    if use.kind is UseKind.CLOSURE:
        return Segment(SegmentState.CLOSED, span.start, span.end, use.label)
    if use.kind is UseKind.HOLD and not use.is_hidden:
        return Segment(SegmentState.HELD, span.start, span.end)
    if span.start >= use.ends_at:
        return Segment(SegmentState.CLEARING, span.start, span.end)
    return Segment(SegmentState.BOOKED, span.start, span.end, use.label, use.booking_reference)


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
