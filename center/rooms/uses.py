"""Live uses of rooms, and the guard that keeps a change of hours from shutting a room during one."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select

from center.kernel import clock
from center.kernel.affected_uses import DecideUses
from center.kernel.db import db
from center.kernel.errors import Conflict
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span, days, intersect, subtract
from center.rooms.known_rooms import lock_rooms
from center.rooms.ledger import family
from center.rooms.models import Occupancy, Room, RoomUse, UseKind
from center.rooms.queries import Schedule, all_rooms, load_schedule

SHUT_DURING_USES = _l(
    "People are using the room in hours that would be shut. "
    "Choose for each use what becomes of it, or choose other hours."
)


@dataclass(frozen=True)
class LiveUse:
    """A use that has not ended, as the ledger knows it: which room, what kind, from when until it is cleared."""

    use_id: int
    room: Room
    kind: UseKind
    starts_at: datetime
    clear_at: datetime

    @property
    def span(self) -> Span:
        """All the time that nobody else can have, clearing up included."""
        return Span(self.starts_at, self.clear_at)


class InUse(Conflict):
    """Live uses stand in the way."""

    def __init__(self, message: object, uses: Sequence[LiveUse], *, field: str | None = None) -> None:
        super().__init__(message, field=field)
        self.uses = list(uses)


def refuse(uses: Sequence[LiveUse], message: object, field: str | None = None) -> None:
    """Nothing was chosen for any use: raises InUse with the list, if there are any."""
    if uses:
        raise InUse(message, uses, field=field)


def live_uses(
    rooms: Iterable[Room], *, after: datetime, before: datetime | None = None, with_closures: bool = True
) -> list[LiveUse]:
    """The uses of these rooms and their parts that end after a moment (and start before another), earliest first.

    A use of several days is one line, and one of all parts is one of the whole. A hold that is over is none.
    """
    leaves = {leaf.id: leaf for room in rooms for leaf in room.leaves}
    query = (
        select(Occupancy.use_id, Occupancy.room_id, RoomUse.kind, Occupancy.starts_at, Occupancy.clear_at)
        .join(RoomUse, RoomUse.id == Occupancy.use_id)
        .where(Occupancy.room_id.in_(sorted(leaves)), Occupancy.clear_at > after)
        .where(or_(RoomUse.held_until.is_(None), RoomUse.held_until > clock.now()))
        .order_by(Occupancy.use_id, Occupancy.starts_at, Occupancy.room_id)
    )
    if before is not None:
        query = query.where(Occupancy.starts_at < before)
    if not with_closures:
        query = query.where(RoomUse.kind != UseKind.CLOSURE)
    pieces: dict[int, list[LiveUse]] = {}
    for use_id, room_id, kind, starts_at, clear_at in db.session.execute(query):
        pieces.setdefault(use_id, []).append(LiveUse(use_id, leaves[room_id], kind, starts_at, clear_at))
    uses = [use for each in pieces.values() for use in _joined(each)]
    return sorted(uses, key=lambda use: (use.starts_at, use.room.position, use.room.code, use.use_id))


@contextmanager
def uses_keep_their_hours(
    rooms: Sequence[Room], *, now: datetime, field: str | None = None, decide: DecideUses = refuse
) -> Iterator[None]:
    """Around a change of hours: `decide` is asked about each live use that loses time in which it was open before."""
    lock_rooms(member for room in rooms for member in family(room))
    wholes = list({whole.id: whole for whole in (room.parent or room for room in rooms)}.values())
    uses = live_uses(wholes, after=now, with_closures=False)
    before = _open_time(uses)
    yield
    db.session.flush()
    after = _open_time(uses)
    lost = [use for use, was, remains in zip(uses, before, after, strict=True) if subtract(was, remains)]
    decide(lost, SHUT_DURING_USES, field)


@contextmanager
def guard_calendar(decide: DecideUses | None) -> Iterator[None]:
    """What rooms ask of a change of the centre's calendar: no live use loses its hours unasked."""
    with uses_keep_their_hours(all_rooms(), now=clock.now(), field="on_date", decide=decide or refuse):
        yield


def _joined(pieces: list[LiveUse]) -> list[LiveUse]:
    by_room: dict[int, LiveUse] = {}
    for piece in pieces:
        known = by_room.get(piece.room.id, piece)
        first, last = min(known.starts_at, piece.starts_at), max(known.clear_at, piece.clear_at)
        by_room[piece.room.id] = LiveUse(piece.use_id, piece.room, piece.kind, first, last)
    joined = list(by_room.values())
    for whole in {use.room.parent for use in joined if use.room.parent}:
        parts = {part.id for part in whole.parts}
        if parts <= by_room.keys():
            one = by_room[whole.parts[0].id]
            joined = [use for use in joined if use.room.id not in parts]
            joined.append(LiveUse(one.use_id, whole, one.kind, one.starts_at, one.clear_at))
    return joined


def _open_time(uses: list[LiveUse]) -> list[list[Span]]:
    """For each use, the opening time that lies in it, as things stand now."""
    if not uses:
        return []
    zone = centre_zone()
    first = min(local_date(use.starts_at) for use in uses)
    last = max(local_date(use.clear_at) for use in uses)
    schedule = load_schedule(list({use.room.id: use.room for use in uses}.values()), first, last, zone=zone)
    return [_open_time_in(use, schedule) for use in uses]


def _open_time_in(use: LiveUse, schedule: Schedule) -> list[Span]:
    open_spans = (
        span
        for day in days(local_date(use.starts_at), local_date(use.clear_at))
        for span in schedule.open_spans(use.room, day)
    )
    return intersect([use.span], open_spans)
