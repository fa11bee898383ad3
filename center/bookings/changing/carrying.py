"""The hand that changes a booking, alone or as a date of a series: its time in the ledger, its row, its history."""

from datetime import datetime

from sqlalchemy import delete

from center.bookings import trail
from center.bookings.changes import Change
from center.bookings.models import Booking, BookingChange, BookingNeed, BookingStatus, Channel, RoomReady
from center.bookings.rulebook.checks import settle_change
from center.bookings.rulebook.deciding import expiry
from center.bookings.trail import Place
from center.bookings.writing import change_status, count_change
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms import ledger


def carry(
    booking: Booking,
    change: Change,
    *,
    clear_at: datetime,
    status: BookingStatus,
    by: Person,
    channel: Channel,
    now: datetime,
    reason: str = "",
) -> None:
    """Let a booking be as a change has it, and count it for calendars. Its rules were asked before, and it is held.

    Raises TimeTaken when somebody was faster by a moment.
    """
    to = change.to
    had, takes = Span(booking.starts_at, booking.clear_at), Span(to.span.start, clear_at)
    if (change.was.room.id, had) != (to.room.id, takes):
        ledger.retake(booking.use_id, to.room, starts_at=takes.start, clear_at=takes.end, zone=centre_zone())
    booking.room, booking.people = to.room, to.people
    booking.purpose, booking.purpose_id = to.purpose, to.purpose_id
    booking.note, booking.set_up = to.note, to.set_up
    booking.starts_at, booking.ends_at, booking.clear_at = to.span.start, to.span.end, clear_at
    if change.was.needs != to.needs:
        booking.needs = [BookingNeed(need=need) for need in sorted(to.needs)]
    if change.needs_setting_up:
        ready_again(booking)
    if not change.is_within:
        booking.checked_in_at = None
    if change.is_moved:
        booking.moved_by_staff_at = booking.move_agreed_at = None
    settle_change(booking)
    _stand(booking, status, now=now)
    what = BookingChange.MOVED if change.is_moved else BookingChange.EDITED
    was = Place(change.was.room.id, change.was.span) if change.is_moved else None
    trail.note(booking, what, by=by, channel=channel, now=now, reason=reason, was=was)


def ready_again(booking: Booking) -> None:
    """What was made ready for a booking no longer counts."""
    db.session.execute(delete(RoomReady).where(RoomReady.booking_id == booking.id))


def _stand(booking: Booking, status: BookingStatus, *, now: datetime) -> None:
    if status is not booking.status:
        change_status(booking, status, now=now)
        booking.decided_at = booking.decided_by = None
    else:
        count_change(booking, now=now)
    if booking.status is BookingStatus.REQUESTED:
        booking.expires_at = expiry(booking.starts_at, booking.room, now=now)
    db.session.flush()
