"""What whoever picks people up is told, in words."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

COMMON = frozenset(["name", "title", "organisation", "when", "where", "desk"])

kind = partial(Kind, facts=COMMON)

DRIVER = kind(
    code="pick_ups.driver",
    title=_l("Named as the driver"),
    subject=_l("You pick people up: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(organisation)s asks you to pick people up for “%(title)s”.\n\nWhen: %(when)s\n"
        "Where to: %(where)s\n\nWhom, and where from, only you and the desk can see: on its page if you have an "
        "account, or on the list that the desk prints for you. Please keep it to yourself. %(desk)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
MOVED = kind(
    code="pick_ups.moved",
    title=_l("To a driver: another time or place"),
    subject=_l("Changed: you pick people up for %(title)s, now %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(title)s”, for which you pick people up, has changed.\n\nBefore: %(was)s\n"
        "Now: %(when)s, %(where)s\n\n%(why)s\n\nPlease fetch people in time for that. If you cannot, tell us. "
        "%(desk)s"
    ),
    gist=_l("Before: %(was)s\nNow: %(when)s, %(where)s"),
    facts=COMMON | {"was", "why", "reason"},
    calls=Calls.UNLESS_READ,
)
CALLED_OFF = kind(
    code="pick_ups.called_off",
    title=_l("To a driver: called off"),
    subject=_l("Called off: you need not pick people up for %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(title)s” does not take place on %(when)s, so nobody is to be picked up.\n\n"
        "%(why)s\n\nThank you for having been ready. %(desk)s"
    ),
    facts=COMMON | {"why", "reason"},
    calls=Calls.UNLESS_READ,
)
TAKEN_BACK = kind(
    code="pick_ups.taken_back",
    title=_l("To a driver: no longer named"),
    subject=_l("You need not pick people up: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nfor “%(title)s” on %(when)s you need not pick people up any more: somebody else does, "
        "or nobody needs it. Thank you. %(desk)s"
    ),
    calls=Calls.UNLESS_READ,
)

register(kinds_in(vars()))
