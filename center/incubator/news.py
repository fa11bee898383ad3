"""What applicants, reviewers, objectors and staff hear of applications."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

MOVED = Kind(
    code="incubator.moved",
    title=_l("An application to the incubator has moved on"),
    subject=_l("%(organisation)s: %(stage)s"),
    body=_l(
        "Hello %(name)s,\n\nthe application of %(organisation)s stands at: %(stage)s. %(means)s\n\n%(why)s\n\n"
        "%(due)s\n\n%(desk)s"
    ),
    facts=frozenset({"name", "organisation", "stage", "means", "why", "due", "desk"}),
    gist=_l("%(organisation)s: %(stage)s"),
    calls=Calls.WITHOUT_ACCOUNT,
)
YOURS = Kind(
    code="incubator.yours",
    title=_l("An application to the incubator is yours to work on"),
    subject=_l("Yours until %(due)s: %(organisation)s"),
    body=_l("Hello %(name)s,\n\n%(organisation)s is with you now (%(stage)s), until %(due)s."),
    facts=frozenset({"name", "organisation", "stage", "due"}),
    gist=_l("%(organisation)s (%(stage)s)"),
    calls=Calls.NEVER,
)
DUE = Kind(
    code="incubator.due",
    title=_l("Something in the incubator is due"),
    subject=_l("Due on %(due)s: %(organisation)s"),
    body=_l("Hello %(name)s,\n\n%(organisation)s (%(stage)s) is due on %(due)s."),
    facts=frozenset({"name", "organisation", "stage", "due"}),
    gist=_l("%(organisation)s (%(stage)s)"),
    calls=Calls.NEVER,
    is_reminder=True,
)
SEATED = Kind(
    code="incubator.seated",
    title=_l("Somebody is asked to review an organisation"),
    subject=_l("Please review %(organisation)s until %(due)s"),
    body=_l(
        "Hello %(name)s,\n\nyou sit on the panel for %(organisation)s. Please say first whether you have an "
        "interest in it; then the papers are yours to read, and your sheet to fill in, until %(due)s.\n\n%(desk)s"
    ),
    facts=frozenset({"name", "organisation", "due", "desk"}),
    gist=_l("Review of %(organisation)s, until %(due)s"),
    calls=Calls.WITHOUT_ACCOUNT,
)
SHORT = Kind(
    code="incubator.panel_short",
    title=_l("A panel has fewer than three reviewers"),
    subject=_l("A reviewer is missing: %(organisation)s"),
    body=_l(
        "Hello %(name)s,\n\na reviewer of %(organisation)s has declared an interest. What they scored does not count, "
        "and fewer than three are left. Please let the next of the draw sit, or name somebody."
    ),
    facts=frozenset({"name", "organisation"}),
    gist=_l("%(organisation)s"),
    calls=Calls.NEVER,
)
SCORED = Kind(
    code="incubator.scored",
    title=_l("All reviewers have signed their sheets"),
    subject=_l("All sheets are signed: %(organisation)s"),
    body=_l("Hello %(name)s,\n\nall reviewers of %(organisation)s have signed. The minutes can be written."),
    facts=frozenset({"name", "organisation"}),
    gist=_l("%(organisation)s"),
    calls=Calls.NEVER,
)
OBJECTED = Kind(
    code="incubator.objected",
    title=_l("Somebody objects to a result of the incubator"),
    subject=_l("An objection: %(organisation)s"),
    body=_l("Hello %(name)s,\n\nsomebody objects to the result for %(organisation)s. Please answer it, with a reason."),
    facts=frozenset({"name", "organisation"}),
    gist=_l("%(organisation)s"),
    calls=Calls.NEVER,
)
ANSWERED = Kind(
    code="incubator.answered",
    title=_l("An objection was answered"),
    subject=_l("Your objection about %(organisation)s was answered"),
    body=_l(
        "Hello %(name)s,\n\nyou objected to the result for %(organisation)s. The answer:\n\n%(answer)s\n\n%(desk)s"
    ),
    facts=frozenset({"name", "organisation", "answer", "desk"}),
    gist=_l("%(organisation)s"),
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
