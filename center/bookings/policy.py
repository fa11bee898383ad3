"""Whose a booking, a series or a wait for a time is, and who may do what with it, for views and templates alike.

What is an organisation's belongs to whoever leads it now. Who booked it, and who answered for it then, has no say in
it once they lead no more.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import ColumnElement, and_, or_

from center.bookings.models import LIVE, Booking, BookingStatus
from center.bookings.states import cancel_deadline, last_cancel
from center.kernel.access import Permission
from center.kernel.i18n import local_date
from center.organisations.queries import is_lead
from center.people.models import Person


class Owned(Protocol):
    """A booking, a series or a wait."""

    person_id: Any
    organisation_id: Any
    person: Any


def is_of(owned: Owned, person_id: int | None, led_ids: Collection[int]) -> bool:
    """Whether it is this person's own, or that of an organisation they lead."""
    if owned.organisation_id is not None:
        return owned.organisation_id in led_ids
    return bool(owned.person_id == person_id)


def is_of_now(owned: Owned, person: Person, *, now: datetime) -> bool:
    """The same as things stand in this transaction."""
    if owned.organisation_id is not None:
        return is_lead(person.id, owned.organisation_id, on=local_date(now))
    return bool(owned.person_id == person.id)


def belongs_to(table: Any, person_id: int | None, led_ids: Collection[int]) -> ColumnElement[bool]:
    """`is_of`, of the rows of a table."""
    return or_(and_(table.person_id == person_id, table.organisation_id.is_(None)), _is_led(table, led_ids))


def answered_by(table: Any, person_id: int, led_ids: Collection[int]) -> ColumnElement[bool]:
    """The rows under this person's name: their own, and those of organisations that they lead still."""
    return and_(table.person_id == person_id, or_(table.organisation_id.is_(None), _is_led(table, led_ids)))


def _is_led(table: Any, led_ids: Collection[int]) -> ColumnElement[bool]:
    return table.organisation_id.in_(sorted(led_ids))


def may_see(booking: Booking, user: Any, led_ids: Collection[int]) -> bool:
    """Whoever it is for, leads of its organisation, and staff who see bookings."""
    return is_own(booking, user, led_ids) or Permission.SEE_BOOKINGS in user.permissions


def may_cancel(booking: Booking, user: Any, led_ids: Collection[int]) -> bool:
    """Whether this person may cancel it at all; `is_cancellable` says whether it is still time."""
    return is_own(booking, user, led_ids) or Permission.BOOK_FOR_ANYONE in user.permissions


def may_decide(booking: Booking, user: Any, *, now: datetime) -> bool:
    """Whether this person may approve or decline it now."""
    waits = booking.state_at(now) is BookingStatus.REQUESTED
    return waits and Permission.APPROVE_BOOKINGS in user.permissions


def is_cancellable(booking: Any, *, now: datetime, as_staff: bool) -> bool:
    """Whether it is live and its deadline (for staff: its end) has not passed."""
    if booking.state_at(now) not in LIVE:
        return False
    if as_staff:
        return bool(booking.ends_at > now)
    return bool(now <= last_cancel(booking) and booking.starts_at > now)


def is_changeable(booking: Booking, *, now: datetime, as_staff: bool) -> bool:
    """Whether it is live and the deadline for changing it (for staff: its end) has not passed."""
    if booking.state_at(now) not in LIVE:
        return False
    if as_staff:
        return booking.ends_at > now
    deadline = cancel_deadline(booking.starts_at, cancel_minutes=booking.room.cancel_minutes)
    return now <= deadline and booking.starts_at > now


def is_own(booking: Booking, user: Any, led_ids: Collection[int]) -> bool:
    """Whether the booking is this person's own, or that of an organisation they lead now."""
    return is_of(booking, user.person_id, led_ids)
