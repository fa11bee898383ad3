"""What the caretaker has to make ready: which room should stand how by when, and who needs what in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from center.bookings.models import LIVE, Booking, RoomReady
from center.bookings.queries import bookings_on
from center.bookings.states import refuse_unseen
from center.kernel.db import db, lock
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.rooms.models import AccessFeature
from center.rooms.wants import lacking_features


@dataclass(frozen=True)
class Task:
    """A booking whose room is to be made ready before it starts, and whether that was done."""

    booking: Booking
    lacking: Sequence[AccessFeature]
    ready: RoomReady | None


def tasks_on(day: date, *, zone: ZoneInfo, now: datetime) -> list[Task]:
    """What is to be made ready that day, by time and room. A request that still waits may yet be declined."""
    bookings = bookings_on(day, (Booking.set_up != "") | Booking.needs.any(), zone=zone, now=now)
    done = select(RoomReady).where(RoomReady.booking_id.in_([booking.id for booking in bookings]))
    ready = {row.booking_id: row for row in db.session.scalars(done.options(joinedload(RoomReady.done_by)))}
    return [
        Task(booking, lacking_features(booking.room, booking.needed), ready.get(booking.id)) for booking in bookings
    ]


def mark_ready(booking: Booking, *, by: Person, now: datetime, seen: int | None = None) -> None:
    """The room is ready for this booking as it was `seen`; saying it twice is saying it once."""
    lock(booking)
    if booking.status not in LIVE:
        raise Conflict(_l("This booking is over or was cancelled: nothing is to be set up for it."))
    if db.session.get(RoomReady, booking.id) is None:
        refuse_unseen(booking, seen)
        db.session.add(RoomReady(booking_id=booking.id, done_at=now, done_by_id=by.id))
        db.session.flush()


def mark_not_ready(booking: Booking) -> None:
    """It was not ready after all."""
    lock(booking)
    db.session.execute(delete(RoomReady).where(RoomReady.booking_id == booking.id))
