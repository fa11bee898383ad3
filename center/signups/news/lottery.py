"""What people are told of a draw, in words. The facts are those of `center.signups.news`."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register
from center.signups.news import COMMON

kind = partial(Kind, facts=COMMON)

ENTERED = kind(
    code="sign_up.entered",
    title=_l("Takes part in a draw"),
    subject=_l("The draw includes %(whom)s: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nthe draw for “%(title)s” includes %(whom)s. It does not matter who came first: all who "
        "ask until %(draw)s are drawn by lot then. You will hear from us either way.\n\nWhen: %(when)s\n"
        "Number in the draw: %(reference)s\n%(hand)s"
    ),
    facts=COMMON | {"draw", "hand"},
    is_asked_for=True,
)
DRAWN = kind(
    code="sign_up.drawn",
    title=_l("Drawn: a place"),
    subject=_l("A place by lot for %(whom)s: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\ngood news: the lot gave a place at “%(title)s” to %(whom)s.\n\n"
        "When: %(when)s\nWhere: %(where)s\n%(bring)s\nReference: %(reference)s\n\nIf that changes, please "
        "cancel by %(deadline)s, so that the next one drawn can have the place. %(desk)s"
    ),
    facts=COMMON | {"deadline"},
    calls=Calls.WITHOUT_ACCOUNT,
)
DRAWN_LATER = kind(
    code="sign_up.drawn_later",
    title=_l("Drawn: on the waiting list"),
    subject=_l("Number %(place)s on the waiting list for %(whom)s, after the draw: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nmore people asked than there are places at “%(title)s”, and the lot gave none yet "
        "to %(whom)s. On the waiting list it is number %(place)s: as soon as a place is free we tell you. You "
        "need do nothing.\n\nWhen: %(when)s\nReference: %(reference)s\n\n%(desk)s"
    ),
    facts=COMMON | {"place"},
    calls=Calls.WITHOUT_ACCOUNT,
)
NOT_DRAWN = kind(
    code="sign_up.not_drawn",
    title=_l("Not drawn"),
    subject=_l("Not drawn this time for %(whom)s: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nwe are sorry: more people asked than there are places at “%(title)s”, and the lot gave "
        "none to %(whom)s this time. It was luck alone and says nothing about anybody.\n\nOther activities may "
        "suit you: look at what is on, or ask us. %(desk)s\n\nReference: %(reference)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
    is_end=True,
)

register(kinds_in(vars()))
