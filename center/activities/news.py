"""What organisations and staff are told of activities, in words.

Facts that every kind has: name, title, organisation, when (its first session ahead), desk (how to ring the front desk)
and why (the reason as a sentence, or nothing).
"""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

COMMON = frozenset({"name", "title", "organisation", "when", "desk", "why", "reason"})

kind = partial(Kind, facts=COMMON)

SUBMITTED = kind(
    code="activity.submitted",
    title=_l("To an organisation: activity submitted"),
    subject=_l("Submitted: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(title)s” of %(organisation)s is with the centre's staff now. Its rooms are held "
        "for you. You will hear from us; until then you can still take it back and change it."
    ),
    is_asked_for=True,
)
RETURNED = kind(
    code="activity.returned",
    title=_l("To an organisation: activity returned"),
    subject=_l("Please change something: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nthe staff have read “%(title)s” and ask for a change before it is published.\n\n"
        "%(why)s\n\nChange it on its page and submit it again; nothing you wrote is lost. %(desk)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
PUBLISHED = kind(
    code="activity.published",
    title=_l("To an organisation: activity published"),
    subject=_l("Published: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\ngood news: “%(title)s” is published, and people can sign up.\n\nWhen: %(when)s\n\n"
        "Its page shows who comes."
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
DECISION_UNDONE = kind(
    code="activity.decision_undone",
    title=_l("To an organisation: a decision taken back"),
    subject=_l("Not decided yet after all: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nwe told you a moment ago how the staff had decided about “%(title)s”. That was a slip: "
        "it waits for them again, and you will hear from us. %(desk)s"
    ),
    calls=Calls.UNLESS_READ,
)
CHANGE_ACCEPTED = kind(
    code="activity.change_accepted",
    title=_l("To an organisation: a change is public"),
    subject=_l("Your change is public: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nthe staff have read what you changed of “%(title)s”. Everybody sees it now, and "
        "whoever must hear of it is told."
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
CHANGE_RETURNED = kind(
    code="activity.change_returned",
    title=_l("To an organisation: a change is returned"),
    subject=_l("Please change something: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nthe staff have read what you changed of “%(title)s” and ask for something else before "
        "everybody sees it. Until then its page says what it said before.\n\n%(why)s\n\nChange it on its page; it "
        "goes to them again. %(desk)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
CANCELLED_BY_STAFF = kind(
    code="activity.cancelled_by_staff",
    title=_l("To an organisation: activity called off by the centre"),
    subject=_l("Called off by the centre: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nthe centre had to call off “%(title)s” of %(organisation)s. Whoever signed up is told."
        "\n\n%(why)s\n\nIf you have questions, ask us. %(desk)s"
    ),
    calls=Calls.UNLESS_READ,
)
ROOM_SHUT = kind(
    code="activity.room_shut",
    title=_l("To an organisation: its room is closed during a session"),
    subject=_l("The room is closed around “%(title)s”, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(room)s is closed to others around %(when)s. Your session of “%(title)s” stays as it "
        "is, and nobody who signed up was told anything.\n\n%(why)s\n\nIf it cannot take place like this, move it "
        "or call it off: whoever signed up is told then. %(desk)s"
    ),
    facts=COMMON | {"room"},
    calls=Calls.UNLESS_READ,
)

WAITS = kind(
    code="activity.waits",
    title=_l("To staff: an activity waits"),
    subject=_l("An activity waits: %(title)s"),
    body=_l("“%(title)s” of %(organisation)s waits for your decision.\n\nWhen: %(when)s"),
    facts=frozenset({"title", "organisation", "when"}),
)

register(kinds_in(vars()))
