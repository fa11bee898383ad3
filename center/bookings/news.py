"""What people are told of their bookings, in words.

Facts that every kind has: name, room, when, purpose, reference, desk (how to ring the front desk) and why (the reason
as a sentence, or nothing).
"""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

COMMON = frozenset({"name", "room", "when", "purpose", "reference", "desk", "why", "reason"})

kind = partial(Kind, facts=COMMON)

CONFIRMED = kind(
    code="booking.confirmed",
    title=_l("Booking confirmed"),
    subject=_l("Booked: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(room)s is yours on %(when)s.\n\nFor: %(purpose)s\nReference: %(reference)s\n\n"
        "If you cannot come, please cancel, so that somebody else can use the room."
    ),
    is_asked_for=True,
)
REQUESTED = kind(
    code="booking.requested",
    title=_l("Request received"),
    subject=_l("We have your request: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nyou asked for %(room)s on %(when)s. This use needs the centre's approval. The time is "
        "held for you meanwhile, and you will hear from us.\n\nFor: %(purpose)s\nReference: %(reference)s"
    ),
    is_asked_for=True,
)
CANCELLED = kind(
    code="booking.cancelled",
    title=_l("Booking cancelled by its owner"),
    subject=_l("Cancelled: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe booking of %(room)s on %(when)s is cancelled. Thank you for giving the time back."
        "\n\nReference: %(reference)s"
    ),
    is_asked_for=True,
    is_end=True,
)
MOVED = kind(
    code="booking.moved",
    title=_l("Booking moved by its owner"),
    subject=_l("Moved: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nyour booking is moved.\n\nBefore: %(was)s\nNow: %(room)s, %(when)s\n\n%(note)s\n\n"
        "Reference: %(reference)s"
    ),
    gist=_l("Before: %(was)s\nNow: %(room)s, %(when)s"),
    facts=COMMON | {"was", "note"},
    is_asked_for=True,
)

APPROVED = kind(
    code="booking.approved",
    title=_l("Request approved"),
    subject=_l("Approved: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\ngood news: the centre has approved your request. %(room)s is yours on %(when)s.\n\n"
        "For: %(purpose)s\nReference: %(reference)s\n\n"
        "If you cannot come, please cancel, so that somebody else can use the room."
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
DECLINED = kind(
    code="booking.declined",
    title=_l("Request declined"),
    subject=_l("Not possible this time: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: %(room)s cannot be given to you on %(when)s.\n\n%(why)s\n\n"
        "Another time or room may suit you: look at what is free, or ask us. %(desk)s\n\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
    is_end=True,
)
CHANGE_ASKED = kind(
    code="booking.change_asked",
    title=_l("Change asked for before approval"),
    subject=_l("Please change your request: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe would like to say yes to %(room)s on %(when)s, but something should change first:"
        "\n\n%(reason)s\n\nPlease change your request, or cancel it. The time is held for you until then. %(desk)s"
        "\n\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)
ASK_UNDONE = kind(
    code="booking.ask_undone",
    title=_l("Ask for a change taken back"),
    subject=_l("Nothing needs to be changed for now: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe asked you a moment ago to change your request for %(room)s on %(when)s. That was "
        "a slip: please leave it as it is. The time is held for you, and you will hear from us. %(desk)s\n\n"
        "For: %(purpose)s\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)
DECISION_UNDONE = kind(
    code="booking.decision_undone",
    title=_l("Decision taken back"),
    subject=_l("Not decided yet after all: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe told you a moment ago how we had decided about your request for %(room)s on "
        "%(when)s. That was a slip: it is not decided yet. The time is held for you, and you will hear from us. "
        "%(desk)s\n\nFor: %(purpose)s\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)
EXPIRED = kind(
    code="booking.expired",
    title=_l("Request not decided in time"),
    subject=_l("Your request has run out: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: nobody decided in time about your request for %(room)s on %(when)s, so "
        "it has run out and the time is free again. That is our fault, not yours. Please ask again, or ring us."
        " %(desk)s\n\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
    is_end=True,
)

CANCELLED_BY_STAFF = kind(
    code="booking.cancelled_by_staff",
    title=_l("Booking cancelled by the centre"),
    subject=_l("The centre had to cancel: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: we had to cancel your booking of %(room)s on %(when)s.\n\n%(why)s\n\n"
        "We will gladly find another time or room with you. %(desk)s\n\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
    is_end=True,
)
EDITED_BY_STAFF = kind(
    code="booking.edited_by_staff",
    title=_l("Booking changed by the centre"),
    subject=_l("The desk has changed your booking: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe front desk has changed what your booking says. Its room and its time stay.\n\n"
        "%(changes)s\n\nIf this is not what you want, change it on its page or tell us. %(desk)s"
        "\n\nReference: %(reference)s"
    ),
    gist="%(changes)s",
    facts=COMMON | {"changes"},
    calls=Calls.WITHOUT_ACCOUNT,
)
MOVED_BY_DESK = kind(
    code="booking.moved_by_desk",
    title=_l("Booking moved by the desk"),
    subject=_l("The desk has moved your booking: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe front desk has moved your booking.\n\nBefore: %(was)s\nNow: %(room)s, %(when)s\n\n"
        "%(note)s\n\nIf this is not what you want, change it on its page or tell us. %(desk)s"
        "\n\nReference: %(reference)s"
    ),
    gist=_l("Before: %(was)s\nNow: %(room)s, %(when)s"),
    facts=COMMON | {"was", "note"},
    calls=Calls.UNLESS_READ,
)
MOVED_BY_STAFF = kind(
    code="booking.moved_by_staff",
    title=_l("Booking moved by the centre"),
    subject=_l("The centre had to move your booking: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe had to move your booking.\n\nBefore: %(was)s\nNow: %(room)s, %(when)s\n\n%(why)s\n\n"
        "If this does not suit you, cancel it on its page or ring us, and we will find something else. %(desk)s"
        "\n\nReference: %(reference)s"
    ),
    gist=_l("Before: %(was)s\nNow: %(room)s, %(when)s"),
    facts=COMMON | {"was"},
    calls=Calls.UNLESS_READ,
)
KEPT = kind(
    code="booking.kept",
    title=_l("Booking kept while the room is closed"),
    subject=_l("Your booking stays: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe room is closed to others around that time, and your booking stays as it is: "
        "%(room)s, %(when)s.\n\n%(why)s\n\nPlease come as planned, whatever the sign on the door says. %(desk)s"
        "\n\nReference: %(reference)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
HANDED_ON = kind(
    code="booking.handed_on",
    title=_l("To an organisation: what a former lead was to hear"),
    subject=_l("For your organisation: %(what)s"),
    body=_l(
        "Hello %(name)s,\n\nthis was meant for somebody who no longer leads your organisation, and had not reached "
        "them:\n\n%(what)s\n\nThe rest stands on its page. %(desk)s\n\nReference: %(reference)s"
    ),
    facts=frozenset({"name", "what", "reference", "desk"}),
    calls=Calls.UNLESS_READ,
)
RELEASED = kind(
    code="booking.released",
    title=_l("Room given free, as nobody came"),
    subject=_l("Given free: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nnobody had come to %(room)s some time after your booking began (%(when)s), so the room "
        "was given free for others. If you were there, or something came up, tell the front desk. %(desk)s\n\n"
        "Reference: %(reference)s"
    ),
    calls=Calls.NEVER,
)
SLOT_OFFERED = kind(
    code="booking.slot_offered",
    title=_l("Wanted time has become free"),
    subject=_l("Free now, held for you: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe time you wanted has become free: %(room)s, %(when)s. It is held for you until "
        "%(until)s. Take it at the front desk, by phone, or on its page. %(desk)s\n\n"
        "If you do not need it any more you need do nothing: then it goes to the next person."
    ),
    facts=frozenset({"name", "room", "when", "until", "desk"}),
    calls=Calls.UNLESS_READ,
)

MISSED = kind(
    code="booking.missed",
    title=_l("To an organisation: nobody came"),
    subject=_l("Nobody came: %(room)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nnobody was seen in %(room)s on %(when)s, which you had booked. Nothing follows from it."
        " If you were there, or plans changed, please tell the front desk, so that others can have the room next "
        "time. %(desk)s\n\nReference: %(reference)s"
    ),
)
LIMITED = kind(
    code="booking.limited",
    title=_l("Booking at the desk only, for a time"),
    subject=_l("For a time, please book at the desk"),
    body=_l(
        "Hello %(name)s,\n\nsome rooms you had booked stayed empty, the last one on %(when)s. For a time you can "
        "book at the front desk only: it is glad to book for you, in person or by telephone. Your account says "
        "until when.\n\n%(why)s\n\nIf you see it differently, please tell us. %(desk)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
LIMIT_LIFTED = kind(
    code="booking.limit_lifted",
    title=_l("Booking online is possible again"),
    subject=_l("You can book online again"),
    body=_l("Hello %(name)s,\n\nfrom now on you can book online again, as before.\n\n%(why)s"),
)

REQUEST_WAITS = kind(
    code="booking.request_waits",
    title=_l("To staff: a request waits"),
    subject=_l("A request waits: %(room)s, %(when)s"),
    body=_l("A request waits for your decision: %(room)s, %(when)s.\n\nReference: %(reference)s"),
    facts=frozenset({"room", "when", "reference"}),
)

register(kinds_in(vars()))
