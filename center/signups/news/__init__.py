"""What people are told of their sign-ups, in words.

Facts that every kind has: name (of whoever reads it), whom (whom it is about, as the reader calls them: "you", "your
child 李小明"), aside (the same in brackets, or nothing where it is the reader), who (the same as a line, or nothing),
title, organisation, when, where, bring (a line, or nothing), reference, desk (how to ring the front desk) and why (the
reason as a sentence, or nothing).
"""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

WHOM = frozenset({"name", "whom", "aside", "who"})
COMMON = WHOM | {"title", "organisation", "when", "where", "bring", "reference", "desk", "why", "reason"}

kind = partial(Kind, facts=COMMON)

CONFIRMED = kind(
    code="sign_up.confirmed",
    title=_l("Sign-up confirmed"),
    subject=_l("A place for %(whom)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthere is a place for %(whom)s at “%(title)s”. Just come.\n\nWhen: %(when)s\n"
        "Where: %(where)s\n%(bring)s\nReference: %(reference)s\n%(hand)s\n\nIf that changes, please cancel by "
        "%(deadline)s, so that somebody else can have the place."
    ),
    facts=COMMON | {"deadline", "hand"},
    is_asked_for=True,
)
REQUESTED = kind(
    code="sign_up.requested",
    title=_l("Sign-up request received"),
    subject=_l("We have the request for %(whom)s: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nwe have the request of a place for %(whom)s at “%(title)s”. %(organisation)s chooses "
        "among those who ask. You will hear from us either way, by %(decided)s at the latest; if nobody has "
        "decided by then, the request ends, and we tell you that too.\n\nWhen: %(when)s\n"
        "Reference: %(reference)s\n%(hand)s"
    ),
    facts=COMMON | {"decided", "hand"},
    is_asked_for=True,
)
QUEUED = kind(
    code="sign_up.queued",
    title=_l("On the waiting list"),
    subject=_l("Number %(place)s on the waiting list for %(whom)s: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(title)s” is full at the moment. On the waiting list it is number %(place)s for "
        "%(whom)s. As soon as a place is free we tell you, and hold it for a while.\n\nWhen: %(when)s\n"
        "Reference: %(reference)s\n%(hand)s"
    ),
    facts=COMMON | {"place", "hand"},
    is_asked_for=True,
)
CANCELLED = kind(
    code="sign_up.cancelled",
    title=_l("Sign-up cancelled by its owner"),
    subject=_l("Cancelled for %(whom)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe sign-up of “%(title)s” for %(whom)s is cancelled. %(thanks)s\n\n"
        "Reference: %(reference)s\n%(hand)s"
    ),
    facts=COMMON | {"thanks", "hand"},
    is_asked_for=True,
    is_end=True,
)

APPROVED = kind(
    code="sign_up.approved",
    title=_l("Sign-up approved"),
    subject=_l("Yes, a place for %(whom)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\ngood news: %(organisation)s has a place for %(whom)s at “%(title)s”.\n\n"
        "When: %(when)s\nWhere: %(where)s\n%(bring)s\nReference: %(reference)s\n\nIf that changes, please cancel "
        "by %(deadline)s."
    ),
    facts=COMMON | {"deadline"},
    calls=Calls.WITHOUT_ACCOUNT,
)
WAITS_NOW = kind(
    code="sign_up.waits_now",
    title=_l("Request became a place on the waiting list"),
    subject=_l("On the waiting list now for %(whom)s: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nplaces at “%(title)s” are given in the order of sign-up now, and all are taken. On the "
        "waiting list it is number %(place)s for %(whom)s. As soon as a place is free we tell you, and hold it for "
        "a while. %(desk)s\n\nWhen: %(when)s\nReference: %(reference)s"
    ),
    facts=COMMON | {"place"},
    calls=Calls.WITHOUT_ACCOUNT,
)
DECLINED = kind(
    code="sign_up.declined",
    title=_l("Sign-up declined"),
    subject=_l("No place this time for %(whom)s: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: there is no place for %(whom)s at “%(title)s” this time.\n\n%(why)s\n\n"
        "Other activities may suit you: look at what is on, or ask us. %(desk)s\n\nReference: %(reference)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
    is_end=True,
)
DECISION_UNDONE = kind(
    code="sign_up.decision_undone",
    title=_l("Decision about a sign-up taken back"),
    subject=_l("Not decided yet after all for %(whom)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe told you a moment ago how it had been decided about a place for %(whom)s at "
        "“%(title)s”. That was a slip: it is not decided yet, and you will hear from us. %(desk)s\n\n"
        "When: %(when)s\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)
REQUEST_EXPIRED = kind(
    code="sign_up.request_expired",
    title=_l("Sign-up request not decided in time"),
    subject=_l("The request for %(whom)s has run out: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: nobody decided in time about a place for %(whom)s at “%(title)s”, so the "
        "request has run out. That is not your fault. If you still want to come, please ask us: perhaps there is a "
        "place. %(desk)s\n\nWhen: %(when)s\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
    is_end=True,
)
OFFERED = kind(
    code="sign_up.offered",
    title=_l("Place offered from the waiting list"),
    subject=_l("A place is free for %(whom)s until %(until)s: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\na place at “%(title)s” has become free and is held for %(whom)s until %(until)s.\n\n"
        "When: %(when)s\nWhere: %(where)s\n\n"
        "If it is wanted, say yes at the front desk, by phone, or on its page. %(desk)s\n\n"
        "If not you need do nothing: then it goes to the next.\n\nReference: %(reference)s"
    ),
    facts=COMMON | {"until"},
    calls=Calls.UNLESS_READ,
    asks=True,
)
OFFER_EXPIRED = kind(
    code="sign_up.offer_expired",
    title=_l("Offer of a place ran out"),
    subject=_l("The offer for %(whom)s ran out: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nthe place at “%(title)s” was held for %(whom)s until %(until)s and has gone to the "
        "next. If it is still wanted, sign up again: that is at the end of the queue. %(desk)s\n\n"
        "Reference: %(reference)s"
    ),
    facts=COMMON | {"until"},
    is_end=True,
)
PROMOTED = kind(
    code="sign_up.promoted",
    title=_l("Place given from the waiting list"),
    subject=_l("A place after all for %(whom)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\na place at “%(title)s” has become free at short notice, and it is for %(whom)s.\n\n"
        "When: %(when)s\nWhere: %(where)s\n%(bring)s\n\nIf nobody comes, please say so at once. %(desk)s\n\n"
        "Reference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
)

GIVEN_AWAY = kind(
    code="sign_up.given_away",
    title=_l("Place passed on"),
    subject=_l("Passed on: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwhat %(before)s had at “%(title)s” now is %(to)s's. The sign-up of %(before)s has "
        "ended.\n\nWhen: %(when)s\nReference: %(reference)s\n\nIf this is a mistake, please tell us. %(desk)s"
    ),
    facts=COMMON | {"to", "before"},
    calls=Calls.WITHOUT_ACCOUNT,
    is_end=True,
)
TAKEN_OVER = kind(
    code="sign_up.taken_over",
    title=_l("Place taken over"),
    subject=_l("Taken over from %(before)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwhat %(before)s had at “%(title)s” now is %(to)s's. %(standing)s\n\n"
        "When: %(when)s\nWhere: %(where)s\n%(bring)s\nReference: %(reference)s\n\n%(if_not)s %(desk)s"
    ),
    facts=COMMON | {"to", "before", "standing", "if_not"},
    calls=Calls.WITHOUT_ACCOUNT,
)

MOVED_BY_LEAD = kind(
    code="sign_up.moved_by_lead",
    title=_l("Moved to another date by the organisers"),
    subject=_l("Another date for %(whom)s: %(title)s, now %(to)s"),
    body=_l(
        "Hello %(name)s,\n\n%(organisation)s has moved the place of %(whom)s at “%(title)s” to another date.\n\n"
        "Before: %(when)s\nNow: %(to)s\n\n%(why)s\n\nIf that does not suit you, please tell us. %(desk)s\n\n"
        "Reference: %(reference)s"
    ),
    gist=_l("Before: %(when)s\nNow: %(to)s"),
    facts=COMMON | {"to"},
    calls=Calls.UNLESS_READ,
    is_end=True,
)
CANCELLED_BY_STAFF = kind(
    code="sign_up.cancelled_by_staff",
    title=_l("Sign-up cancelled by the centre"),
    subject=_l("Cancelled by %(office)s: %(title)s, %(when)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\nthe sign-up of “%(title)s” for %(whom)s was cancelled by %(office)s.\n\n%(why)s\n\n"
        "If this is a mistake, please tell us. %(desk)s\n\nReference: %(reference)s"
    ),
    facts=COMMON | {"office"},
    calls=Calls.UNLESS_READ,
    is_end=True,
)
MOVED_BACK = kind(
    code="sign_up.moved_back",
    title=_l("Back on the waiting list: fewer places"),
    subject=_l("No place for now for %(whom)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: there are fewer places at “%(title)s” than we thought. %(standing)s You "
        "hear as soon as a place is free.\n\n%(why)s\n\nIf you do not want to wait, please cancel. %(desk)s\n\n"
        "Reference: %(reference)s"
    ),
    facts=COMMON | {"place", "standing"},
    calls=Calls.UNLESS_READ,
)
TOO_MANY = kind(
    code="sign_up.too_many",
    title=_l("Fewer places than people who stay together"),
    subject=_l("Too few places for all of %(group)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: there are %(most)s places in all at “%(title)s” now, and %(group)s, "
        "which wants to stay together, counts %(people)s. So not all of it can come. If its people come one by "
        "one, each keeps their number on the waiting list: say so on the page of the sign-up, or ask us. "
        "%(desk)s\n\nReference: %(reference)s"
    ),
    facts=COMMON | {"most", "people", "group"},
    calls=Calls.UNLESS_READ,
)
SESSION_MOVED = kind(
    code="sign_up.session_moved",
    title=_l("Session moved"),
    subject=_l("Changed: %(title)s is now %(when)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(title)s” has moved.\n\nBefore: %(was)s\nNow: %(when)s, %(where)s\n\n%(standing)s\n\n"
        "%(why)s\n\n%(if_not)s %(desk)s\n\nReference: %(reference)s"
    ),
    gist=_l("Before: %(was)s\nNow: %(when)s, %(where)s"),
    facts=COMMON | {"was", "standing", "if_not"},
    calls=Calls.UNLESS_READ,
)
CHANGED = kind(
    code="sign_up.changed",
    title=_l("Place, fee or what to bring changed"),
    subject=_l("Please note: %(what)s changed, %(title)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\nsomething has changed about “%(title)s”.\n\n%(changes)s\n\nWhen: %(when)s\n"
        "Where: %(where)s\n\n%(standing)s\n\n%(why)s\n\n%(if_not)s %(desk)s\n\nReference: %(reference)s"
    ),
    gist="%(changes)s",
    facts=COMMON | {"what", "changes", "standing", "if_not"},
    calls=Calls.UNLESS_READ,
)
SESSION_CANCELLED = kind(
    code="sign_up.session_cancelled",
    title=_l("One session called off"),
    subject=_l("Called off: %(title)s on %(when)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(title)s” does not take place on %(when)s. The other dates stay.\n\n%(standing)s\n\n"
        "%(why)s\n\n%(desk)s\n\nReference: %(reference)s"
    ),
    facts=COMMON | {"standing"},
    calls=Calls.UNLESS_READ,
)
CALLED_OFF = kind(
    code="sign_up.called_off",
    title=_l("Activity called off"),
    subject=_l("Called off: %(title)s, %(when)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: “%(title)s” does not take place (%(when)s). You need do nothing.\n\n"
        "%(who)s\n%(why)s\n\nIf you have questions, ask us. %(desk)s\n\nReference: %(reference)s"
    ),
    calls=Calls.UNLESS_READ,
    is_end=True,
)

CANCELLED_LATE = kind(
    code="sign_up.cancelled_late",
    title=_l("To an organisation: somebody cancelled late"),
    subject=_l("Cannot come after all: %(person)s, %(title)s"),
    body=_l(
        "Hello %(name)s,\n\n%(person)s cannot come to “%(title)s” (%(when)s) after all.\n\n%(why)s\n\n"
        "If somebody waits, the place goes to them.\n\nReference: %(reference)s"
    ),
    facts=COMMON | {"person"},
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
