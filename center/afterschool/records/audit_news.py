"""What directors are told of the yearly audit of minors' data."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

AUDIT_DUE = Kind(
    code="after_school.audit_due",
    title=_l("The yearly audit of minors' data is due"),
    subject=_l("The audit of minors' data of %(title)s is due by %(until)s"),
    body=_l(
        "Hello %(name)s,\n\nthe audit of minors' data of %(title)s is due by %(until)s. The page has all numbers; it "
        "can be printed and taken along as a table."
    ),
    facts=frozenset({"name", "title", "until"}),
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
