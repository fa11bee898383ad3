"""The fixed week of a guardian's child: on which weekdays they come, and how they go home on each."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.collectors.bars import is_kept_away
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import TermMode
from center.afterschool.plans import ways, weeks
from center.kernel import clock
from center.kernel.access import signed_in
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.web.after_school.week_form import WeekForm, shown_week, week_choices
from center.web.blueprints import children as blueprint
from center.web.editing import watch
from center.web.rendering import render
from center.web.resident.children.own_child import own_child_read, own_place
from center.web.sending import go_on, is_done


@dataclass(frozen=True, kw_only=True)
class WeekPage:
    """The fixed week as a form."""

    child: Person
    enrolment: Enrolment
    form: WeekForm
    weekdays: Sequence[int]
    may_walk: bool
    is_kept_away: bool  # whoever looks may not collect the child


@blueprint.route("/children/<id:person_id>/week/<id:enrolment_id>", methods=["GET", "POST"])
@signed_in
def week(person_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Change the fixed week."""
    child = own_child_read(person_id)
    enrolment = own_place(child, enrolment_id)
    on, term = clock.today(centre_zone()), enrolment.term
    weekdays = weeks.weekdays_of(term)
    may_walk = ways.may_walk(child, term=term, on=on)
    choices = week_choices(enrolment, may_walk=may_walk)

    def make(**given: Any) -> WeekForm:
        form = WeekForm(data=shown_week(enrolment), **given)
        form.keep(weekdays, choices, has_halves=term.mode is TermMode.FULL_DAY)
        return form

    form = watch(make)

    def change() -> object:
        return weeks.set_week(enrolment, form.week(), by=current_user.person, now=clock.now())

    if is_done(form, change):
        return go_on(_("The week is changed."), url_for("children.plan", person_id=child.id))
    page = WeekPage(
        child=child,
        enrolment=enrolment,
        form=form,
        weekdays=weekdays,
        may_walk=may_walk,
        is_kept_away=is_kept_away(current_user.person, child, now=clock.now()),
    )
    return render("resident/children/week.html", page), form.status
