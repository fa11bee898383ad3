"""The audit trail: who changed which booking when. It is written with the change, in the same transaction."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import joinedload

from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, Channel
from center.db import db
from center.people.models import Person
from center.rooms.models import Room
from center.spans import Span, day_span

PAGE = 50


@dataclass(frozen=True)
class Place:
    """Where and when a booking is."""

    room_id: int
    span: Span


@dataclass(frozen=True, kw_only=True)
class TrailFilter:
    """Which events to list: of which days, in which rooms, by whom. None leaves a question open."""

    first: date | None = None
    last: date | None = None
    room_ids: Collection[int] | None = None
    by_ids: Collection[int] | None = None


@dataclass(frozen=True)
class TrailPage:
    """Some events, the latest first, and where the earlier ones go on."""

    events: Sequence[BookingEvent]
    before: int | None  # the id to pass on for the next page; None on the last one


def note(
    booking: Booking,
    what: BookingChange,
    *,
    by: Person | None,
    now: datetime,
    channel: Channel | None = None,
    reason: str = "",
    was: Place | None = None,
) -> None:
    """Write one change down. `by` is None where the site itself made it by a rule; `was` is where a move began."""
    db.session.add(
        BookingEvent(
            booking_id=booking.id,
            at=now,
            by_id=by.id if by else None,
            what=what,
            channel=channel,
            reason=reason,
            was_room_id=was.room_id if was else None,
            was_starts_at=was.span.start if was else None,
            was_ends_at=was.span.end if was else None,
        )
    )
    db.session.flush()


def note_standing(booking: Booking, *, by: Person, channel: Channel, now: datetime) -> None:
    """Write down what a booking has become: one that waits for approval, or one that stands."""
    waits = booking.status is BookingStatus.REQUESTED
    note(booking, BookingChange.REQUESTED if waits else BookingChange.CONFIRMED, by=by, channel=channel, now=now)


def history(booking: Booking) -> Sequence[BookingEvent]:
    """What happened to a booking, in order, with who did it."""
    query = (
        select(BookingEvent)
        .where(BookingEvent.booking_id == booking.id)
        .options(joinedload(BookingEvent.by), joinedload(BookingEvent.was_room).joinedload(Room.parent))
    )
    return db.session.scalars(query.order_by(BookingEvent.at, BookingEvent.id)).all()


def latest(wanted: TrailFilter, *, zone: ZoneInfo, before: int | None = None, most: int = PAGE) -> TrailPage:
    """Events that the filter wants, the latest first, with bookings, rooms and people; those before an id only."""
    query = (
        select(BookingEvent)
        .join(BookingEvent.booking)
        .where(*_conditions(wanted, zone), *_earlier_than(before))
        .options(
            joinedload(BookingEvent.by),
            joinedload(BookingEvent.was_room).joinedload(Room.parent),
            joinedload(BookingEvent.booking).joinedload(Booking.room).selectinload(Room.parent),
            joinedload(BookingEvent.booking).joinedload(Booking.person),
            joinedload(BookingEvent.booking).joinedload(Booking.organisation),
        )
        .order_by(BookingEvent.at.desc(), BookingEvent.id.desc())
        .limit(most + 1)
    )
    events = db.session.scalars(query).all()
    return TrailPage(events[:most], events[most - 1].id if len(events) > most else None)


def _conditions(wanted: TrailFilter, zone: ZoneInfo) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.first is not None:
        conditions.append(BookingEvent.at >= day_span(wanted.first, zone).start)
    if wanted.last is not None:
        conditions.append(BookingEvent.at < day_span(wanted.last, zone).end)
    if wanted.room_ids is not None:
        conditions.append(Booking.room_id.in_(sorted(wanted.room_ids)))
    if wanted.by_ids is not None:
        conditions.append(BookingEvent.by_id.in_(sorted(wanted.by_ids)))
    return conditions


def _earlier_than(event_id: int | None) -> list[ColumnElement[bool]]:
    """Events before this one in the list; all where there is no such event."""
    mark = db.session.get(BookingEvent, event_id) if event_id is not None else None
    if mark is None:
        return []
    same_moment = and_(BookingEvent.at == mark.at, BookingEvent.id < mark.id)
    return [or_(BookingEvent.at < mark.at, same_moment)]
