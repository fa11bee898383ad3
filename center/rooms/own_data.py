"""What the tables of rooms hold of a person."""

from center.kernel.i18n import lazy_gettext as _l
from center.people.parts import GOES, Part
from center.rooms.rule_models import PeopleGroupMember

PARTS = (
    Part(
        model=PeopleGroupMember,
        title=_l("Groups for which rooms have rules"),
        mine=("person_id",),
        says={"group_id": _l("Group")},
        erasing=GOES,
    ),
)
