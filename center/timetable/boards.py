"""Days of rooms shaped for a page: rows of pieces on one common time axis. Pure: facts come in, nothing is read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from center.bookings.availability import RoomDay, Segment, SegmentState

USUAL_HOURS = (8, 21)  # the axis of a day on which nothing opens


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a row, in minutes since the local midnight; `book_at` is the first start that may be asked for."""

    segment: Segment
    starts: int
    ends: int
    is_over: bool
    book_at: time | None = None


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


def make_board(room_days: Sequence[RoomDay], *, now: datetime, zone: ZoneInfo, is_staff: bool) -> Board:
    """The rows of these days. Free time carries a start to book at where the rules of notice and horizon leave one."""
    rows = tuple(_row(room_day, now=now, zone=zone, is_staff=is_staff) for room_day in room_days)
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


def _row(room_day: RoomDay, *, now: datetime, zone: ZoneInfo, is_staff: bool) -> Row:
    starts = offered_starts(room_day, now=now, zone=zone, is_staff=is_staff)
    return Row(room_day, tuple(_piece(segment, starts, room_day.day, now, zone) for segment in room_day.segments))


def offered_starts(room_day: RoomDay, *, now: datetime, zone: ZoneInfo, is_staff: bool) -> list[datetime]:
    """The starts that this reader may ask for: staff any, others within the room's notice and horizon."""
    room, today = room_day.room, now.astimezone(zone).date()
    if room_day.day < today or not any(s.state is SegmentState.FREE for s in room_day.segments):
        return []
    starts = room_day.free_starts(room.min_minutes)
    if is_staff:
        return starts
    if not (room.residents_may_book or room.organisations_may_book):
        return []
    if room_day.day > today + timedelta(days=max(room.horizon_days, room.org_horizon_days)):
        return []
    earliest = now + timedelta(minutes=room.notice_minutes)
    return [start for start in starts if start >= earliest]


def _piece(segment: Segment, starts: Sequence[datetime], day: date, now: datetime, zone: ZoneInfo) -> Piece:
    book_at = None
    if segment.state is SegmentState.FREE:
        start = next((s for s in starts if segment.start <= s < segment.end), None)
        book_at = start.astimezone(zone).time() if start else None
    return Piece(
        segment, _minute(segment.start, day, zone), _minute(segment.end, day, zone), segment.end <= now, book_at
    )


def _minute(moment: datetime, day: date, zone: ZoneInfo) -> int:
    local = moment.astimezone(zone)
    return (local.date() - day).days * 1440 + local.hour * 60 + local.minute
