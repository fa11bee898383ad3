"""What leads are told of the register, in words."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

kind = partial(Kind, calls=Calls.NEVER, is_reminder=True)

RENEW = kind(
    code="registration.renew",
    title=_l("To leads: the entry in the register is to be renewed"),
    subject=_l("Please renew the registration of %(organisation)s by %(due)s"),
    body=_l(
        "Hello %(name)s,\n\nthe registration of %(organisation)s counts until %(until)s. Please ask for its renewal by "
        "%(due)s: the form, the list of members, the charter, and where you meet. %(desk)s"
    ),
    facts=frozenset(["name", "organisation", "until", "due", "desk"]),
)
QUARTER = kind(
    code="registration.quarter",
    title=_l("To leads: a quarter is to be reported"),
    subject=_l("Please send the figures of the quarter by %(due)s"),
    body=_l(
        "Hello %(name)s,\n\nthe figures of %(organisation)s for the last quarter are due on %(due)s. They are counted "
        "already: look at them, add what you want to say, and send them."
    ),
    facts=frozenset(["name", "organisation", "due"]),
)

register(kinds_in(vars()))
