"""The day of a child so far, for its guardians: where they are, who collected them, what was noted."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from flask.typing import ResponseReturnValue

from center.afterschool.day_list import words
from center.afterschool.day_list.guardians import DayOfChild, day_of
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import centre_zone
from center.people.models import Person
from center.web.blueprints import children as blueprint
from center.web.forms import asked_date
from center.web.rendering import render
from center.web.resident.children.own_child import own_child_read


@dataclass(frozen=True, kw_only=True)
class TodayPage:
    """A child's day."""

    child: Person
    on: date
    days: Sequence[DayOfChild]
    words: Any = words


@blueprint.get("/children/<id:person_id>/today")
@signed_in
def today(person_id: int) -> ResponseReturnValue:
    """The day of one's own child, or a day before it."""
    child, now = own_child_read(person_id), clock.now()
    now_on = clock.today(centre_zone())
    on = min(asked_date() or now_on, now_on)
    page = TodayPage(child=child, on=on, days=day_of(child, on, now=now))
    return render("resident/children/today.html", page)
