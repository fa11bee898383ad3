"""What families and whoever is on duty hear of a day on which a school ends otherwise."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

SCHOOL_DAY = Kind(
    code="after_school.school_day",
    title=_l("A child's school ends otherwise on a day"),
    subject=_l("%(when)s: %(school)s – %(what)s"),
    body=_l("Hello %(name)s,\n\non %(when)s %(school)s: %(what)s.\n\n%(then)s\n\n%(how)s\n\n%(desk)s"),
    facts=frozenset({"name", "school", "when", "what", "then", "how", "desk"}),
    gist=_l("%(when)s: %(what)s. %(then)s"),
    calls=Calls.UNLESS_READ,
)
SCHOOL_WEEK = Kind(
    code="after_school.school_week",
    title=_l("A child's school ends otherwise on weekdays"),
    subject=_l("%(school)s ends otherwise from now on"),
    body=_l(
        "Hello %(name)s,\n\nfrom now on %(school)s ends otherwise:\n\n%(what)s\n\n"
        "If something else suits you, please say so on the page of the plan, or ring us.\n\n%(desk)s"
    ),
    facts=frozenset({"name", "school", "what", "desk"}),
    gist=_l("%(school)s ends otherwise from now on. %(what)s"),
    calls=Calls.UNLESS_READ,
)
DUTY_SCHOOL_DAY = Kind(
    code="after_school.duty_school_day",
    title=_l("On duty: a school ends otherwise today"),
    subject=_l("Today: %(school)s – %(what)s"),
    body=_l(
        "Hello %(name)s,\n\ntoday %(school)s: %(what)s. The day's list has the new times.\n\n"
        "You are on duty. Please acknowledge it on the page of the day."
    ),
    facts=frozenset({"name", "school", "what"}),
    gist=_l("%(school)s: %(what)s"),
    calls=Calls.NEVER,
)

register(kinds_in(vars()))
