"""What the members of a season hear of its rehearsals, beside the news of every session."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

PLANNED = Kind(
    code="troupes.rehearsals_planned",
    title=_l("Rehearsals of a season are planned"),
    subject=_l("%(troupe)s: %(planned)s"),
    body=_l(
        "Hello %(name)s,\n\nthe rehearsals of %(season)s are planned:\n\n%(dates)s\n\n"
        "If you cannot come to one of them, please say so on the troupe's page or tell your leader. %(desk)s"
    ),
    facts=frozenset({"name", "troupe", "season", "planned", "dates", "desk"}),
    gist="%(dates)s",
    calls=Calls.WITHOUT_ACCOUNT,
)
ADDED = Kind(
    code="troupes.rehearsal_added",
    title=_l("A rehearsal comes in addition"),
    subject=_l("%(troupe)s: a rehearsal on %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nthere is a rehearsal of %(troupe)s: %(when)s, %(room)s. %(instead)s\n\n"
        "If you cannot come, please say so on the troupe's page or tell your leader. %(desk)s"
    ),
    facts=frozenset({"name", "troupe", "when", "room", "instead", "desk"}),
    gist=_l("%(when)s, %(room)s. %(instead)s"),
    calls=Calls.WITHOUT_ACCOUNT,
)
ASKED = Kind(
    code="troupes.poll_asked",
    title=_l("Members are asked which date suits them"),
    subject=_l("%(troupe)s: which date suits you? %(title)s"),
    body=_l(
        "Hello %(name)s,\n\nyour troupe looks for a date: %(title)s.\n\n%(dates)s\n\n"
        "Please answer by %(until)s, on the troupe's page or to your leader. %(desk)s"
    ),
    facts=frozenset({"name", "troupe", "title", "dates", "until", "desk"}),
    gist=_l("Please answer by %(until)s: %(dates)s"),
    calls=Calls.WITHOUT_ACCOUNT,
    asks=True,
)
HIT = Kind(
    code="troupes.rehearsal_hit",
    title=_l("A holiday or a closure hits a planned rehearsal"),
    subject=_l("%(troupe)s: the rehearsal on %(when)s needs another date"),
    body=_l(
        "Hello %(name)s,\n\nthe rehearsal of %(troupe)s on %(when)s, %(room)s, is hit. %(why)s\n\n"
        "It stays until you move or skip it. You can answer for all such dates at once on the page of the season. "
        "%(desk)s"
    ),
    facts=frozenset({"name", "troupe", "when", "room", "why", "desk"}),
    gist=_l("%(when)s, %(room)s: %(why)s"),
    calls=Calls.UNLESS_READ,
)

register(kinds_in(vars()))
