"""What a guardian is told who asked to delete what is kept of their child."""

from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Calls, Kind, kinds_in, register

DELETED = Kind(
    code="after_school.deleted",
    title=_l("A child's records are deleted"),
    subject=_l("The records of %(person)s are deleted"),
    body=_l(
        "Hello %(name)s,\n\nas you asked, what we kept of %(person)s is deleted. What has to stay for the safety of "
        "children names nobody any more."
    ),
    facts=frozenset({"name", "person"}),
    calls=Calls.WITHOUT_ACCOUNT,
)
NOT_DELETED = Kind(
    code="after_school.not_deleted",
    title=_l("Why a child's records are not deleted"),
    subject=_l("Why the records of %(person)s stay for now"),
    body=_l("Hello %(name)s,\n\nyou asked us to delete what we keep of %(person)s. We have not done so: %(reason)s"),
    facts=frozenset({"name", "person", "reason"}),
    calls=Calls.WITHOUT_ACCOUNT,
)

register(kinds_in(vars()))
