"""What guardians are told of an incident. What happened stands on its page alone: a message may be read by anybody."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

HAPPENED = Kind(
    code="after_school.incident",
    title=_l("Something happened to a child in the after-school programme"),
    subject=_l("Something happened to %(person)s at %(when)s"),
    body=_l(
        "Hello %(name)s,\n\nsomething happened to %(person)s at %(when)s. What it was and what was done stands on the "
        "page of incidents; whoever looks after the children tells it to you as well, on the phone or when you come. "
        "Please say then that you know of it.\n\n%(desk)s"
    ),
    facts=frozenset({"name", "person", "when", "desk"}),
    gist=_l("Something happened to %(person)s"),
    calls=Calls.UNLESS_READ,
    at_any_hour=True,
)
FOLLOWED = Kind(
    code="after_school.incident_followed",
    title=_l("What followed an incident"),
    subject=_l("What followed the incident of %(person)s"),
    body=_l(
        "Hello %(name)s,\n\nthere is something new about the incident of %(person)s at %(when)s. It stands on the page "
        "of incidents; whoever looks after the children tells it to you as well.\n\n%(desk)s"
    ),
    facts=frozenset({"name", "person", "when", "desk"}),
    gist=_l("What followed the incident of %(person)s"),
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
