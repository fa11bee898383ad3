"""What guardians and whoever is on duty hear of a child's plan: changes of a day, of the week, of who may collect."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

PLAN_CHANGED = Kind(
    code="after_school.plan_changed",
    title=_l("The other guardian changed a child's day"),
    subject=_l("%(person)s, %(when)s: %(what)s"),
    body=_l(
        "Hello %(name)s,\n\n%(by)s has said of %(when)s for %(person)s: %(what)s.\n\n"
        "What was said last counts. If it is not right, please change the day or ring the front desk.\n\n%(desk)s"
    ),
    facts=frozenset({"name", "person", "when", "what", "by", "desk"}),
    gist=_l("%(when)s: %(what)s"),
    calls=Calls.UNLESS_READ,
)
PLAN_NOTED = Kind(
    code="after_school.plan_noted",
    title=_l("A child's day was changed as the reader asked"),
    subject=_l("Noted for %(person)s, %(when)s: %(what)s"),
    body=_l(
        "Hello %(name)s,\n\nWe have noted for %(person)s on %(when)s: %(what)s. Whoever is on duty sees it.\n\n%(desk)s"
    ),
    facts=frozenset({"name", "person", "when", "what", "desk"}),
    gist=_l("%(when)s: %(what)s"),
    is_asked_for=True,
)
DUTY_CHANGE = Kind(
    code="after_school.duty_change",
    title=_l("On duty: a child's day has changed"),
    subject=_l("Changed on %(when)s: %(person)s – %(what)s"),
    body=_l(
        "Hello %(name)s,\n\n%(by)s has said of %(when)s for %(person)s: %(what)s.\n\n"
        "You are on duty that day. Please acknowledge it on the page of the day."
    ),
    facts=frozenset({"name", "person", "when", "what", "by"}),
    gist=_l("%(person)s: %(what)s"),
    calls=Calls.NEVER,
)
WEEK_CHANGED = Kind(
    code="after_school.week_changed",
    title=_l("The other guardian changed a child's week"),
    subject=_l("The week of %(person)s has changed"),
    body=_l(
        "Hello %(name)s,\n\n%(by)s has changed on which days %(person)s comes and how they go home.\n\n%(changes)s\n\n"
        "%(desk)s"
    ),
    facts=frozenset({"name", "person", "by", "changes", "desk"}),
    gist="%(changes)s",
    calls=Calls.UNLESS_READ,
)
COLLECTORS_CHANGED = Kind(
    code="after_school.collectors_changed",
    title=_l("Who may collect a child has changed"),
    subject=_l("Who may collect %(person)s: %(what)s"),
    body=_l("Hello %(name)s,\n\nWho may collect %(person)s has changed. %(what)s.\n\nBy: %(by)s.\n\n%(desk)s"),
    facts=frozenset({"name", "person", "by", "what", "desk"}),
    gist="%(what)s",
    calls=Calls.WITHOUT_ACCOUNT,
)
DUTY_COLLECTORS = Kind(
    code="after_school.duty_collectors",
    title=_l("On duty: who may collect a child has changed"),
    subject=_l("%(person)s: %(what)s"),
    body=_l(
        "Hello %(name)s,\n\nWho may collect %(person)s has changed. %(what)s.\n\nBy: %(by)s. You are on duty today."
    ),
    facts=frozenset({"name", "person", "by", "what"}),
    gist="%(what)s",
    calls=Calls.NEVER,
)
BARS_CHANGED = Kind(
    code="after_school.bars_changed",
    title=_l("On duty: who may not collect a child has changed"),
    subject=_l("Look at the page of the day: who may not collect %(person)s"),
    body=_l(
        "Hello %(name)s,\n\nWho may not collect %(person)s, or about whom the director is asked first, has changed. "
        "You are on duty today. Please look at it before you hand over the child."
    ),
    facts=frozenset({"name", "person"}),
    calls=Calls.NEVER,
)

register(kinds_in(vars()))
