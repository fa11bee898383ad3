"""What families are told of a term: a day more, a day that counts as another weekday, other rules."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

FACTS = frozenset({"name", "title", "when", "desk"})

TERM_DAY_ADDED = Kind(
    code="after_school.term_day_added",
    title=_l("After-school programme: one more day"),
    subject=_l("One more day: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(title)s also takes place on %(when)s. Your child is expected as on that weekday. If they "
        "do not come, please say so on the page of their week, or ring us.\n\n%(desk)s"
    ),
    facts=FACTS,
    gist=_l("%(title)s: also on %(when)s"),
    calls=Calls.UNLESS_READ,
)
TERM_WEEKDAY_CHANGED = Kind(
    code="after_school.term_weekday_changed",
    title=_l("After-school programme: a day counts as another weekday"),
    subject=_l("%(when)s counts as %(weekday)s: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\non %(when)s the timetable of %(weekday)s holds for %(title)s. Your child is expected if "
        "they come on that weekday. If something else suits you, please say so on the page of their week, or ring us."
        "\n\n%(desk)s"
    ),
    facts=FACTS | {"weekday"},
    gist=_l("%(when)s counts as %(weekday)s"),
    calls=Calls.UNLESS_READ,
)
TERM_RULES_CHANGED = Kind(
    code="after_school.term_rules_changed",
    title=_l("After-school programme: the rules have changed"),
    subject=_l("The rules have changed: %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nthe rules of %(title)s have changed: version %(version)s holds from now on. The page of "
        "the rules shows what is different, and the desk prints it for you.\n\n%(desk)s"
    ),
    facts=FACTS - {"when"} | {"version"},
    gist=_l("%(title)s: version %(version)s of the rules holds"),
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
