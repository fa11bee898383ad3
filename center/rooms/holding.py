"""Rooms held while something is decided about them: by whoever changes or closes them, and by whoever uses them."""

from collections.abc import Iterable

from sqlalchemy import BindParameter, bindparam, inspect, or_, select

from center.kernel.db import db, must_find
from center.rooms import ledger
from center.rooms.known_rooms import known_rooms
from center.rooms.models import Room
from center.rooms.queries import NO_SUCH_ROOM, whole_room

_asked: BindParameter[int] = bindparam("room_id")
_whole = select(Room.parent_id).where(Room.id == _asked, Room.parent_id.is_not(None)).scalar_subquery()
_of_kin = or_(Room.id == _asked, Room.parent_id == _asked, Room.id == _whole, Room.parent_id == _whole)
_KIN = select(Room.id).where(_of_kin).order_by(Room.id).with_for_update(of=Room, read=True)


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
