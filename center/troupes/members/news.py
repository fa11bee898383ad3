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
ENDED = Kind(
    code="troupes.ended",
    title=_l("Troupe: it has ended"),
    subject=_l("%(troupe)s has ended"),
    body=_l(
        "Hello %(name)s,\n\n%(troupe)s has ended: %(reason)s\n\n"
        "Its rehearsals are called off. What you were in it stays written down. %(desk)s"
    ),
    facts=frozenset({"name", "troupe", "reason", "desk"}),
    gist=_l("%(troupe)s has ended: %(reason)s"),
    calls=Calls.UNLESS_READ,
)
GOES_ON = Kind(
    code="troupes.goes_on",
    title=_l("Troupe: it goes on after all"),
    subject=_l("%(troupe)s goes on"),
    body=_l(
        "Hello %(name)s,\n\n%(troupe)s goes on after all, with its members as they were. "
        "You hear of rehearsals once they are planned. %(desk)s"
    ),
    facts=frozenset({"name", "troupe", "reason", "desk"}),
    gist=_l("%(troupe)s goes on after all."),
    calls=Calls.UNLESS_READ,
)

register(kinds_in(vars()))
