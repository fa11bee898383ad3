"""Days of rooms on paper: a row of three parts of the day, each with its uses. Pure: facts come in, nothing is read."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from math import ceil
from zoneinfo import ZoneInfo

from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.segments import SegmentState
from center.kernel.i18n import format_clocks

NOON, EVENING = time(12), time(18)

# What a size of static/css/plan.css takes of a sheet of A4 across, in millimetres: an em of its letters, and a line.
SIZES = {"large": (4.6, 6.5), "medium": (3.7, 4.9), "small": (3.0, 3.65), "tiny": (2.47, 2.85)}
TABLE, PADDING, CELL, FIRST_CELL = 157.0, 1.6, 71.5, 46.0
WIDE, NARROW, TIMES = 1.0, 0.5, 6.4  # in ems: a Chinese character, any other, and "09:00–10:00"


class DayPart(enum.IntEnum):
    """The columns of a sheet; a use stands in the one in which it starts."""

    MORNING = 0
    AFTERNOON = 1
    EVENING = 2


@dataclass(frozen=True, slots=True)
class Entry:
    """One use on paper: from when to when, and what the reader of this paper may know of it."""

    times: str
    is_closure: bool
    label: str


@dataclass(frozen=True, slots=True)
class SheetRow:
    """One room on one day; `parts` by DayPart."""

    room_day: RoomDay
    parts: tuple[tuple[Entry, ...], ...]

    def height(self, em: float, line: float) -> float:
        """How tall the row becomes in letters of this size."""
        name = in_ems(self.room_day.room.name_en or self.room_day.room.name)
        cells = [lines(name, em, FIRST_CELL)]
        cells += [sum(lines(TIMES + in_ems(entry.label), em, CELL) for entry in entries) for entries in self.parts]
        return max(cells) * line + PADDING


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows on one sheet; `size` is how large its letters may be."""

    rows: tuple[SheetRow, ...]

    @property
    def size(self) -> str:
        """The largest size in which all rows fit on one sheet; a day too full for any is printed on two."""
        fitting = (size for size, (em, line) in SIZES.items() if self._height(em, line) <= TABLE)
        return next(fitting, "small")

    def _height(self, em: float, line: float) -> float:
        return sum(row.height(em, line) for row in self.rows)


def in_ems(text: str) -> float:
    """How wide a text is, roughly, in ems of its own letters."""
    return sum(WIDE if letter >= "\u2e80" else NARROW for letter in text)


def lines(ems: float, em: float, width: float) -> int:
    """On how many lines of that width a text of so many ems stands."""
    return max(1, ceil(ems * em / width))


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
            start, end = (moment.astimezone(zone).time() for moment in (segment.start, segment.end))
            name = "" if room_day.room.is_confidential else names.get(segment.booking_reference or "", "")
            label = " · ".join(filter(None, [segment.label, name]))
            times = format_clocks(start, end)
            entries[_part(start)].append(Entry(times, segment.state is SegmentState.CLOSED, label))
    return SheetRow(room_day, tuple(tuple(each) for each in entries))


def _part(start: time) -> DayPart:
    return DayPart.MORNING if start < NOON else DayPart.AFTERNOON if start < EVENING else DayPart.EVENING
