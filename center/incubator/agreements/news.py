"""What leads are told of agreements, reviews and leaving, in words."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

kind = partial(Kind, calls=Calls.NEVER)

HANDED = kind(
    code="agreements.handed",
    title=_l("To leads: something of an organisation that leaves is theirs now"),
    subject=_l("Yours from now on: %(what)s"),
    body=_l(
        "Hello %(name)s,\n\n%(organisation)s leaves the incubator, and “%(what)s” is your organisation's from now on. "
        "Please look at it; if you cannot take it, tell us. %(desk)s"
    ),
    facts=frozenset(["name", "what", "organisation", "desk"]),
)
REPORT = kind(
    code="agreements.report",
    title=_l("To leads: the report for the mid-term review is to be written"),
    subject=_l("Please report for the mid-term review by %(due)s"),
    body=_l(
        "Hello %(name)s,\n\nthe mid-term review of %(organisation)s has begun. Please write by %(due)s what you did, "
        "what you learned and what you need; the figures are counted already."
    ),
    facts=frozenset(["name", "organisation", "due"]),
)
RUNS_OUT = kind(
    code="agreements.runs_out",
    title=_l("To leads: the agreement runs out"),
    subject=_l("The agreement of %(organisation)s ends on %(day)s"),
    body=_l(
        "Hello %(name)s,\n\nthe agreement of %(organisation)s with the centre ends on %(day)s. If you want to stay "
        "longer, talk to us in good time. %(desk)s"
    ),
    facts=frozenset(["name", "organisation", "day", "desk"]),
    is_reminder=True,
)

register(kinds_in(vars()))
