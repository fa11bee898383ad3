"""How bookings, and offers of freed time, stand: which state follows which, and how a query asks for one."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, literal, or_

from center.bookings.models import Booking, BookingStatus
from center.bookings.models.waiting import SlotWish, WishState
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l

TRANSITIONS: dict[BookingStatus, frozenset[BookingStatus]] = {
    BookingStatus.REQUESTED: frozenset(
        {BookingStatus.CONFIRMED, BookingStatus.DECLINED, BookingStatus.CANCELLED, BookingStatus.EXPIRED}
    ),
    BookingStatus.CONFIRMED: frozenset({BookingStatus.CANCELLED, BookingStatus.RELEASED, BookingStatus.REQUESTED}),
    BookingStatus.CANCELLED: frozenset(),
    BookingStatus.DECLINED: frozenset({BookingStatus.REQUESTED}),  # taken back at once
    BookingStatus.EXPIRED: frozenset(),
    BookingStatus.RELEASED: frozenset(),
}


def may_move(current: BookingStatus, to: BookingStatus) -> bool:
    """Whether a booking may go from one state to another."""
    return to in TRANSITIONS[current]


def cancel_deadline(starts_at: datetime, *, cancel_minutes: int) -> datetime:
    """The last moment at which the person may cancel without the desk; the minutes are the room's."""
    return starts_at - timedelta(minutes=cancel_minutes)


def is_waiting_at(now: Any) -> ColumnElement[bool]:
    """Of a booking in a query: whether it waits for a decision that can still be made."""
    return (Booking.status == BookingStatus.REQUESTED) & (func.coalesce(Booking.expires_at, Booking.starts_at) > now)


def is_live_at(now: Any) -> ColumnElement[bool]:
    """Of a booking in a query: whether it is confirmed, or waits for a decision that can still be made."""
    return or_(Booking.status == BookingStatus.CONFIRMED, is_waiting_at(now))


def state_at(now: datetime) -> ColumnElement[BookingStatus]:
    """Of a booking in a query: where it stands at a moment, as `Booking.state_at` says it."""
    is_overdue = (Booking.status == BookingStatus.REQUESTED) & ~is_waiting_at(now)
    return case((is_overdue, literal(BookingStatus.EXPIRED, Booking.status.type)), else_=Booking.status)


def is_offered_at(now: datetime) -> ColumnElement[bool]:
    """Of a wish in a query: whether its time is offered and can still be taken."""
    return (SlotWish.state == WishState.OFFERED) & (SlotWish.offer_ends_at > now)


def awaits_answer_at(now: datetime) -> ColumnElement[bool]:
    """Of a booking in a query: whether it waits for a word of whoever answers for it.

    In a CASE, so that it is found by whose it is: by their states, SQLite would go through all that lie ahead.
    """
    is_moved = Booking.moved_by_staff_at.is_not(None) & Booking.move_agreed_at.is_(None) & is_live_at(now)
    is_asked = Booking.change_wanted_at.is_not(None) & Booking.change_answered_at.is_(None) & is_waiting_at(now)
    return and_(Booking.ends_at > now, case((or_(is_moved, is_asked), Booking.starts_at > now), else_=False))


def last_cancel(booking: Any) -> datetime:
    """Until when its person may cancel it: the room's deadline; its start, where staff moved it."""
    if booking.moved_by_staff_at is not None:
        start: datetime = booking.starts_at
        return start
    return cancel_deadline(booking.starts_at, cancel_minutes=booking.room.cancel_minutes)


def refuse_overdue(booking: Booking, *, now: datetime) -> None:
    """Nothing can be decided or changed any more once a request's time to be decided has passed."""
    if booking.status is BookingStatus.REQUESTED and booking.state_at(now) is BookingStatus.EXPIRED:
        raise RuleBroken(_l("Nobody decided this request in time, so it is over. The person can ask again."))


def refuse_unseen(booking: Booking, seen: int | None) -> None:
    """Nobody decides about something other than what they saw."""
    if seen is not None and booking.sequence != seen:
        raise Conflict(_l("This booking has changed meanwhile. Please look at it again."))
