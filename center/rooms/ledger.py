"""The ledger of room time: the only code that writes `occupancies`.

The database refuses overlap whatever this code does. Time inside a standing closure is never free: what no other use
has of it is the closure's, and what a use there gives back becomes the closure's.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    Select,
    delete,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.exc import IntegrityError

from center.kernel import clock, metrics
from center.kernel.db import UtcDateTime, db, is_violation
from center.kernel.errors import Conflict
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span, split_by_day, subtract
from center.kernel.transactions import insert_row, is_in_part
from center.rooms.models import Closure, Occupancy, Room, RoomUse, UseKind
from center.rooms.queries import LONGEST_ROW

NO_OVERLAP = "occupancies_no_overlap"
LINE = 7201  # the key of the lock that whoever changes room time holds
_LINE_UP = select(func.pg_advisory_xact_lock(LINE))


class TimeTaken(Conflict):
    """Another use has some of this room's time."""


def line_up() -> None:
    """Wait until nobody else changes room time, and let nobody do so before this transaction ends.

    Whoever may change some lines up first, so that nobody waits in a ring. SQLite has one writer anyway. What was read
    before may have changed while one waited, so nothing of it is kept; who is in the line already does not wait again.
    """
    session = db.session()
    if session.info.get("in line") or session.connection().dialect.name != "postgresql":
        return
    session.connection().execute(_LINE_UP)
    session.info.pop("known", None)
    if not is_in_part():  # what a part of a transaction holds goes with it where it fails
        session.info["in line"] = True


def take(kind: UseKind, room: Room, *, starts_at: datetime, clear_at: datetime, zone: ZoneInfo) -> RoomUse:
    """Enter a use in every part of a room until it is cleared. After TimeTaken the transaction is lost."""
    use = new_use(kind)
    _enter(use.id, room.leaves, Span(starts_at, clear_at), zone)
    return use


def take_all(kind: UseKind, wanted: Sequence[tuple[Room, Span]], *, zone: ZoneInfo) -> list[int]:
    """Enter many uses by a few statements, each until it is cleared; their ids. Raises TimeTaken, as `take` does."""
    line_up()
    if not wanted:
        return []
    parts = {part.id: part for room, _span in wanted for part in room.leaves}
    whole = Span(min(span.start for _room, span in wanted), max(span.end for _room, span in wanted))
    clear_expired(list(parts.values()), whole, now=clock.now())
    ids = sorted(db.session.scalars(insert(RoomUse).returning(RoomUse.id), [{"kind": kind} for _each in wanted]))
    entered = zip(ids, wanted, strict=True)
    rows = [row for use_id, (room, span) in entered for row in _rows(use_id, room.leaves, span, zone)]
    _write(lambda: db.session.execute(insert(Occupancy), rows))
    return ids


def take_tidy(kind: UseKind, room: Room, span: Span, *, zone: ZoneInfo) -> int:
    """The same, for whoever has just seen that nothing which is over lies there; returns the id of the use."""
    line_up()
    use_id = insert_row(RoomUse, kind=kind)
    rows = _rows(use_id, room.leaves, span, zone)
    _write(lambda: [insert_row(Occupancy, **row) for row in rows])
    return use_id


def new_use(kind: UseKind) -> RoomUse:
    """A use that has no time in the ledger yet, such as a closure before it takes what is free."""
    use = RoomUse(kind=kind)
    db.session.add(use)
    db.session.flush()
    return use


@dataclass(frozen=True)
class Taking:
    """Where a use is to be: a room, and from when until it is cleared."""

    use_id: int
    room: Room
    span: Span


def retake(use_id: int, room: Room, *, starts_at: datetime, clear_at: datetime, zone: ZoneInfo) -> None:
    """Move a use to another time or room; nobody slips in between. After TimeTaken the transaction is lost."""
    retake_all([Taking(use_id, room, Span(starts_at, clear_at))], zone=zone)


def retake_all(takings: Sequence[Taking], *, zone: ZoneInfo) -> None:
    """Move several uses at once, each perhaps to where another one was. After TimeTaken the transaction is lost."""
    line_up()
    theirs = Occupancy.use_id.in_([each.use_id for each in takings])
    freed = _spans_by_part(theirs)
    db.session.execute(delete(Occupancy).where(theirs))
    for each in takings:
        _enter(each.use_id, each.room.leaves, each.span, zone)
    fill_closures(freed)  # only now: what stays with the uses inside a closure is not the closure's


def release(use_id: int) -> None:
    """Give a use's time back. What the time was for stays on the booking or session."""
    freed = _spans_by_part(Occupancy.use_id == use_id)
    db.session.execute(delete(Occupancy).where(Occupancy.use_id == use_id))
    fill_closures(freed)


def release_from(use_id: int, moment: datetime) -> None:
    """Give back what is left of a use from the moment on; what has passed stays."""
    db.session.execute(delete(Occupancy).where(Occupancy.use_id == use_id, Occupancy.starts_at >= moment))
    running = update(Occupancy).where(Occupancy.use_id == use_id, Occupancy.clear_at > moment)
    db.session.execute(running.values(clear_at=moment))


def release_closures_from(parts: Iterable[Room], moment: datetime) -> None:
    """Give back what all closures have of these parts from the moment on, to be filled anew by `fill_closures`."""
    closures = select(RoomUse.id).where(RoomUse.kind == UseKind.CLOSURE)
    theirs = (Occupancy.room_id.in_([part.id for part in parts]), Occupancy.use_id.in_(closures))
    db.session.execute(delete(Occupancy).where(*theirs, Occupancy.starts_at >= moment))
    db.session.execute(update(Occupancy).where(*theirs, Occupancy.clear_at > moment).values(clear_at=moment))


def fill_closures(within: Mapping[int, Span]) -> None:
    """Let standing closures, the oldest first, take what nobody has of their time in these spans of parts."""
    line_up()  # before looking, so that a closure made at this moment is seen, or sees what was freed
    if not within or not (closures := _standing_closures(within)):
        return
    taken: dict[int, list[Span]] = {part_id: [] for part_id in within}
    first, last = min(span.start for span in within.values()), max(span.end for span in within.values())
    inside = Occupancy.room_id.in_(sorted(within)) & (Occupancy.clear_at > first) & (Occupancy.starts_at < last)
    for row in db.session.execute(select(Occupancy.room_id, Occupancy.starts_at, Occupancy.clear_at).where(inside)):
        taken[row.room_id].append(Span(row.starts_at, row.clear_at))
    for use_id, part_id, span in closures:
        for free in subtract([span], taken[part_id]):
            for piece in split_by_day(free, centre_zone()):
                db.session.add(Occupancy(use_id=use_id, room_id=part_id, starts_at=piece.start, clear_at=piece.end))
        taken[part_id].append(span)
    _write()


def hold(room: Room, *, starts_at: datetime, clear_at: datetime, held_until: datetime, zone: ZoneInfo) -> RoomUse:
    """Keep a room's time for somebody until a moment, from which on it keeps nobody out. Raises TimeTaken."""
    use = take(UseKind.HOLD, room, starts_at=starts_at, clear_at=clear_at, zone=zone)
    use.held_until = held_until
    db.session.flush()
    return use


def clear_expired(parts: Sequence[Room], span: Span, *, now: datetime) -> None:
    """Remove holds that are over, so that their time can be taken; every use that is entered does so first."""
    over = (
        select(RoomUse.id)
        .where(RoomUse.held_until <= now, RoomUse.id.in_(uses_in([part.id for part in parts], span)))
        .order_by(RoomUse.id)
        .with_for_update()
    )
    if ids := db.session.scalars(over).all():
        freed = _spans_by_part(Occupancy.use_id.in_(ids))
        db.session.execute(delete(Occupancy).where(Occupancy.use_id.in_(ids)))
        fill_closures(freed)


def is_taken(room: Room, span: Span, *, now: datetime) -> bool:
    """Whether any row but those of holds that are over stands in the way of taking this time."""
    uses = select(RoomUse.id).where(
        RoomUse.id.in_(uses_in([part.id for part in room.leaves], span)),
        or_(RoomUse.held_until.is_(None), RoomUse.held_until > now),
    )
    return db.session.scalar(uses.limit(1)) is not None


def uses_in(part_ids: Sequence[int], span: Span) -> Select[int]:
    """The uses that have some of this time in these parts. Reads the rows of about that time, whatever lies before."""
    return select(Occupancy.use_id).where(
        Occupancy.room_id.in_(part_ids),
        Occupancy.clear_at > span.start,
        Occupancy.clear_at < span.end + LONGEST_ROW,
        Occupancy.starts_at < span.end,
    )


def divide(whole: Room, parts: Sequence[Room]) -> None:
    """Move every row of a room onto each of the parts it is about to have. They must not be its parts yet."""
    rows = db.session.scalars(select(Occupancy).where(Occupancy.room_id == whole.id).order_by(Occupancy.id)).all()
    _replace(rows, rows, parts)


def join(whole: Room, parts: Sequence[Room]) -> None:
    """Move what takes all parts at once back onto the whole, which has no parts any more; the rest stays."""
    ids = [part.id for part in parts]
    rows = db.session.scalars(select(Occupancy).where(Occupancy.room_id.in_(ids)).order_by(Occupancy.id)).all()
    together: dict[tuple[int, datetime, datetime], list[Occupancy]] = {}
    for row in rows:
        together.setdefault((row.use_id, row.starts_at, row.clear_at), []).append(row)
    complete = [same for same in together.values() if len(same) == len(ids)]
    _replace([row for same in complete for row in same], [same[0] for same in complete], [whole])


def _spans_by_part(*where: ColumnElement[bool]) -> dict[int, Span]:
    ends = func.min(Occupancy.starts_at, type_=UtcDateTime), func.max(Occupancy.clear_at, type_=UtcDateTime)
    rows = db.session.execute(select(Occupancy.room_id, *ends).where(*where).group_by(Occupancy.room_id))
    return {room_id: Span(starts_at, clear_at) for room_id, starts_at, clear_at in rows}


def _standing_closures(within: Mapping[int, Span]) -> list[tuple[int, int, Span]]:
    """(use, part, span to take) of each standing closure of these parts, their whole or the centre; oldest first."""
    first, last = min(span.start for span in within.values()), max(span.end for span in within.values())
    wholes = dict(db.session.execute(select(Room.id, Room.parent_id).where(Room.id.in_(sorted(within)))).all())
    of_these = Closure.room_id.in_(sorted({*within, *(whole for whole in wholes.values() if whole)}))
    query = (
        select(Closure.use_id, Closure.room_id, Closure.starts_at, Closure.ends_at)
        .where(Closure.lifted_at.is_(None), Closure.ends_at > first, Closure.starts_at < last)
        .where(or_(Closure.room_id.is_(None), of_these))
        .order_by(Closure.id)
    )
    return [
        (row.use_id, part_id, span)
        for row in db.session.execute(query)
        for part_id, look in sorted(within.items(), key=lambda item: item[0])
        if row.room_id in {None, part_id, wholes.get(part_id)}
        if (span := Span(row.starts_at, row.ends_at).clip(look))
    ]


def _replace(gone: Sequence[Occupancy], moved: Sequence[Occupancy], to: Sequence[Room]) -> None:
    times = [(row.use_id, row.starts_at, row.clear_at) for row in moved]
    for row in gone:
        db.session.delete(row)
    db.session.flush()
    for use_id, starts_at, clear_at in times:
        for room in to:
            db.session.add(Occupancy(use_id=use_id, room_id=room.id, starts_at=starts_at, clear_at=clear_at))
    _write()


def _enter(use_id: int, parts: Iterable[Room], span: Span, zone: ZoneInfo) -> None:
    line_up()
    in_order = sorted(parts, key=lambda room: room.id)
    clear_expired(in_order, span, now=clock.now())
    db.session.add_all(Occupancy(**row) for row in _rows(use_id, in_order, span, zone))
    _write()


def _rows(use_id: int, parts: Iterable[Room], span: Span, zone: ZoneInfo) -> list[dict[str, Any]]:
    """What stands in the ledger of a use: a row for each part and day, the parts in the order of their ids."""
    pieces = list(split_by_day(span, zone))
    return [
        {"use_id": use_id, "room_id": part.id, "starts_at": piece.start, "clear_at": piece.end}
        for part in sorted(parts, key=lambda room: room.id)
        for piece in pieces
    ]


def _write(how: Callable[[], object] = lambda: db.session.flush()) -> None:
    try:
        how()
    except IntegrityError as error:
        if is_violation(error, constraint=NO_OVERLAP):
            metrics.count_ledger_refusal()
            raise TimeTaken(_l("Somebody else has just taken this time."), field="start") from error
        raise


def family(room: Room) -> list[Room]:
    """The whole with all its parts, whichever of them is given."""
    whole = room.parent or room
    return [whole, *whole.parts]
