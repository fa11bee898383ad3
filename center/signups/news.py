"""What people are told of their sign-ups, in words.

Facts that every kind has: name (of whoever reads it), who (a line with whose place it is, where it is not the
reader's), title, organisation, when, where, bring (a line, or nothing), reference, desk (how to ring the front desk)
and why (the reason as a sentence, or nothing).
"""

from center.i18n import lazy_gettext as _l
from center.notices.kinds import Kind, register
from center.notices.rules import Calls

COMMON = frozenset(
    {"name", "who", "title", "organisation", "when", "where", "bring", "reference", "desk", "why", "reason"}
)

OWN = (
    Kind(
        code="sign_up.confirmed",
        title=_l("Sign-up confirmed"),
        subject=_l("A place for you: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\nthere is a place for you at “%(title)s”. Just come.\n\n%(who)s\nWhen: %(when)s\n"
            "Where: %(where)s\n%(bring)s\nReference: %(reference)s\n\nIf you cannot come, please cancel by "
            "%(deadline)s,"
            " so that somebody else can have the place."
        ),
        facts=COMMON | {"deadline"},
        is_asked_for=True,
    ),
    Kind(
        code="sign_up.requested",
        title=_l("Sign-up request received"),
        subject=_l("We have your request: %(title)s"),
        body=_l(
            "Hello %(name)s,\n\nyou asked for a place at “%(title)s”. %(organisation)s chooses among those who ask; "
            "you will hear from us either way.\n\n%(who)s\nWhen: %(when)s\nReference: %(reference)s"
        ),
        facts=COMMON,
        is_asked_for=True,
    ),
    Kind(
        code="sign_up.queued",
        title=_l("On the waiting list"),
        subject=_l("On the waiting list, number %(place)s: %(title)s"),
        body=_l(
            "Hello %(name)s,\n\n“%(title)s” is full at the moment. You are number %(place)s on the waiting list. As "
            "soon as a place is free for you we tell you, and hold it for you for a while.\n\n%(who)s\nWhen: %(when)s\n"
            "Reference: %(reference)s"
        ),
        facts=COMMON | {"place"},
        is_asked_for=True,
    ),
    Kind(
        code="sign_up.cancelled",
        title=_l("Sign-up cancelled by its owner"),
        subject=_l("Cancelled: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\nthe sign-up for “%(title)s” is cancelled. Thank you for giving the place back.\n\n"
            "%(who)s\nReference: %(reference)s"
        ),
        facts=COMMON,
        is_asked_for=True,
    ),
)

DECIDED = (
    Kind(
        code="sign_up.approved",
        title=_l("Sign-up approved"),
        subject=_l("You have a place: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\ngood news: %(organisation)s has a place for you at “%(title)s”.\n\n%(who)s\n"
            "When: %(when)s\nWhere: %(where)s\n%(bring)s\nReference: %(reference)s\n\nIf you cannot come, please "
            "cancel "
            "by %(deadline)s."
        ),
        facts=COMMON | {"deadline"},
        calls=Calls.WITHOUT_ACCOUNT,
    ),
    Kind(
        code="sign_up.declined",
        title=_l("Sign-up declined"),
        subject=_l("No place this time: %(title)s"),
        body=_l(
            "Hello %(name)s,\n\nwe are sorry: there is no place for you at “%(title)s” this "
            "time.\n\n%(who)s\n%(why)s\n\n"
            "Other activities may suit you: look at what is on, or ask us. %(desk)s\n\nReference: %(reference)s"
        ),
        facts=COMMON,
        calls=Calls.WITHOUT_ACCOUNT,
    ),
    Kind(
        code="sign_up.offered",
        title=_l("Place offered from the waiting list"),
        subject=_l("A place is free for you until %(until)s: %(title)s"),
        body=_l(
            "Hello %(name)s,\n\na place at “%(title)s” has become free and is held for you until "
            "%(until)s.\n\n%(who)s\n"
            "When: %(when)s\nWhere: %(where)s\n\n"
            "If you want it, say yes at the front desk, by phone, or on its page. %(desk)s\n\n"
            "If you do not want it you need do nothing: then it goes to the next.\n\nReference: %(reference)s"
        ),
        facts=COMMON | {"until"},
        calls=Calls.UNLESS_READ,
    ),
    Kind(
        code="sign_up.offer_expired",
        title=_l("Offer of a place ran out"),
        subject=_l("The offer ran out: %(title)s"),
        body=_l(
            "Hello %(name)s,\n\nthe place at “%(title)s” was held for you until %(until)s and has gone to the next. If "
            "you still want to come, sign up again: you then queue at the end. %(desk)s\n\n%(who)s\n"
            "Reference: %(reference)s"
        ),
        facts=COMMON | {"until"},
    ),
    Kind(
        code="sign_up.promoted",
        title=_l("Place given from the waiting list"),
        subject=_l("You have a place after all: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\na place at “%(title)s” has become free at short notice, and it is yours.\n\n%(who)s\n"
            "When: %(when)s\nWhere: %(where)s\n%(bring)s\n\nIf you cannot come, please say so at once. %(desk)s\n\n"
            "Reference: %(reference)s"
        ),
        facts=COMMON,
        calls=Calls.UNLESS_READ,
    ),
)

PASSED_ON = (
    Kind(
        code="sign_up.given_away",
        title=_l("Place passed on"),
        subject=_l("Passed on: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\nthe place at “%(title)s” now is %(to)s's. The sign-up of %(before)s has ended.\n\n"
            "When: %(when)s\nReference: %(reference)s\n\nIf this is a mistake, please tell us. %(desk)s"
        ),
        facts=COMMON | {"to", "before"},
        calls=Calls.WITHOUT_ACCOUNT,
    ),
    Kind(
        code="sign_up.taken_over",
        title=_l("Place taken over"),
        subject=_l("Taken over from %(before)s: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\nthe place of %(before)s at “%(title)s” now is %(to)s's.\n\n"
            "When: %(when)s\nWhere: %(where)s\n%(bring)s\nReference: %(reference)s\n\nIf you cannot come, please "
            "cancel, so that somebody else can have the place. %(desk)s"
        ),
        facts=COMMON | {"to", "before"},
        calls=Calls.WITHOUT_ACCOUNT,
    ),
)

DRIVES = (
    Kind(
        code="pick_ups.driver",
        title=_l("Named as the driver"),
        subject=_l("You pick people up: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\n%(organisation)s asks you to pick people up for “%(title)s”.\n\nWhen: %(when)s\n"
            "Where to: %(where)s\n\nWhom, and where from, only you and the desk can see: on its page if you have an "
            "account, or on the list that the desk prints for you. Please keep it to yourself. %(desk)s"
        ),
        facts=frozenset({"name", "title", "organisation", "when", "where", "desk"}),
        calls=Calls.WITHOUT_ACCOUNT,
    ),
)

BY_OTHERS = (
    Kind(
        code="sign_up.cancelled_by_staff",
        title=_l("Sign-up cancelled by the centre"),
        subject=_l("Your sign-up is cancelled: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\nyour sign-up for “%(title)s” was cancelled.\n\n%(who)s\n%(why)s\n\nIf this is a "
            "mistake, "
            "please tell us. %(desk)s\n\nReference: %(reference)s"
        ),
        facts=COMMON,
        calls=Calls.UNLESS_READ,
    ),
    Kind(
        code="sign_up.moved_back",
        title=_l("Back on the waiting list: fewer places"),
        subject=_l("Your place is gone for now: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\nwe are sorry: there are fewer places at “%(title)s” than we thought, and yours is not "
            "among them. You are number %(place)s on the waiting list, and hear as soon as a place is "
            "free.\n\n%(who)s\n%(why)s\n\nIf you do not want to wait, please cancel. %(desk)s\n\n"
            "Reference: %(reference)s"
        ),
        facts=COMMON | {"place"},
        calls=Calls.UNLESS_READ,
    ),
    Kind(
        code="sign_up.too_many",
        title=_l("Fewer places than people who stay together"),
        subject=_l("Too few places for all of you: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\nwe are sorry: there are %(most)s places in all at “%(title)s” now, and you are "
            "%(people)s who want to stay together. So all of you cannot come. If you come one by one, each keeps their "
            "number on the waiting list: say so on the page of your sign-up, or ask us.\n\n%(who)s\n\n%(desk)s\n\n"
            "Reference: %(reference)s"
        ),
        facts=COMMON | {"most", "people"},
        calls=Calls.UNLESS_READ,
    ),
    Kind(
        code="sign_up.session_moved",
        title=_l("Session moved"),
        subject=_l("Changed: %(title)s is now %(when)s"),
        body=_l(
            "Hello %(name)s,\n\n“%(title)s” has moved. Your place stays yours.\n\n%(who)s\nBefore: %(was)s\n"
            "Now: %(when)s, %(where)s\n\n%(why)s\n\nIf this does not suit you, please cancel, so that somebody "
            "else can "
            "have the place. %(desk)s\n\nReference: %(reference)s"
        ),
        facts=COMMON | {"was"},
        calls=Calls.UNLESS_READ,
    ),
    Kind(
        code="sign_up.session_cancelled",
        title=_l("One session called off"),
        subject=_l("Called off: %(title)s on %(when)s"),
        body=_l(
            "Hello %(name)s,\n\n“%(title)s” does not take place on %(when)s. The other dates stay, and so does your "
            "place.\n\n%(who)s\n%(why)s\n\n%(desk)s\n\nReference: %(reference)s"
        ),
        facts=COMMON,
        calls=Calls.UNLESS_READ,
    ),
    Kind(
        code="sign_up.called_off",
        title=_l("Activity called off"),
        subject=_l("Called off: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\nwe are sorry: “%(title)s” does not take place (%(when)s). You need do nothing.\n\n"
            "%(who)s\n%(why)s\n\nIf you have questions, ask us. %(desk)s\n\nReference: %(reference)s"
        ),
        facts=COMMON,
        calls=Calls.UNLESS_READ,
    ),
)

REMINDERS = (
    Kind(
        code="sign_up.reminder_day",
        title=_l("Reminder of an activity, the evening before"),
        subject=_l("Tomorrow: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\na reminder: “%(title)s” is tomorrow.\n\n%(who)s\nWhen: %(when)s\nWhere: %(where)s\n"
            "%(bring)s\n\nIf you cannot come, please cancel, so that somebody else can. %(desk)s\n\n"
            "Reference: %(reference)s"
        ),
        facts=COMMON,
        calls=Calls.IF_WANTED,
        is_reminder=True,
    ),
    Kind(
        code="sign_up.reminder_soon",
        title=_l("Reminder of an activity, two hours before"),
        subject=_l("Soon: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\na reminder: “%(title)s” is today, %(when)s.\n\n%(who)s\nWhere: %(where)s\n\n"
            "Reference: %(reference)s"
        ),
        facts=COMMON,
        is_reminder=True,
    ),
)

TO_LEADS = (
    Kind(
        code="sign_up.cancelled_late",
        title=_l("To an organisation: somebody cancelled late"),
        subject=_l("Cannot come after all: %(person)s, %(title)s"),
        body=_l(
            "Hello %(name)s,\n\n%(person)s cannot come to “%(title)s” (%(when)s) after all.\n\n%(why)s\n\nThe "
            "place goes "
            "to the next who waits.\n\nReference: %(reference)s"
        ),
        facts=COMMON | {"person"},
        calls=Calls.WITHOUT_ACCOUNT,
    ),
)

register((*OWN, *DECIDED, *PASSED_ON, *DRIVES, *BY_OTHERS, *REMINDERS, *TO_LEADS))
