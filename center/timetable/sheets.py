"""Days of rooms on paper: a row of three parts of the day, each with its uses. Pure: facts come in, nothing is read."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from center.bookings.availability import RoomDay, Segment, SegmentState

NOON, EVENING = time(12), time(18)
MOST_LINES = {"large": 18, "medium": 26}  # how many lines of a size fit on one sheet of A4 across


class DayPart(enum.IntEnum):
    """The columns of a sheet; a use stands in the one in which it starts."""

    MORNING = 0
    AFTERNOON = 1
    EVENING = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One use on paper: from when to when, and what the reader of this paper may know of it."""

    start: datetime
    end: datetime
    is_closure: bool
    label: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One room on one day; `parts` by DayPart."""

    room_day: RoomDay
    parts: tuple[tuple[Entry, ...], ...]

    @property
    def lines(self) -> int:
        return max(1, *(len(entries) for entries in self.parts))


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows on one sheet; `size` is how large its letters may be."""

    rows: tuple[SheetRow, ...]

    @property
    def size(self) -> str:
        lines = sum(row.lines for row in self.rows)
        return next((size for size, most in MOST_LINES.items() if lines <= most), "small")


def make_sheet(room_days: Sequence[RoomDay], *, zone: ZoneInfo, names: Mapping[str, str] | None = None) -> Sheet:
    """These days on paper; `names` (by reference) say for whom a booking is, on paper that only staff see.

    What happens in a confidential room is on no paper.
    """
    return Sheet(tuple(_row(room_day, zone, names or {}) for room_day in room_days))


def references_on(room_days: Sequence[RoomDay]) -> set[str]:
    """The bookings of these days whose people may stand on staff's paper."""
    return {
        segment.booking_reference
        for room_day in room_days
        if not room_day.room.is_confidential
        for segment in room_day.segments
        if segment.booking_reference
    }


def _row(room_day: RoomDay, zone: ZoneInfo, names: Mapping[str, str]) -> SheetRow:
    entries: list[list[Entry]] = [[] for _part in DayPart]
    for segment in room_day.segments:
        if segment.state in {SegmentState.BOOKED, SegmentState.CLOSED}:
            name = "" if room_day.room.is_confidential else names.get(segment.booking_reference or "", "")
            entries[_part(segment.start, zone)].append(_entry(segment, name))
    return SheetRow(room_day, tuple(tuple(each) for each in entries))


def _entry(segment: Segment, name: str) -> Entry:
    label = " · ".join(filter(None, [segment.label, name]))
    return Entry(segment.start, segment.end, segment.state is SegmentState.CLOSED, label)


def _part(start: datetime, zone: ZoneInfo) -> DayPart:
    clock = start.astimezone(zone).time()
    return DayPart.MORNING if clock < NOON else DayPart.AFTERNOON if clock < EVENING else DayPart.EVENING
