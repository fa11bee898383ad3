"""What guardians are told of the day of their child, in words. Quiet: a message names no other child."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

COMMON = frozenset(["name", "child", "time", "desk"])

kind = partial(Kind, facts=COMMON, calls=Calls.WITHOUT_ACCOUNT)

ARRIVED = kind(
    code="after_school.arrived",
    title=_l("To guardians: a child has arrived"),
    subject=_l("%(child)s has arrived, %(time)s"),
    body=_l("Hello %(name)s,\n\n%(child)s arrived at the after-school programme at %(time)s.\n\n%(desk)s"),
)
CAME_ON_LEAVE = kind(
    code="after_school.came_on_leave",
    title=_l("To guardians: a child has come who was on leave"),
    subject=_l("%(child)s is here, although on leave today, %(time)s"),
    body=_l(
        "Hello %(name)s,\n\n%(child)s was on leave today, and came to us at %(time)s all the same. We look after them. "
        "Please tell us how they go home.\n\n%(desk)s"
    ),
    calls=Calls.UNLESS_READ,
)
LEFT = kind(
    code="after_school.left",
    title=_l("To guardians: a child has gone home"),
    subject=_l("%(child)s has left, %(time)s: %(how)s"),
    body=_l(
        "Hello %(name)s,\n\n%(child)s left the after-school programme at %(time)s: %(how)s.\n\n"
        "If that is not right, ring us at once. %(desk)s"
    ),
    gist="%(how)s",
    facts=COMMON | {"how"},
)
CORRECTED = kind(
    code="after_school.corrected",
    title=_l("To guardians: what was told of a child was a mistake"),
    subject=_l("%(child)s: what we told you at %(time)s was a mistake"),
    body=_l(
        "Hello %(name)s,\n\nwhat we told you of %(child)s at %(time)s was a slip, and was taken back. "
        "Now it is so: %(how)s.\n\n%(desk)s"
    ),
    gist="%(how)s",
    facts=COMMON | {"how"},
    calls=Calls.UNLESS_READ,
)

register(kinds_in(vars()))
