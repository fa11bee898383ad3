"""Days of rooms shaped for a page: rows of pieces on one common time axis. Pure: facts come in, nothing is read."""

import enum
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import pairwise
from zoneinfo import ZoneInfo

from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.segments import Segment, SegmentState
from center.bookings.rulebook.times import Stretch

USUAL_HOURS = (8, 21)  # the axis of a day on which nothing opens
IN_USE = (SegmentState.BOOKED, SegmentState.CLOSED, SegmentState.HELD)


class RoomState(enum.StrEnum):
    """What a room is at a moment."""

    CLEARING = "clearing"
    CLOSED = "closed"
    CLOSED_TODAY = "closed_today"
    FREE = "free"
    HELD = "held"
    IN_USE = "in_use"
    NOT_YET = "not_yet"
    OVER = "over"
    SHUT = "shut"


STATES = {
    SegmentState.BOOKED: RoomState.IN_USE,
    SegmentState.CLEARING: RoomState.CLEARING,
    SegmentState.CLOSED: RoomState.CLOSED,
    SegmentState.FREE: RoomState.FREE,
    SegmentState.HELD: RoomState.HELD,
    SegmentState.PAST: RoomState.FREE,
    SegmentState.SHUT: RoomState.SHUT,
}


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a row, in minutes since the local midnight.

    `book_at` is the first start that this reader may ask for, and `party` whom for; `is_own` is their own booking.
    """

    segment: Segment
    starts: int
    ends: int
    is_over: bool
    book_at: time | None = None
    party: Party | None = None
    is_own: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """One room on one day."""

    room_day: RoomDay
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Board:
    """Rows on one axis of whole hours; `now_at` is the present minute where the board shows today."""

    rows: tuple[Row, ...]
    first_hour: int
    last_hour: int
    now_at: int | None = None

    @property
    def hours(self) -> range:
        """The hours that the board draws, from the first opening to the last closing."""
        return range(self.first_hour, self.last_hour + 1)

    @property
    def has_offers(self) -> bool:
        """Whether this reader may ask for any of the times shown."""
        return any(piece.book_at for row in self.rows for piece in row.pieces)


@dataclass(frozen=True, slots=True)
class RoomNow:
    """A room at a moment: its state, until when, the use that goes on, and what comes next that day.

    `next` is the next use of any kind, `next_booking` the next that is booked.
    """

    day: RoomDay
    state: RoomState
    until: datetime | None = None
    current: Segment | None = None
    next: Segment | None = None
    next_booking: Segment | None = None

    @property
    def is_free(self) -> bool:
        """Whether somebody who stands at the desk could have it now."""
        return self.state is RoomState.FREE

    @property
    def is_idle(self) -> bool:
        """Whether the room is open today and nobody uses it all day."""
        return bool(self.day.segments) and not any(each.state in IN_USE for each in self.day.segments)


Stretches = Callable[[RoomDay], Sequence[Stretch]]  # what a reader may book of a day


def make_board(
    room_days: Sequence[RoomDay], may_book: Stretches, *, now: datetime, zone: ZoneInfo, own: Collection[str] = ()
) -> Board:
    """The rows of these days. Free time carries a start to book at where the reader may book some of it.

    `own` are the references of the reader's own bookings.
    """
    rows = tuple(_row(room_day, may_book(room_day), now=now, zone=zone, own=own) for room_day in room_days)
    pieces = [piece for row in rows for piece in row.pieces]
    first, last = USUAL_HOURS
    if pieces:
        first, last = min(p.starts for p in pieces) // 60, -(-max(p.ends for p in pieces) // 60)
    local = now.astimezone(zone)
    minute = local.hour * 60 + local.minute
    shows_now = any(row.room_day.day == local.date() for row in rows) and first * 60 <= minute <= last * 60
    return Board(rows, first, last, minute if shows_now else None)


def room_now(day: RoomDay, now: datetime) -> RoomNow:
    """What a room is at this moment of its day."""
    if not day.segments:
        return RoomNow(day, RoomState.CLOSED_TODAY)
    uses = [each for each in day.segments if each.start > now and each.state in IN_USE]
    following = next(iter(uses), None)
    booked = next((each for each in uses if each.state is SegmentState.BOOKED), None)
    if now < day.segments[0].start:
        return RoomNow(day, RoomState.NOT_YET, day.segments[0].start, next=following, next_booking=booked)
    here = next((each for each in day.segments if each.start <= now < each.end), None)
    if here is None:
        return RoomNow(day, RoomState.OVER)
    current = here if here.state in IN_USE else None
    return RoomNow(day, STATES[here.state], here.end, current, following, booked)


def next_free(room_days: Sequence[RoomDay], *, now: datetime) -> datetime | None:
    """When the first of these rooms becomes free, if none is free before."""
    starts = (s.start for day in room_days for s in day.segments if s.state is SegmentState.FREE and s.end > now)
    return min(starts, default=None)


def _row(
    room_day: RoomDay, stretches: Sequence[Stretch], *, now: datetime, zone: ZoneInfo, own: Collection[str]
) -> Row:
    segments = room_day.segments
    if not segments:
        return Row(room_day, ())
    # Each begins where the one before it ends.
    minutes = [_minute(moment, room_day.day, zone) for moment in (*(s.start for s in segments), segments[-1].end)]
    pieces = (
        _piece(segment, stretches, starts, ends, now, zone, own)
        for segment, (starts, ends) in zip(segments, pairwise(minutes), strict=True)
    )
    return Row(room_day, tuple(pieces))


def _piece(
    segment: Segment,
    stretches: Sequence[Stretch],
    starts: int,
    ends: int,
    now: datetime,
    zone: ZoneInfo,
    own: Collection[str],
) -> Piece:
    offered = None
    if segment.state is SegmentState.FREE:
        offered = next((each for each in stretches if segment.start <= each.first < segment.end), None)
    return Piece(
        segment,
        starts,
        ends,
        segment.end <= now,
        offered.first.astimezone(zone).time() if offered else None,
        offered.party if offered else None,
        bool(segment.booking_reference) and segment.booking_reference in own,
    )


def _minute(moment: datetime, day: date, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute
