"""What those are told who look after the children, in words."""

from functools import partial

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

COMMON = frozenset(["name", "desk"])

kind = partial(Kind, facts=COMMON, calls=Calls.WITHOUT_ACCOUNT)

CHECK_RUNS_OUT = kind(
    code="staff.check_runs_out",
    title=_l("To somebody on duty with children: a check runs out"),
    subject=_l("%(check)s: valid until %(day)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(check)s” of yours is valid until %(day)s. After that day you cannot be on duty with the "
        "children until it has been renewed. Please show the new one in good time. %(desk)s"
    ),
    facts=COMMON | {"check", "day"},
)
OTHERS_CHECK_RUNS_OUT = kind(
    code="staff.others_check_runs_out",
    title=_l("To the director: a check of somebody on duty runs out"),
    subject=_l("%(check)s of %(person)s: valid until %(day)s"),
    body=_l(
        "Hello %(name)s,\n\n“%(check)s” of %(person)s is valid until %(day)s. After that day they cannot be on duty "
        "with the children until it has been renewed."
    ),
    facts=frozenset(["name", "check", "day", "person"]),
    calls=Calls.NEVER,
)
DUTIES_LOST = kind(
    code="staff.duties_lost",
    title=_l("To somebody on duty with children: taken off duty"),
    subject=_l("You are not on duty any more: %(dates)s"),
    body=_l(
        "Hello %(name)s,\n\na check of yours was taken back, so you are not on duty with the children on these days: "
        "%(dates)s. Please come and see us. %(desk)s"
    ),
    facts=COMMON | {"dates"},
    calls=Calls.UNLESS_READ,
)
OTHERS_DUTIES_LOST = kind(
    code="staff.others_duties_lost",
    title=_l("To the director: somebody was taken off duty"),
    subject=_l("%(person)s is not on duty any more: %(dates)s"),
    body=_l(
        "Hello %(name)s,\n\na check of %(person)s was taken back, so they are not on duty with the children on these "
        "days: %(dates)s. Please see who is there instead, and who owns the list of each day."
    ),
    facts=frozenset(["name", "person", "dates"]),
    calls=Calls.NEVER,
)
OWNER = kind(
    code="staff.owner",
    title=_l("To somebody on duty with children: the list of a day is theirs"),
    subject=_l("The list of %(day)s is yours"),
    body=_l(
        "Hello %(name)s,\n\non %(day)s you own the list of the children: changes reach you, and you answer for it "
        "until the last child is gone. If you cannot, tell us at once. %(desk)s"
    ),
    facts=COMMON | {"day"},
    calls=Calls.UNLESS_READ,
)

register(kinds_in(vars()))
