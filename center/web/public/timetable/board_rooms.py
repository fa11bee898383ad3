"""What a board says of its rooms whatever the day. It is drawn once for all days, with a gap for the date."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from center.bookings.readings import Reading, rooms_in
from center.kernel.caching.fragment_cache import piece

GAP, APART = "\ue001date\ue001", "\ue001apart\ue001"  # of letters that nobody types


@dataclass(frozen=True)
class BoardRooms:
    """The list that leads to each row, and what stands at the head of each, by the room's code."""

    list: Markup
    headings: Mapping[str, Markup]


def board_rooms(reading: Reading, day: date) -> BoardRooms:
    """What this board says of its rooms."""
    rooms = rooms_in(reading)
    drawn = piece(
        "public/timetable/board_rooms.html", lambda: {"rooms": rooms, "gap": GAP, "apart": APART}, of=reading.rooms
    )
    listed, *headings = drawn.replace(GAP, day.isoformat()).split(APART)
    # None at all where nothing is drawn, as when it is tried only who may open the page.
    theirs = zip((room.code for room in rooms), headings, strict=bool(headings))
    return BoardRooms(listed, dict(theirs))
