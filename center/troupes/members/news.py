"""What members and leads of a troupe hear."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

APPLIED = Kind(
    code="troupes.applied",
    title=_l("Troupe: somebody asks to join"),
    subject=_l("%(person)s asks to join %(troupe)s"),
    body=_l(
        "Hello %(name)s,\n\n%(person)s asks to join %(troupe)s.\n\n%(wish)s\n\nPlease decide on the troupe's page."
    ),
    facts=frozenset({"name", "person", "troupe", "wish"}),
    gist=_l("%(person)s asks to join %(troupe)s."),
)
STANDS = Kind(
    code="troupes.stands",
    title=_l("Troupe: how you stand in it has changed"),
    subject=_l("%(troupe)s: %(state)s"),
    body=_l("Hello %(name)s,\n\nin %(troupe)s this is how you stand now: %(state)s.\n\n%(reason)s\n\n%(desk)s"),
    facts=frozenset({"name", "troupe", "state", "reason", "desk"}),
    gist=_l("%(troupe)s: %(state)s. %(reason)s"),
    calls=Calls.WITHOUT_ACCOUNT,
)
GOES = Kind(
    code="troupes.goes",
    title=_l("Troupe: a member pauses, comes back or leaves"),
    subject=_l("%(person)s, %(troupe)s: %(state)s"),
    body=_l("Hello %(name)s,\n\n%(person)s has said so: %(state)s (%(troupe)s).\n\n%(reason)s"),
    facts=frozenset({"name", "person", "troupe", "state", "reason"}),
    gist=_l("%(person)s, %(troupe)s: %(state)s. %(reason)s"),
)
OFFICE = Kind(
    code="troupes.office",
    title=_l("Troupe: who leads it has changed"),
    subject=_l("%(troupe)s: %(person)s is the %(leads_as)s"),
    body=_l(
        "Hello %(name)s,\n\nfrom %(when)s on %(person)s is the %(leads_as)s of %(troupe)s.\n\n"
        "The hand-over sheet is on the troupe's page.\n\n%(desk)s"
    ),
    facts=frozenset({"name", "person", "troupe", "leads_as", "when", "desk"}),
    gist=_l("From %(when)s on %(person)s is the %(leads_as)s of %(troupe)s."),
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
