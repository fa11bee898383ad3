"""What people are told of a draw, in words. The facts are those of `center.signups.news`."""

from center.i18n import lazy_gettext as _l
from center.notices.kinds import Kind, register
from center.notices.rules import Calls
from center.signups.news import COMMON

KINDS = (
    Kind(
        code="sign_up.entered",
        title=_l("Takes part in a draw"),
        subject=_l("You take part in the draw: %(title)s"),
        body=_l(
            "Hello %(name)s,\n\nyou take part in the draw for “%(title)s”. It does not matter who came first: all who "
            "ask until %(draw)s are drawn by lot then. You will hear from us either way.\n\n%(who)s\nWhen: %(when)s\n"
            "Your number in the draw: %(reference)s"
        ),
        facts=COMMON | {"draw"},
        is_asked_for=True,
    ),
    Kind(
        code="sign_up.drawn",
        title=_l("Drawn: a place"),
        subject=_l("You were drawn: %(title)s, %(when)s"),
        body=_l(
            "Hello %(name)s,\n\ngood news: you were drawn, and there is a place for you at “%(title)s”.\n\n%(who)s\n"
            "When: %(when)s\nWhere: %(where)s\n%(bring)s\nReference: %(reference)s\n\nIf you cannot come, please "
            "cancel by %(deadline)s, so that the next one drawn can have the place. %(desk)s"
        ),
        facts=COMMON | {"deadline"},
        calls=Calls.WITHOUT_ACCOUNT,
    ),
    Kind(
        code="sign_up.drawn_later",
        title=_l("Drawn: on the waiting list"),
        subject=_l("Number %(place)s on the waiting list after the draw: %(title)s"),
        body=_l(
            "Hello %(name)s,\n\nmore people asked than there are places at “%(title)s”, and the lot gave you no place "
            "yet. You are number %(place)s on the waiting list: as soon as a place is free for you we tell you. You "
            "need do nothing.\n\n%(who)s\nWhen: %(when)s\nReference: %(reference)s\n\n%(desk)s"
        ),
        facts=COMMON | {"place"},
        calls=Calls.WITHOUT_ACCOUNT,
    ),
    Kind(
        code="sign_up.not_drawn",
        title=_l("Not drawn"),
        subject=_l("Not drawn this time: %(title)s"),
        body=_l(
            "Hello %(name)s,\n\nwe are sorry: more people asked than there are places at “%(title)s”, and the lot gave "
            "you none this time. It was luck alone and says nothing about you.\n\n%(who)s\n\nOther activities may suit "
            "you: look at what is on, or ask us. %(desk)s\n\nReference: %(reference)s"
        ),
        facts=COMMON,
        calls=Calls.WITHOUT_ACCOUNT,
    ),
)

register(KINDS)
