"""What people are reminded of, in words: of a booking, and of a session that they signed up for."""

from center.bookings.news import COMMON as OF_BOOKINGS
from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register
from center.signups.news import COMMON as OF_SIGN_UPS

BOOKING_TOMORROW = Kind(
    code="booking.reminder_day",
    title=_l("Reminder, the evening before"),
    subject=_l("Tomorrow: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\na reminder: %(room)s is yours tomorrow, %(when)s.\n\nFor: %(purpose)s\n"
        "Reference: %(reference)s\n\nIf you cannot come, please cancel, so that somebody else can use the room. "
        "%(desk)s"
    ),
    facts=OF_BOOKINGS,
    calls=Calls.IF_WANTED,
    is_reminder=True,
)
BOOKING_SOON = Kind(
    code="booking.reminder_soon",
    title=_l("Reminder, two hours before"),
    subject=_l("Soon: %(room)s, %(when)s"),
    body=_l("Hello %(name)s,\n\na reminder: %(room)s is yours today, %(when)s.\n\nReference: %(reference)s"),
    facts=OF_BOOKINGS,
    is_reminder=True,
)
SESSION_TOMORROW = Kind(
    code="sign_up.reminder_day",
    title=_l("Reminder of an activity, the evening before"),
    subject=_l("Tomorrow: %(title)s, %(when)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\na reminder: “%(title)s” is tomorrow, and there is a place for %(whom)s.\n\n"
        "When: %(when)s\nWhere: %(where)s\n%(bring)s\n\nIf that does not suit any more, please cancel, so that "
        "somebody else can come. %(desk)s\n\nReference: %(reference)s"
    ),
    facts=OF_SIGN_UPS,
    calls=Calls.IF_WANTED,
    is_reminder=True,
)
SESSION_SOON = Kind(
    code="sign_up.reminder_soon",
    title=_l("Reminder of an activity, two hours before"),
    subject=_l("Soon: %(title)s, %(when)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\na reminder: “%(title)s” is today, %(when)s, and there is a place for %(whom)s.\n\n"
        "Where: %(where)s\n\nReference: %(reference)s"
    ),
    facts=OF_SIGN_UPS,
    is_reminder=True,
)
register(kinds_in(vars()))
