"""Undoing a booking that the desk has just made by mistake. Called inside one `transaction()`; never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.bookings import history, messages, news
from center.bookings.actions import give_back, lock_to_free
from center.bookings.models import Booking, BookingChange, BookingStatus, Channel
from center.bookings.models.series import SeriesDate
from center.bookings.writing import change_status
from center.kernel import undoing
from center.kernel.db import db
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import register
from center.notices.withdrawing import withdraw
from center.people.models import Person

MISTAKE = "{desk.booking_mistake}"
SAID = (news.CONFIRMED, news.REQUESTED)
AT_THE_DESK = frozenset({Channel.DESK, Channel.PHONE})
register("desk", {"booking_mistake": _l("The desk had made this booking by mistake.")})


def just_made(bookings: Sequence[Booking], *, by: Person, now: datetime) -> list[Booking]:
    """Which of these this member of staff made for somebody a moment ago, and can take back as if they had never been.

    Dates of a series are undone with it, or one by one as a change.
    """
    found = [each for each in bookings if _is_theirs(each, by) and undoing.may_undo(each.requested_at, now=now)]
    if not found:
        return []
    of_series = set(db.session.scalars(select(SeriesDate.booking_id).where(SeriesDate.booking_id.in_(_ids(found)))))
    return [each for each in found if each.id not in of_series]


def undo(booking: Booking, *, by: Person, now: datetime) -> None:
    """Take back a booking that was a mistake of the desk; its time is free for others. Twice is once.

    Whoever has not heard of it hears nothing at all; whom it has reached is told that it does not stand. Raises
    RuleBroken after the ten minutes, Conflict where it is somebody else's or something was done with it since.
    """
    lock_to_free(booking)
    if booking.status is BookingStatus.CANCELLED:
        return
    if not _is_theirs(booking, by):
        raise Conflict(_l("This booking has changed meanwhile. Please look at it again."))
    if not just_made([booking], by=by, now=now):
        raise RuleBroken(_l("It can be undone for ten minutes, and they have passed. It can still be cancelled."))
    change_status(booking, BookingStatus.CANCELLED, now=now)
    booking.cancelled_at, booking.cancelled_by, booking.cancel_reason = now, by, MISTAKE
    give_back(booking, now=now)
    history.note(booking, BookingChange.CANCELLED, by=by, channel=booking.channel, now=now, reason=MISTAKE)
    if reached := withdraw([messages.about(booking)], SAID, said_at=booking.requested_at):
        messages.tell(booking, news.CANCELLED_BY_STAFF, by=by, now=now, reason=MISTAKE, only=reached)


def _is_theirs(booking: Booking, by: Person) -> bool:
    """Whether they made it for somebody else at the desk, it stands, and nothing was done with it since."""
    is_made_so = booking.booked_by_id == by.id != booking.person_id and booking.channel in AT_THE_DESK
    is_untouched = booking.sequence == 0 and booking.decided_at is None and booking.checked_in_at is None
    return is_made_so and is_untouched and booking.is_live


def _ids(bookings: Sequence[Booking]) -> list[int]:
    return sorted(each.id for each in bookings)
