"""Where those start who look after the children of the after-school programme."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import TermDay
from center.afterschool.policy import may_care
from center.afterschool.queries import days_on, next_duty
from center.kernel import clock
from center.kernel.access import Permission, requires
from center.kernel.i18n import centre_zone
from center.web.blueprints import classroom as blueprint
from center.web.classroom.links import Place, places_for_me
from center.web.rendering import render


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
    page = Home(today=today, days=mine, next_duty=next_duty(current_user.person_id, today), links=places_for_me())
    return render("classroom/home.html", page)
