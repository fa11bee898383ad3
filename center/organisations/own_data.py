"""What the tables of organisations hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Membership
from center.organisations.words import MEMBER_ROLE_NAMES
from center.people.parts import GOES, SINCE, UNTIL, Part

PARTS = (
    Part(
        model=Membership,
        title=_l("Organisations"),
        mine=("person_id",),
        says={"organisation_id": _l("Organisation"), "role": _l("Role"), "starts_on": SINCE, "ends_on": UNTIL},
        words={"role": MEMBER_ROLE_NAMES},
        erasing=GOES,
    ),
)
