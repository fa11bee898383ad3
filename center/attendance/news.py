"""What a lead tells those who signed up for a session, in words of their own."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

LEAD_MESSAGE = Kind(
    code="session.lead_message",
    title=_l("A message from whoever leads an activity"),
    subject=_l("%(organisation)s writes to you: %(title)s, %(when)s"),
    body=_l(
        "Hello %(name)s,\n\n%(organisation)s writes to those who signed up for “%(title)s”.\n\n%(words)s\n\n"
        "When: %(when)s\nWhere: %(where)s\n\n%(desk)s"
    ),
    facts=frozenset({"name", "title", "organisation", "when", "where", "words", "desk"}),
    gist="%(words)s",
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
