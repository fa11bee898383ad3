"""What is free when: the ledger and the schedule read together, for the boards and for the rules.

The number of queries does not depend on how many rooms, days or bookings are shown.
"""

import enum
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.rules import ClosedTime, Facts, RoomRules, bookable_spans
from center.bookings.rulebook.terms import NO_TERMS, Terms
from center.bookings.rulebook.times import fitting_starts
from center.bookings.waiting.rules import is_over
from center.db import db, once
from center.i18n import centre_zone, format_moment, in_language, local_date
from center.i18n import gettext as _
from center.listings import AnySelect
from center.organisations.models import Organisation
from center.rooms.models import Closure, Occupancy, Room, RoomUse, UseKind
from center.rooms.queries import LONGEST_ROW
from center.rooms.schedule import Schedule, load_schedule
from center.spans import LocalSpan, Span, day_span, days, merge


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


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a room as the ledger has it, with what may be said of it."""

    room_id: int
    span: Span  # until cleared
    kind: UseKind
    ends_at: datetime
    label: str
    booking_reference: str | None
    booking_status: BookingStatus | None = None
    closed: ClosedTime | None = None  # of a closure
    is_hidden: bool = False  # in a confidential room, where only "in use" may be said


def rules_of(room: Room) -> RoomRules:
    """A room's booking settings as the rule book takes them."""
    return RoomRules(
        windows=tuple(LocalSpan(window.opens, window.closes) for window in room.windows),
        **{name: getattr(room, name) for name in RoomRules.__dataclass_fields__ if name != "windows"},
    )


def room_days(rooms: Sequence[Room], first: date, last: date, *, now: datetime) -> list[RoomDay]:
    """Every one of the rooms on every day from first to last, by room in the order given, then by day."""
    zone = centre_zone()
    schedule = load_schedule(rooms, first, last, zone=zone)
    longest_buffer = max((timedelta(minutes=room.buffer_minutes) for room in rooms), default=timedelta(0))
    uses = uses_of(rooms, Span(day_span(first, zone).start, day_span(last, zone).end + longest_buffer), now=now)
    return plan_days(rooms, first, last, schedule, uses, now=now)


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


def uses_of(rooms: Sequence[Room], within: Span, *, now: datetime) -> dict[int, list[Use]]:
    """The live uses that touch the span, by the id of each room they take time from; a whole has those of its parts.

    Holds and requests that ran out by now are none, whether or not anybody has tidied them away yet.
    """
    return uses_in(rooms, _ledger_rows({leaf.id for room in rooms for leaf in room.leaves}, within), now=now)


def uses_in(rooms: Sequence[Room], rows: Iterable[Any], *, now: datetime) -> dict[int, list[Use]]:
    """Like `uses_of`, of rows of the ledger that are read already."""
    takers: dict[int, list[Room]] = {}
    for room in rooms:
        for leaf in room.leaves:
            takers.setdefault(leaf.id, []).append(room)
    by_room: dict[int, dict[tuple[int, datetime], Use]] = {}
    for row in rows:
        if is_over(now, held_until=row.held_until, status=row.status, expires_at=row.expires_at or row.starts_at):
            continue
        for room in takers.get(row.room_id, ()):
            use = _use(row, room)
            by_room.setdefault(room.id, {})[row.use_id, use.span.start] = use
    return {room_id: sorted(uses.values(), key=lambda use: use.span) for room_id, uses in by_room.items()}


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
    """The facts that the rule book needs to judge a wish for this room within these days.

    `terms` is what staff have set beside the room's own rules. The time of `instead_of`, a booking that is about to
    move, counts as free.
    """
    zone = centre_zone()
    schedule = schedule or load_schedule([room], first, last, zone=zone)
    clearing = timedelta(minutes=room.buffer_minutes + room.set_up_minutes)
    within = Span(day_span(first, zone).start, day_span(last, zone).end + clearing)
    own = instead_of.reference if instead_of else None
    uses = [use for use in uses_of([room], within, now=now).get(room.id, ()) if not own or use.booking_reference != own]
    return Facts(
        now=now,
        zone=zone,
        open_spans=tuple(span for day in days(first, last) for span in schedule.open_spans(room, day)),
        taken=tuple(use.span for use in uses),
        closed=closed_times(uses),
        live_count=live_count,
        live_ends=live_ends,
        terms=terms,
    )


def _ledger_rows(part_ids: Iterable[int], within: Span) -> Sequence[Any]:
    query, ids = ledger_between(within.start, within.end, within.end + LONGEST_ROW), tuple(sorted(part_ids))
    return once(("ledger", ids, within), lambda: db.session.execute(query.where(Occupancy.room_id.in_(ids))).all())


def ledger_between(start: Any, end: Any, last_clear: Any) -> AnySelect:
    """The rows of the ledger that touch the time from start to end; none of them clears after `last_clear`."""
    return (
        select(
            Occupancy.use_id,
            Occupancy.room_id,
            Occupancy.starts_at,
            Occupancy.clear_at,
            _of_use(RoomUse.kind),
            _of_use(RoomUse.label),
            _of_use(RoomUse.label_en),
            _of_use(RoomUse.ends_at, "use_ends_at"),
            _of_use(RoomUse.held_until),
            Booking.expires_at,
            Booking.ends_at,
            Booking.reference,
            Booking.status,
            Booking.purpose,
            Organisation.name,
            Organisation.name_en,
            Closure.reason,
            Closure.reason_en,
            Closure.ends_at.label("closed_until"),
        )
        .select_from(Occupancy)
        .outerjoin(Booking, Booking.use_id == Occupancy.use_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .outerjoin(Closure, Closure.use_id == Occupancy.use_id)
        .where(Occupancy.clear_at > start, Occupancy.clear_at < last_clear, Occupancy.starts_at < end)
    )


def _of_use(column: Any, name: str = "") -> Any:
    """A value of the use that a row belongs to, looked up row by row: joined, PostgreSQL may read all there are."""
    return select(column).where(RoomUse.id == Occupancy.use_id).scalar_subquery().label(name or column.key)


def closed_times(uses: Iterable[Use]) -> tuple[ClosedTime, ...]:
    """The closures among these uses."""
    return tuple(use.closed for use in uses if use.closed is not None)


def _use(row: Any, room: Room) -> Use:
    span, closed = Span(row.starts_at, row.clear_at), None
    if row.kind is UseKind.CLOSURE:
        reason = "" if room.is_confidential else in_language(row.reason or "", row.reason_en or "")
        closed = ClosedTime(span, row.closed_until or row.clear_at, reason)
    return Use(
        room_id=row.room_id,
        span=span,
        closed=closed,
        kind=row.kind,
        ends_at=min(row.ends_at or row.use_ends_at or row.clear_at, row.clear_at),
        label="" if room.is_confidential else _label(row),
        booking_reference=row.reference,
        booking_status=row.status,
        is_hidden=room.is_confidential,
    )


def _label(row: Any) -> str:
    """An organisation's use says whose it is and what for, a session what it is; a person's own use says nothing."""
    if row.kind is UseKind.CLOSURE:
        return _why_closed(row)
    if row.name is None:
        return in_language(row.label, row.label_en)
    return f"{in_language(row.name, row.name_en)} · {row.purpose}"


def _why_closed(row: Any) -> str:
    """Why a room is closed, and until when where that is another day."""
    reason = in_language(row.reason, row.reason_en)
    if row.closed_until <= row.clear_at or local_date(row.closed_until) == local_date(row.starts_at):
        return reason
    return _("%(reason)s, until %(moment)s", reason=reason, moment=format_moment(row.closed_until))


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
