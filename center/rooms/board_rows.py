"""The rooms with what says when they are open, how they are booked and by whom, read as listings for the boards."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from center.kernel.caching.json_rows import MOST_KEPT, Listing
from center.kernel.db import Base
from center.rooms.models import BookingWindow, OpeningHours, Room
from center.rooms.queries import after_its_whole
from center.rooms.rule_models import PeopleGroup, PriorityWindow, RoomAudience

_FOR_ITS_OWN_PAGE = {"about", "about_en", "notice", "notice_en", "access_note", "access_note_en"}

ROOMS = Listing(select(*(column for column in Room.__table__.c if column.name not in _FOR_ITS_OWN_PAGE)))
HOURS = Listing(
    select(OpeningHours.id, OpeningHours.room_id, OpeningHours.weekday, OpeningHours.opens, OpeningHours.closes)
)
WINDOWS = Listing(select(BookingWindow.id, BookingWindow.room_id, BookingWindow.opens, BookingWindow.closes))

KEPT = Listing(select(*PriorityWindow.__table__.c))
AUDIENCES = Listing(
    select(RoomAudience.room_id, PeopleGroup.id, PeopleGroup.name, PeopleGroup.name_en).join(
        PeopleGroup, PeopleGroup.id == RoomAudience.group_id
    )
)

Row = TypeVar("Row", bound=Base)


@lru_cache(MOST_KEPT)
def rooms_of(rooms: str, hours: str, windows: str) -> tuple[Room, ...]:
    """All rooms, each part after its whole, from the texts of these listings.

    All who read the same texts share them: detached, to be shown and judged, never changed.
    """
    found = [_detached(Room, row) for row in ROOMS.rows(rooms)]
    found.sort(key=lambda room: (room.position, room.code))
    all_hours = sorted(HOURS.rows(hours), key=lambda row: (row.weekday, row.opens))
    all_windows = sorted(WINDOWS.rows(windows), key=lambda row: (row.opens, row.id))
    for room in found:
        _give(room, "hours", [_detached(OpeningHours, row) for row in all_hours if row.room_id == room.id])
        _give(room, "windows", [_detached(BookingWindow, row) for row in all_windows if row.room_id == room.id])
        _give(room, "parts", [each for each in found if each.parent_id == room.id])
        _give(room, "parent", next((each for each in found if each.id == room.parent_id), None))
    return tuple(sorted(found, key=after_its_whole))


def _detached(kind: type[Row], row: Any) -> Row:
    made = kind(**row._asdict())
    make_transient_to_detached(made)
    return made


def _give(room: Room, name: str, value: Room | Sequence[Base] | None) -> None:
    set_committed_value(room, name, value)
