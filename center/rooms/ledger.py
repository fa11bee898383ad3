"""The ledger of room time: the only code that writes `occupancies`.

The database refuses overlap whatever this code does.
"""

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from center.db import db, is_violation
from center.errors import Conflict
from center.i18n import lazy_gettext as _l
from center.rooms.models import Occupancy, Room, RoomUse, UseKind
from center.spans import Span, split_by_day

NO_OVERLAP = "occupancies_no_overlap"


class TimeTaken(Conflict):
    """Another use has some of this room's time."""


def take(kind: UseKind, room: Room, *, starts_at: datetime, clear_at: datetime, zone: ZoneInfo) -> RoomUse:
    """Enter a use of a room from `starts_at` until it is cleared at `clear_at`, in every part of the room.

    Raises TimeTaken when any of it is taken; the transaction is then lost.
    """
    return take_each(kind, room.leaves, starts_at=starts_at, clear_at=clear_at, zone=zone)


def take_each(kind: UseKind, parts: list[Room], *, starts_at: datetime, clear_at: datetime, zone: ZoneInfo) -> RoomUse:
    """Enter one use that takes several parts at once, such as a closure of the whole centre."""
    use = RoomUse(kind=kind)
    db.session.add(use)
    db.session.flush()
    for part in sorted(parts, key=lambda room: room.id):  # one order for all, so that two writers never wait in a ring
        for piece in split_by_day(Span(starts_at, clear_at), zone):
            db.session.add(Occupancy(use_id=use.id, room_id=part.id, starts_at=piece.start, clear_at=piece.end))
    _write()
    return use


def release(use_id: int) -> None:
    """Give a use's time back. What the time was for stays on the booking or session."""
    db.session.execute(delete(Occupancy).where(Occupancy.use_id == use_id))


def _write() -> None:
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint=NO_OVERLAP):
            raise TimeTaken(_l("Somebody else has just taken this time."), field="starts") from error
        raise
