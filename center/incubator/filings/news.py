"""What leads are told of filings and summaries, in words."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

kind = partial(Kind, facts=frozenset(["name", "activity", "due", "first"]), calls=Calls.NEVER)

FILING = kind(
    code="filings.filing",
    title=_l("To leads: an activity is to be filed"),
    subject=_l("Please file “%(activity)s” by %(due)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(activity)s” begins on %(first)s. Please file it by %(due)s: the page is filled in "
        "already, and you only check it."
    ),
    is_reminder=True,
)
FILING_LATE = kind(
    code="filings.filing_late",
    title=_l("To leads: the filing of an activity is late"),
    subject=_l("Not filed yet: “%(activity)s”"),
    body=_l(
        "Hello %(name)s,\n\n“%(activity)s” begins on %(first)s and was to be filed by %(due)s. You can still file it; "
        "please say why it is late."
    ),
    is_reminder=True,
)
SUMMARY = kind(
    code="filings.summary",
    title=_l("To leads: the summary of an activity is to be written"),
    subject=_l("Please sum up “%(activity)s” by %(due)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(activity)s” is over. Please write its summary by %(due)s: how many came is counted "
        "from the register already."
    ),
    facts=frozenset(["name", "activity", "due"]),
    is_reminder=True,
)
SUMMARY_LATE = kind(
    code="filings.summary_late",
    title=_l("To leads: the summary of an activity is late"),
    subject=_l("No summary yet: “%(activity)s”"),
    body=_l("Hello %(name)s,\n\nthe summary of “%(activity)s” was to be written by %(due)s. Please write it now."),
    facts=frozenset(["name", "activity", "due"]),
    is_reminder=True,
)
RETURNED = kind(
    code="filings.returned",
    title=_l("To leads: a filing was returned"),
    subject=_l("Please add to the filing of “%(activity)s”"),
    body=_l("Hello %(name)s,\n\nthe filing of “%(activity)s” lacks something. %(why)s Please file it again."),
    facts=frozenset(["name", "activity", "why", "reason"]),
)

register(kinds_in(vars()))
