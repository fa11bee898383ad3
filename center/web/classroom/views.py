"""Where those start who look after the children of the after-school programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import TermDay
from center.afterschool.policy import may_care
from center.afterschool.queries import days_on, next_duty
from center.kernel import clock
from center.kernel.access import Permission, may, requires
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.web.blueprints import classroom as blueprint
from center.web.rendering import render


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


@dataclass(frozen=True, kw_only=True)
class Home:
    """What takes place today that they look after, when they are on duty next, and where else they may go."""

    today: date
    days: Sequence[TermDay]
    next_duty: CareDuty | None
    links: Sequence[Place]


@blueprint.get("/classroom")
@requires(Permission.CARE_FOR_CHILDREN)
def home() -> ResponseReturnValue:
    """What a tutor or the director sees first."""
    today = clock.today(centre_zone())
    mine = [day for day in days_on(today) if may_care(current_user, day)]
    page = Home(today=today, days=mine, next_duty=next_duty(current_user.person_id, today), links=_places_for_me())
    return render("classroom/home.html", page)


def _places_for_me() -> list[Place]:
    """Those that whoever is signed in may open."""
    return [each for each in PLACES if may(each.permission)]
