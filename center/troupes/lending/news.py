"""What whoever borrows is told, in words."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

COMMON = frozenset(["name", "troupe", "things", "due", "number", "desk"])

kind = partial(Kind, facts=COMMON)

HANDED_OUT = kind(
    code="lending.handed_out",
    title=_l("To a borrower: handed out"),
    subject=_l("You have borrowed: %(things)s"),
    body=_l(
        "Hello %(name)s,\n\nyou have borrowed from %(troupe)s: %(things)s.\n\nPlease bring it back by %(due)s. "
        "It is looked at together when it comes back.\n\nSlip: %(number)s. %(desk)s"
    ),
)
CALLED_OFF = kind(
    code="lending.called_off",
    title=_l("To a borrower: a promised thing is not lent after all"),
    subject=_l("Not lent after all: %(things)s"),
    body=_l(
        "Hello %(name)s,\n\nwhat %(troupe)s had kept for you is not lent after all: %(things)s.\n\nSlip: %(number)s. "
        "Please ask the troupe what else there is. %(desk)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
    is_end=True,
)
LONGER = kind(
    code="lending.longer",
    title=_l("To a borrower: it may come back later"),
    subject=_l("You may keep it longer: %(things)s"),
    body=_l("Hello %(name)s,\n\nyou may keep %(things)s of %(troupe)s until %(due)s.\n\nSlip: %(number)s. %(desk)s"),
)
DUE = kind(
    code="lending.due",
    title=_l("To a borrower: it is due tomorrow"),
    subject=_l("Please bring back by %(due)s: %(things)s"),
    body=_l(
        "Hello %(name)s,\n\na reminder: %(things)s of %(troupe)s is to be back by %(due)s.\n\n"
        "Slip: %(number)s. %(desk)s"
    ),
    calls=Calls.IF_WANTED,
    is_reminder=True,
)
NEEDED = kind(
    code="lending.needed",
    title=_l("To a borrower: the troupe needs it for its next show"),
    subject=_l("Needed for the show on %(show)s: %(things)s"),
    body=_l(
        "Hello %(name)s,\n\n%(troupe)s performs on %(show)s and needs what you have: %(things)s.\n\nPlease bring it "
        "back before, by %(due)s if that is earlier.\n\nSlip: %(number)s. %(desk)s"
    ),
    facts=COMMON | {"show"},
    calls=Calls.IF_WANTED,
    is_reminder=True,
)
LATE = kind(
    code="lending.late",
    title=_l("To a borrower: it is late"),
    subject=_l("Please bring back: %(things)s"),
    body=_l(
        "Hello %(name)s,\n\n%(things)s of %(troupe)s was to be back by %(due)s. If you still need it, please say so: "
        "it may be lent for longer.\n\nSlip: %(number)s. %(desk)s"
    ),
    calls=Calls.WITHOUT_ACCOUNT,
    is_reminder=True,
)

register(kinds_in(vars()))
