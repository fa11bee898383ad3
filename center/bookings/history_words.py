"""What the states of a booking are called, and what can happen to one."""

from typing import Any

from center.bookings.models import BookingChange, BookingStatus
from center.kernel.i18n import lazy_gettext as _l

CHANGES: dict[BookingChange, Any] = {
    BookingChange.APPROVED: _l("Approved"),
    BookingChange.CANCELLED: _l("Cancelled"),
    BookingChange.CHANGE_ASKED: _l("Asked for a change"),
    BookingChange.CHECKED_IN: _l("Checked in"),
    BookingChange.CHECK_IN_UNDONE: _l("Check-in undone"),
    BookingChange.CONFIRMED: _l("Booked"),
    BookingChange.DECISION_UNDONE: _l("Decision taken back"),
    BookingChange.DECLINED: _l("Declined"),
    BookingChange.EDITED: _l("Changed"),
    BookingChange.EXPIRED: _l("Expired"),
    BookingChange.KEPT: _l("Kept"),
    BookingChange.MOVED: _l("Moved"),
    BookingChange.NO_SHOW: _l("Nobody came"),
    BookingChange.OVERRIDDEN: _l("Booked against a rule"),
    BookingChange.RELEASED: _l("Released"),
    BookingChange.REQUESTED: _l("Requested"),
}
STATUSES: dict[BookingStatus, Any] = {
    BookingStatus.CANCELLED: _l("Cancelled"),
    BookingStatus.CONFIRMED: _l("Confirmed"),
    BookingStatus.DECLINED: _l("Declined"),
    BookingStatus.EXPIRED: _l("Expired"),
    BookingStatus.RELEASED: _l("Released"),
    BookingStatus.REQUESTED: _l("Waiting for approval"),
}
