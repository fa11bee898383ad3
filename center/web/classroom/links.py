"""Where the classroom leads to. Each part of it adds its own line here, and is left out for who may not go there."""

from dataclasses import dataclass
from typing import Any

from center.kernel.access import Permission, may
from center.kernel.i18n import lazy_gettext as _l


@dataclass(frozen=True)
class Place:
    """A page that the classroom leads to, and whom."""

    endpoint: str
    label: Any
    icon: str
    permission: Permission = Permission.RUN_AFTER_SCHOOL


PLACES: tuple[Place, ...] = (
    Place("classroom.day", _l("The day's list"), "clipboard", Permission.CARE_FOR_CHILDREN),
    Place("classroom.terms", _l("Terms"), "calendar-week"),
    Place("classroom.enrolments", _l("Enrolments"), "people"),
    Place("classroom.alarm_list", _l("Alarms"), "bell", Permission.CARE_FOR_CHILDREN),
    Place("classroom.incident_list", _l("Incidents"), "clipboard", Permission.CARE_FOR_CHILDREN),
    Place("classroom.collectors", _l("Collectors to check"), "person-check", Permission.CARE_FOR_CHILDREN),
    Place("classroom.bars", _l("Who may not collect"), "ban", Permission.CARE_FOR_CHILDREN),
    Place("classroom.duty", _l("Duty roster"), "calendar-check"),
    Place("classroom.checks", _l("Record checks and first aid"), "shield"),
    Place("classroom.figures", _l("Papers and figures"), "ledger"),
    Place("classroom.accesses", _l("Who else sees children's records"), "eye"),
    Place("classroom.keeping", _l("What is kept of children"), "lock"),
)


def places_for_me() -> list[Place]:
    """Those that whoever is signed in may open."""
    return [each for each in PLACES if may(each.permission)]
