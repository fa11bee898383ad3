"""What members and leaders of a troupe hear of its performances."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

_SHOW = frozenset({"name", "troupe", "title", "when", "room", "desk"})

ASKED = Kind(
    code="performances.asked",
    title=_l("Performance: do you come?"),
    subject=_l("Do you come? %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(troupe)s performs: %(title)s.\n\nWhen: %(when)s\nWhere: %(room)s\n\n"
        "Please say by %(reply_by)s whether you come: on the page of the performance, or to your leader.\n\n%(desk)s"
    ),
    facts=_SHOW | {"reply_by"},
    gist=_l("%(title)s, %(when)s. Please answer by %(reply_by)s."),
    calls=Calls.WITHOUT_ACCOUNT,
    asks=True,
)
REMINDED = Kind(
    code="performances.reminded",
    title=_l("Performance: your answer is missing"),
    subject=_l("Your answer is missing: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(troupe)s would like to know by %(reply_by)s whether you come: %(title)s, %(when)s.\n\n"
        "%(desk)s"
    ),
    facts=_SHOW | {"reply_by"},
    gist=_l("Please answer by %(reply_by)s."),
    calls=Calls.WITHOUT_ACCOUNT,
    is_reminder=True,
    asks=True,
)
ENTERED = Kind(
    code="performances.entered",
    title=_l("Performance: your answer was entered for you"),
    subject=_l("%(title)s: %(said)s"),
    body=_l(
        "Hello %(name)s,\n\n%(by)s has entered your answer to %(title)s, %(when)s: %(said)s.\n\n"
        "If that is not right, please say so to your leader.\n\n%(desk)s"
    ),
    facts=_SHOW | {"by", "said"},
    gist=_l("%(by)s has entered your answer: %(said)s."),
)
CALLED = Kind(
    code="performances.called",
    title=_l("Performance: the programme and when you are to be there"),
    subject=_l("%(title)s: be there at %(call)s"),
    body=_l(
        "Hello %(name)s,\n\nthe programme of %(title)s is settled.\n\nWhen: %(when)s\nWhere: %(room)s\n"
        "Be there at: %(call)s\nYou are in: %(pieces)s\n\n%(desk)s"
    ),
    facts=_SHOW | {"call", "pieces"},
    gist=_l("Be there at %(call)s. You are in: %(pieces)s."),
    calls=Calls.WITHOUT_ACCOUNT,
)
CHANGED = Kind(
    code="performances.changed",
    title=_l("Performance: something is different for you"),
    subject=_l("%(title)s has changed: be there at %(call)s"),
    body=_l(
        "Hello %(name)s,\n\nthe programme of %(title)s has changed.\n\nWhen: %(when)s\nWhere: %(room)s\n"
        "Be there at: %(call)s\nYou are in now: %(pieces)s\n\n%(desk)s"
    ),
    facts=_SHOW | {"call", "pieces"},
    gist=_l("Be there at %(call)s. You are in now: %(pieces)s."),
    calls=Calls.UNLESS_READ,
)
NOT_NEEDED = Kind(
    code="performances.not_needed",
    title=_l("Performance: you are not in the programme any more"),
    subject=_l("%(title)s: you are not in the programme any more"),
    body=_l(
        "Hello %(name)s,\n\nthe programme of %(title)s, %(when)s, has changed: you are not in it any more and need not "
        "come. Your leader can say why.\n\n%(desk)s"
    ),
    facts=_SHOW,
    calls=Calls.UNLESS_READ,
    is_end=True,
)
MOVED = Kind(
    code="performances.moved",
    title=_l("Performance: it takes place at another time"),
    subject=_l("%(title)s is now %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(title)s of %(troupe)s is at another time now.\n\nWhen: %(when)s\nWhere: %(room)s\n"
        "Be there at: %(call)s\n\nWhat you answered was for the time before: please say again whether you come.\n\n"
        "%(desk)s"
    ),
    facts=_SHOW | {"call"},
    gist=_l("Now %(when)s. Please say again whether you come."),
    calls=Calls.UNLESS_READ,
    asks=True,
)
CALLED_OFF = Kind(
    code="performances.called_off",
    title=_l("Performance: called off"),
    subject=_l("Called off: %(title)s, %(when)s"),
    body=_l("Hello %(name)s,\n\n%(title)s of %(troupe)s on %(when)s does not take place.\n\n%(why)s\n\n%(desk)s"),
    facts=_SHOW | {"why", "reason"},
    gist=_l("It does not take place. %(why)s"),
    calls=Calls.UNLESS_READ,
    is_end=True,
)
REHEARSALS = Kind(
    code="performances.rehearsals",
    title=_l("Performance: at which rehearsals you are needed"),
    subject=_l("Rehearsals before %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(troupe)s rehearses before %(title)s. You are needed: %(calls)s.\n\n"
        "This takes the place of what you were told before.\n\n%(desk)s"
    ),
    facts=_SHOW | {"calls"},
    gist=_l("Rehearsals at which you are needed: %(calls)s."),
    calls=Calls.UNLESS_READ,
)
SHORT = Kind(
    code="performances.short",
    title=_l("To a troupe's leader: a piece lacks somebody"),
    subject=_l("Somebody is missing: %(pieces)s"),
    body=_l(
        "Hello %(name)s,\n\n%(person)s does not come to %(title)s, %(when)s. As it stands these cannot be played: "
        "%(pieces)s.\n\nOn the page of the performance you see whom you can ask, and name a stand-in."
    ),
    facts=_SHOW | {"person", "pieces"},
    gist=_l("%(person)s does not come. These cannot be played: %(pieces)s."),
)
LEFT = Kind(
    code="performances.left",
    title=_l("To a troupe's leader: somebody in a programme has left the troupe"),
    subject=_l("%(person)s has left and is in the programme of %(title)s"),
    body=_l(
        "Hello %(name)s,\n\n%(person)s has left %(troupe)s and was down for %(pieces)s in %(title)s, %(when)s. "
        "They are missing there now: please name somebody else."
    ),
    facts=_SHOW | {"person", "pieces"},
    gist=_l("Missing now in: %(pieces)s."),
)

register(kinds_in(vars()))
