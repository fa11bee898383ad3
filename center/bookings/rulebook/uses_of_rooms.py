"""Which uses take time from which rooms, as the ledger has them, with what may be said of each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from center.bookings.models import Booking, BookingStatus
from center.bookings.rulebook.facts import ClosedTime
from center.kernel.caching.json_rows import AnySelect
from center.kernel.db import db, once
from center.kernel.i18n import format_moment, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.rooms.models import Closure, Occupancy, Room, RoomUse, UseKind
from center.rooms.queries import LONGEST_ROW


def is_over(
    now: datetime,
    *,
    held_until: datetime | None = None,
    status: BookingStatus | None = None,
    expires_at: datetime | None = None,
) -> bool:
    """Whether a use of a room ran out: a hold that nobody answered, or a request that nobody decided in time.

    Such a use keeps nobody out from that moment on, although its rows stay until somebody removes them.
    """
    if held_until is not None:
        return held_until <= now
    return status is BookingStatus.REQUESTED and expires_at is not None and expires_at <= now


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a room as the ledger has it, with what may be said of it."""

    room_id: int
    span: Span  # until cleared
    kind: UseKind
    ends_at: datetime
    label: str
    booking_reference: str | None
    booking_status: BookingStatus | None = None
    closed: ClosedTime | None = None  # of a closure
    is_hidden: bool = False  # in a confidential room, where only "in use" may be said


def uses_of(rooms: Sequence[Room], within: Span, *, now: datetime) -> dict[int, list[Use]]:
    """The live uses that touch the span, by the id of each room they take time from; a whole has those of its parts.

    Holds and requests that ran out by now are none, whether or not anybody has tidied them away yet.
    """
    return uses_in(rooms, _ledger_rows({leaf.id for room in rooms for leaf in room.leaves}, within), now=now)


def uses_in(rooms: Sequence[Room], rows: Iterable[Any], *, now: datetime) -> dict[int, list[Use]]:
    """Like `uses_of`, of rows of the ledger that are read already."""
    takers: dict[int, list[Room]] = {}
    for room in rooms:
        for leaf in room.leaves:
            takers.setdefault(leaf.id, []).append(room)
    by_room: dict[int, dict[tuple[int, datetime], Use]] = {}
    for row in rows:
        if is_over(now, held_until=row.held_until, status=row.status, expires_at=row.expires_at or row.starts_at):
            continue
        for room in takers.get(row.room_id, ()):
            use = _use(row, room)
            by_room.setdefault(room.id, {})[row.use_id, use.span.start] = use
    return {room_id: sorted(uses.values(), key=lambda use: use.span) for room_id, uses in by_room.items()}


def _ledger_rows(part_ids: Iterable[int], within: Span) -> Sequence[Any]:
    query, ids = ledger_between(within.start, within.end, within.end + LONGEST_ROW), tuple(sorted(part_ids))
    return once(("ledger", ids, within), lambda: db.session.execute(query.where(Occupancy.room_id.in_(ids))).all())


def ledger_between(start: Any, end: Any, last_clear: Any) -> AnySelect:
    """The rows of the ledger that touch the time from start to end; none of them clears after `last_clear`."""
    return (
        select(
            Occupancy.use_id,
            Occupancy.room_id,
            Occupancy.starts_at,
            Occupancy.clear_at,
            _of_use(RoomUse.kind),
            _of_use(RoomUse.label),
            _of_use(RoomUse.label_en),
            _of_use(RoomUse.ends_at, "use_ends_at"),
            _of_use(RoomUse.held_until),
            Booking.expires_at,
            Booking.ends_at,
            Booking.reference,
            Booking.status,
            Booking.purpose,
            Organisation.name,
            Organisation.name_en,
            Closure.reason,
            Closure.reason_en,
            Closure.ends_at.label("closed_until"),
        )
        .select_from(Occupancy)
        .outerjoin(Booking, Booking.use_id == Occupancy.use_id)
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .outerjoin(Closure, Closure.use_id == Occupancy.use_id)
        .where(Occupancy.clear_at > start, Occupancy.clear_at < last_clear, Occupancy.starts_at < end)
    )


def _of_use(column: Any, name: str = "") -> Any:
    """A value of the use that a row belongs to, looked up row by row: joined, PostgreSQL may read all there are."""
    return select(column).where(RoomUse.id == Occupancy.use_id).scalar_subquery().label(name or column.key)


def closed_times(uses: Iterable[Use]) -> tuple[ClosedTime, ...]:
    """The closures among these uses."""
    return tuple(use.closed for use in uses if use.closed is not None)


def _use(row: Any, room: Room) -> Use:
    span, closed = Span(row.starts_at, row.clear_at), None
    if row.kind is UseKind.CLOSURE:
        reason = "" if room.is_confidential else in_language(row.reason or "", row.reason_en or "")
        closed = ClosedTime(span, row.closed_until or row.clear_at, reason)
    return Use(
        room_id=row.room_id,
        span=span,
        closed=closed,
        kind=row.kind,
        ends_at=min(row.ends_at or row.use_ends_at or row.clear_at, row.clear_at),
        label="" if room.is_confidential else _label(row),
        booking_reference=row.reference,
        booking_status=row.status,
        is_hidden=room.is_confidential,
    )


def _label(row: Any) -> str:
    """An organisation's use says whose it is and what for, a session what it is; a person's own use says nothing."""
    if row.kind is UseKind.CLOSURE:
        return _why_closed(row)
    if row.name is None:
        return in_language(row.label, row.label_en)
    return f"{in_language(row.name, row.name_en)} · {row.purpose}"


def _why_closed(row: Any) -> str:
    """Why a room is closed, and until when where that is another day."""
    reason = in_language(row.reason, row.reason_en)
    if row.closed_until <= row.clear_at or local_date(row.closed_until) == local_date(row.starts_at):
        return reason
    return _("%(reason)s, until %(moment)s", reason=reason, moment=format_moment(row.closed_until))
