"""What volunteers are told of their hours, in words."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

COMMON = frozenset(["name", "title", "organisation", "when", "desk", "why", "reason"])

kind = partial(Kind, facts=COMMON)

REFUSED = kind(
    code="hours.refused",
    title=_l("To a volunteer: hours refused"),
    subject=_l("Your hours do not count: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe hours %(when)s at “%(title)s” of %(organisation)s were not certified, so they do not "
        "count.\n\n%(why)s\n\nIf that is not right, ask those who led it, or us. %(desk)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
)
CORRECTED = kind(
    code="hours.corrected",
    title=_l("To a volunteer: hours corrected"),
    subject=_l("Your hours were corrected: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nyour hours at “%(title)s” of %(organisation)s were put right.\n\nBefore: %(was)s\n"
        "Now: %(when)s\n\n%(why)s\n\nThey count once somebody has certified them. If that is not right, ask those "
        "who led it, or us. %(desk)s"
    ),
    gist=_l("Before: %(was)s\nNow: %(when)s"),
    facts=COMMON | {"was"},
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
