"""What people are told when another organisation takes over what they signed up for; with the facts of all sign-ups."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register
from center.signups.news import COMMON

HANDED_ON = Kind(
    code="sign_up.handed_on",
    title=_l("Another organisation runs it"),
    subject=_l("%(organisation)s runs it from now on: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(title)s” is run by %(organisation)s from now on. The place for %(whom)s stays as it "
        "is, and you need not do anything.\n\nWhen: %(when)s\nWhere: %(where)s\nReference: %(reference)s\n\nIf that "
        "does not suit you, you can cancel on the page of the sign-up or at the desk. %(desk)s"
    ),
    facts=COMMON,
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
