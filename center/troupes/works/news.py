"""What a studio is told of its sale days, in words."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

COMMON = frozenset(["name", "troupe", "sale", "when", "desk", "why", "reason"])

kind = partial(Kind, facts=COMMON, calls=Calls.WITHOUT_ACCOUNT)

APPROVED = kind(
    code="works.day_approved",
    title=_l("To a studio: sale day approved"),
    subject=_l("Approved: %(sale)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(troupe)s may sell its works: “%(sale)s”, %(when)s. What you put forward is on sale now; "
        "labels can be printed.\n\nOnce the day is over, please publish what it came to. %(desk)s"
    ),
)
DECLINED = kind(
    code="works.day_declined",
    title=_l("To a studio: sale day declined"),
    subject=_l("Not approved: %(sale)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe sale day “%(sale)s” of %(troupe)s, %(when)s, was not approved.\n\n%(why)s\n\n"
        "You can change it and ask again. %(desk)s"
    ),
)
TAKEN_BACK = kind(
    code="works.day_taken_back",
    title=_l("To a studio: a decision on a sale day was taken back"),
    subject=_l("Not decided yet: %(sale)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthe decision on the sale day “%(sale)s” of %(troupe)s, %(when)s, was taken back. It waits "
        "for a new one, and nothing may be sold until then. %(desk)s"
    ),
)

register(kinds_in(vars()))
