"""All rooms with everything that their pages and rules need, kept by each process while the settings stand.

All requests share these objects, so they are shown and judged, never changed: they belong to no session. Whoever
changes a room, or enters it as an object, takes it from `center.rooms.queries`.
"""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from center.kernel.caching.kept_settings import while_settings_stand
from center.kernel.db import Base, db, must_find
from center.rooms.models import BookingWindow, OpeningHours, Room, RoomEquipment, RoomFeature
from center.rooms.queries import NO_SUCH_ROOM

Row = TypeVar("Row", bound=Base)
_ROOMS = select(*Room.__table__.c).order_by(Room.position, Room.code)
_OF_ROOMS = {
    "hours": (OpeningHours, (OpeningHours.weekday, OpeningHours.opens)),
    "windows": (BookingWindow, (BookingWindow.opens, BookingWindow.id)),
    "equipment": (RoomEquipment, (RoomEquipment.position, RoomEquipment.id)),
    "features": (RoomFeature, (RoomFeature.feature,)),
}


def known_room(code: str) -> Room:
    """The room or part with this code as it is now; raises NotFound."""
    return must_find(next((room for room in known_rooms().values() if room.code == code), None), NO_SUCH_ROOM)


def known_rooms() -> Mapping[int, Room]:
    """All rooms and parts as they are now, in use or retired, by id."""
    return while_settings_stand("rooms", _read)


def _read() -> Mapping[int, Room]:
    connection = db.session.connection()
    rooms = {row.id: _detached(Room, row) for row in connection.execute(_ROOMS)}
    for name, (kind, order) in _OF_ROOMS.items():
        theirs: dict[int, list[Base]] = {}
        for row in connection.execute(select(*kind.__table__.c).order_by(*order)):
            theirs.setdefault(row.room_id, []).append(_detached(kind, row))
        for room in rooms.values():
            set_committed_value(room, name, theirs.get(room.id, []))
    for room in rooms.values():
        set_committed_value(room, "parent", rooms.get(room.parent_id))
        set_committed_value(room, "parts", [each for each in rooms.values() if each.parent_id == room.id])
    return rooms


def _detached(kind: type[Row], row: Any) -> Row:
    made = kind(**row._asdict())
    make_transient_to_detached(made)
    return made
