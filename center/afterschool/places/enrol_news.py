"""What guardians hear of a child's place and record, beside the news of every sign-up. Names are shortened: others may
read them in a call list.
"""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register
from center.signups.news import COMMON

PLACE_ENDED = Kind(
    code="after_school.place_ended",
    title=_l("A child's place ended"),
    subject=_l("A place or application has ended: %(title)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\nthe place or application of %(whom)s at “%(title)s” has ended. By: %(office)s.\n\n"
        "%(why)s\n\nIf this is a mistake, please tell us. %(desk)s\n\nReference: %(reference)s"
    ),
    facts=COMMON | {"office"},
    calls=Calls.UNLESS_READ,
    is_end=True,
)
NOT_ELIGIBLE = Kind(
    code="after_school.not_eligible",
    title=_l("An application is refused by a paragraph of the rules"),
    subject=_l("There can be no place: %(title)s%(aside)s"),
    body=_l(
        "Hello %(name)s,\n\nthere can be no place for %(whom)s at “%(title)s”, for this reason:\n\n%(reason)s\n\n"
        "If you think that this is wrong, please speak to the director. %(desk)s\n\nReference: %(reference)s"
    ),
    facts=COMMON | {"office"},
    calls=Calls.UNLESS_READ,
    is_end=True,
)
RECORD_CHANGED = Kind(
    code="after_school.record_changed",
    title=_l("What is kept of a child was changed"),
    subject=_l("%(person)s: %(what)s"),
    body=_l(
        "Hello %(name)s,\n\nsomething was changed in what the after-school programme keeps of %(person)s: %(what)s.\n\n"
        "By: %(by)s.\n\nIf it is not right, please change it or tell us. %(desk)s"
    ),
    facts=frozenset({"name", "person", "what", "by", "desk"}),
    gist="%(what)s",
    calls=Calls.WITHOUT_ACCOUNT,
)
PRIORITY_DECIDED = Kind(
    code="after_school.priority_decided",
    title=_l("A reason for priority was decided on"),
    subject=_l("%(person)s: a reason for priority was decided on"),
    body=_l(
        "Hello %(name)s,\n\nyou had named a reason why %(person)s should have a place before others: %(what)s.\n\n"
        "%(reason)s\n\nIf you think that this is wrong, please speak to the director. %(desk)s"
    ),
    facts=frozenset({"name", "person", "what", "reason", "desk"}),
    gist="%(what)s: %(reason)s",
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
