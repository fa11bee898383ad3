"""Ordered reads of rooms."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import Room
from center.rooms.rules import CODE

NO_SUCH_ROOM = _l("There is no room with this code.")
LONGEST_ROW = timedelta(hours=25)  # the ledger splits longer uses by day


def find_room(code: str) -> Room | None:
    """The room or part with this code, with everything its page and its rules need."""
    if not CODE.fullmatch(code):
        return None  # no room has such a code, and PostgreSQL would choke on some
    return db.session.scalar(select(Room).where(Room.code == code).options(*whole_room()))


def get_room(code: str) -> Room:
    """Like find_room; raises NotFound."""
    return must_find(find_room(code), NO_SUCH_ROOM)


def all_rooms(*, with_retired: bool = False) -> Sequence[Room]:
    """All rooms and parts, each part right after its whole."""
    query = select(Room).options(*whole_room()).order_by(Room.position, Room.code)
    if not with_retired:
        query = query.where(Room.is_retired.is_(False))
    return sorted(db.session.scalars(query).all(), key=after_its_whole)


def rooms_on_boards() -> Sequence[Room]:
    """All rooms in use with what says when they are open and how they are booked, but not what stands in them."""
    query = select(Room).options(*_hours_of_room()).where(Room.is_retired.is_(False))
    return sorted(db.session.scalars(query).all(), key=after_its_whole)


def after_its_whole(room: Room) -> tuple[int, str, bool, int, str]:
    """An order in which the parts of a divided room follow it."""
    whole = room.parent or room
    return whole.position, whole.code, room is not whole, room.position, room.code


def whole_room() -> tuple[_AbstractLoad, ...]:
    """Load options for everything that a room's page and its rules need."""
    return (*_hours_of_room(), selectinload(Room.equipment), selectinload(Room.features))


def _hours_of_room() -> tuple[_AbstractLoad, ...]:
    parent = selectinload(Room.parent)
    return (
        selectinload(Room.parts).selectinload(Room.hours),
        parent.selectinload(Room.hours),
        parent.selectinload(Room.windows),
        selectinload(Room.hours),
        selectinload(Room.windows),
    )
