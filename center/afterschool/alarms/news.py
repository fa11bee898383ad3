"""What those who look after children are told of an alarm. It names no child: it may be read on any phone."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

RAISED = Kind(
    code="after_school.alarm",
    title=_l("An alarm of the after-school programme"),
    subject=_l("Alarm: %(what)s"),
    body=_l(
        "Hello %(name)s,\n\n%(what)s, since %(when)s. You are told as: %(role)s.\n\n"
        "The alarm stays until somebody answers it. Whom it is about is on its page."
    ),
    facts=frozenset({"name", "what", "when", "role"}),
    gist="%(what)s",
    calls=Calls.UNLESS_READ,
    at_any_hour=True,
)

register(kinds_in(vars()))
