"""What is free when: the uses of rooms and the schedule read together, for the boards and for the rules.

The number of queries does not depend on how many rooms, days or bookings are shown.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from center.bookings.models import Booking
from center.bookings.rulebook.facts import NO_TERMS, Facts, RoomRules, Terms
from center.bookings.rulebook.rules import bookable_spans
from center.bookings.rulebook.times import fitting_starts
from center.bookings.rulebook.uses_of_rooms import Use, closed_times, uses_of
from center.kernel.i18n import centre_zone
from center.kernel.spans import LocalSpan, Span, day_span, days, merge
from center.rooms.models import Room, UseKind
from center.rooms.schedule import Schedule, load_schedule


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


@dataclass(frozen=True)
class RoomDay:
    """One room's day: segments without gaps from its first opening to its last closing."""

    room: Room
    day: date
    segments: tuple[Segment, ...]
    closed_reason: str
    rules: RoomRules
    facts: Facts

    def free_starts(self, minutes: int) -> list[datetime]:
        """The starts at which a use of that length would fit into what is left of this day."""
        length = timedelta(minutes=minutes)
        return [start for start in fitting_starts(length, self.rules, self.facts) if start >= self.facts.now]


def rules_of(room: Room) -> RoomRules:
    """A room's booking settings as the rule book takes them."""
    return RoomRules(
        windows=tuple(LocalSpan(window.opens, window.closes) for window in room.windows),
        **{name: getattr(room, name) for name in RoomRules.__dataclass_fields__ if name != "windows"},
    )


def room_days(rooms: Sequence[Room], first: date, last: date, *, now: datetime) -> list[RoomDay]:
    """Every one of the rooms on every day from first to last, by room in the order given, then by day."""
    schedule, uses = opened_and_taken(rooms, first, last, now=now)
    return plan_days(rooms, first, last, schedule, uses, now=now)


def opened_and_taken(
    rooms: Sequence[Room], first: date, last: date, *, now: datetime
) -> tuple[Schedule, Mapping[int, Sequence[Use]]]:
    """When these rooms are open and what they are used for from first to last, in a fixed number of queries."""
    zone = centre_zone()
    longest_buffer = max((timedelta(minutes=room.buffer_minutes) for room in rooms), default=timedelta(0))
    within = Span(day_span(first, zone).start, day_span(last, zone).end + longest_buffer)
    return load_schedule(rooms, first, last, zone=zone), uses_of(rooms, within, now=now)


def plan_days(
    rooms: Sequence[Room],
    first: date,
    last: date,
    schedule: Schedule,
    uses: Mapping[int, Sequence[Use]],
    *,
    now: datetime,
) -> list[RoomDay]:
    """Like `room_days`, from what is read already."""
    plans = []
    for room in rooms:
        for day in days(first, last):
            whole_day = day_span(day, schedule.zone)
            until_cleared = Span(whole_day.start, whole_day.end + timedelta(minutes=room.buffer_minutes))
            of_day = [use for use in uses.get(room.id, ()) if use.span.overlaps(until_cleared)]
            plans.append(_room_day(room, day, schedule, of_day, now))
    return plans


def facts_for(
    room: Room,
    first: date,
    last: date,
    *,
    now: datetime,
    live_count: int = 0,
    live_ends: tuple[datetime, ...] = (),
    schedule: Schedule | None = None,
    instead_of: Booking | None = None,
    terms: Terms = NO_TERMS,
) -> Facts:
    """The facts that the rule book needs to judge a use proposed for this room within these days.

    `terms` is what staff have set beside the room's own rules. The time of `instead_of`, a booking that is about to
    move, counts as free.
    """
    zone = centre_zone()
    schedule = schedule or load_schedule([room], first, last, zone=zone)
    clearing = timedelta(minutes=room.buffer_minutes + room.set_up_minutes)
    within = Span(day_span(first, zone).start, day_span(last, zone).end + clearing)
    own = instead_of.reference if instead_of else None
    uses = [use for use in uses_of([room], within, now=now).get(room.id, ()) if not own or use.booking_reference != own]
    return facts_of(
        room, days(first, last), schedule, uses, now=now, live_count=live_count, live_ends=live_ends, terms=terms
    )


def facts_of(
    room: Room, on: Iterable[date], schedule: Schedule, uses: Sequence[Use], *, now: datetime, **more: Any
) -> Facts:
    """Like `facts_for`, from what is read already."""
    return Facts(
        now=now,
        zone=schedule.zone,
        open_spans=tuple(span for day in on for span in schedule.open_spans(room, day)),
        taken=tuple(use.span for use in uses),
        closed=closed_times(uses),
        **more,
    )


def _room_day(room: Room, day: date, schedule: Schedule, uses: Sequence[Use], now: datetime) -> RoomDay:
    zone = centre_zone()
    open_spans = merge(schedule.open_spans(room, day))
    rules = rules_of(room)
    taken, closed = tuple(use.span for use in uses), closed_times(uses)
    facts = Facts(now=now, zone=zone, open_spans=tuple(open_spans), taken=taken, closed=closed)
    if not open_spans:
        return RoomDay(room, day, (), schedule.closed_reason(room, day), rules, facts)
    whole = Span(open_spans[0].start, open_spans[-1].end)
    bookable = bookable_spans(open_spans, rules, zone)
    cuts = {whole.start, whole.end}
    for span in (*bookable, *_pieces(uses), Span(whole.start, now) if now > whole.start else whole):
        cuts.update(moment for moment in (span.start, span.end) if whole.start < moment < whole.end)
    pieces = [_segment(Span(start, end), uses, bookable, now) for start, end in pairwise(sorted(cuts))]
    return RoomDay(room, day, tuple(_joined(pieces)), "", rules, facts)


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
        if held and (held.state, held.label, held.booking_reference) == (
            segment.state,
            segment.label,
            segment.booking_reference,
        ):
            held = Segment(held.state, held.start, segment.end, held.label, held.booking_reference)
            continue
        if held:
            yield held
        held = segment
    if held:
        yield held
