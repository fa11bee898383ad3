"""Days of rooms shaped for a page: rows of pieces on one common time axis. Pure: facts come in, nothing is read."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from center.bookings.rulebook.availability import RoomDay, Segment, SegmentState
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.times import Stretch

USUAL_HOURS = (8, 21)  # the axis of a day on which nothing opens


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
    """What a room is at one moment, and what comes next in it that day."""

    room_day: RoomDay
    current: Segment | None
    upcoming: Segment | None
    is_free: bool
    until: datetime | None


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


def now_and_next(room_day: RoomDay, *, now: datetime) -> RoomNow:
    """What the room is right now: in use, free, or shut; until when; and its next use today."""
    current = next((s for s in room_day.segments if s.start <= now < s.end), None)
    later = [s for s in room_day.segments if s.start > now]
    upcoming = next((s for s in later if s.state is SegmentState.BOOKED), None)
    is_free = current is not None and current.state is SegmentState.FREE
    until = current.end if current else next((s.start for s in later), None)
    return RoomNow(room_day, current, upcoming, is_free, until)


def next_free(room_days: Sequence[RoomDay], *, now: datetime) -> datetime | None:
    """When the first of these rooms becomes free, if none is free before."""
    starts = (s.start for day in room_days for s in day.segments if s.state is SegmentState.FREE and s.end > now)
    return min(starts, default=None)


def _row(
    room_day: RoomDay, stretches: Sequence[Stretch], *, now: datetime, zone: ZoneInfo, own: Collection[str]
) -> Row:
    return Row(
        room_day,
        tuple(_piece(segment, stretches, room_day.day, now, zone, own) for segment in room_day.segments),
    )


def _piece(
    segment: Segment, stretches: Sequence[Stretch], day: date, now: datetime, zone: ZoneInfo, own: Collection[str]
) -> Piece:
    offered = None
    if segment.state is SegmentState.FREE:
        offered = next((each for each in stretches if segment.start <= each.first < segment.end), None)
    return Piece(
        segment,
        _minute(segment.start, day, zone),
        _minute(segment.end, day, zone),
        segment.end <= now,
        offered.first.astimezone(zone).time() if offered else None,
        offered.party if offered else None,
        bool(segment.booking_reference) and segment.booking_reference in own,
    )


def _minute(moment: datetime, day: date, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute
