"""All rooms with everything that their pages and rules need, kept by each process while the settings stand.

All requests share these objects, so they are shown and judged, never changed: they belong to no session. Whoever
changes a room, or enters it as an object, takes it from `center.rooms.queries`. And how rooms are held while something
is decided about them: by whoever changes or closes them, and by whoever uses them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from sqlalchemy import BindParameter, bindparam, inspect, or_, select
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.orm.attributes import set_committed_value

from center.kernel.caching.read_cache import while_settings_stand
from center.kernel.db import Base, db, must_find
from center.rooms import ledger
from center.rooms.models import BookingWindow, OpeningHours, Room, RoomEquipment, RoomFeature
from center.rooms.queries import NO_SUCH_ROOM, whole_room

Row = TypeVar("Row", bound=Base)
_ROOMS = select(*Room.__table__.c).order_by(Room.position, Room.code)
_OF_ROOMS = {
    "hours": (OpeningHours, (OpeningHours.weekday, OpeningHours.opens)),
    "windows": (BookingWindow, (BookingWindow.opens, BookingWindow.id)),
    "equipment": (RoomEquipment, (RoomEquipment.position, RoomEquipment.id)),
    "features": (RoomFeature, (RoomFeature.feature,)),
}


_asked: BindParameter[int] = bindparam("room_id")
_whole = select(Room.parent_id).where(Room.id == _asked, Room.parent_id.is_not(None)).scalar_subquery()
_of_kin = or_(Room.id == _asked, Room.parent_id == _asked, Room.id == _whole, Room.parent_id == _whole)
_KIN = select(Room.id).where(_of_kin).order_by(Room.id).with_for_update(of=Room, read=True)


def known_room(code: str) -> Room:
    """The room or part with this code as it is now; raises NotFound."""
    return must_find(next((room for room in known_rooms().values() if room.code == code), None), NO_SUCH_ROOM)


def known_rooms() -> Mapping[int, Room]:
    """All rooms and parts as they are now, in use or retired, by id."""
    return while_settings_stand("rooms", _read)


def _read() -> Mapping[int, Room]:
    connection = db.session.connection()
    rooms = {row.id: detached(Room, row) for row in connection.execute(_ROOMS)}
    for name, (kind, order) in _OF_ROOMS.items():
        theirs: dict[int, list[Base]] = {}
        for row in connection.execute(select(*kind.__table__.c).order_by(*order)):
            theirs.setdefault(row.room_id, []).append(detached(kind, row))
        for room in rooms.values():
            set_committed_value(room, name, theirs.get(room.id, []))
    for room in rooms.values():
        set_committed_value(room, "parent", rooms.get(room.parent_id))
        set_committed_value(room, "parts", [each for each in rooms.values() if each.parent_id == room.id])
    return rooms


def detached(kind: type[Row], row: Any) -> Row:
    """A row as an object that belongs to no session."""
    made = kind(**row._asdict())
    make_transient_to_detached(made)
    return made


def lock_rooms(rooms: Iterable[Room]) -> None:
    """Hold the rooms' rows and read them anew. Bookings hold them shared, so none slips in meanwhile."""
    ledger.line_up()
    ids = sorted({room.id for room in rooms})
    query = select(Room).where(Room.id.in_(ids)).order_by(Room.id).options(*whole_room()).with_for_update(of=Room)
    db.session.scalars(query.execution_options(populate_existing=True)).all()


def lock_rooms_shared(rooms: Iterable[Room]) -> None:
    """Keep changes and closures of these rooms away until the transaction ends; others may still use them.

    Their kin is held too, in one order: time freed in a part may go to somebody who waits for the whole.
    """
    ledger.line_up()
    ids = {key for room in rooms for key in inspect(room).identity or ()}  # known without reading them twice
    wholes = select(Room.parent_id).where(Room.id.in_(ids), Room.parent_id.is_not(None))
    theirs = or_(Room.id.in_(ids), Room.parent_id.in_(ids), Room.id.in_(wholes), Room.parent_id.in_(wholes))
    query = select(Room).where(theirs).order_by(Room.id).options(*whole_room()).with_for_update(of=Room, read=True)
    db.session.scalars(query.execution_options(populate_existing=True)).all()


def hold_known_room(room: Room) -> Room:
    """Like `lock_rooms_shared` of a room that is shown and judged only; returns it as it is now.

    On SQLite nobody else writes while this transaction does.
    """
    ledger.line_up()
    if db.session.connection().dialect.name == "postgresql":
        db.session.connection().execute(_KIN, {"room_id": room.id}).all()
        db.session.info.pop("known", None)
    return must_find(known_rooms().get(room.id), NO_SUCH_ROOM)
