"""A guardian rings whoever is on duty, or stands at the door: what they say of today is written down."""

from dataclasses import dataclass

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import RadioField

from center.afterschool.models.plans import PlanChange
from center.afterschool.models.terms import TermDay
from center.afterschool.plans import callers, changes, day_plans
from center.afterschool.plans.day_plans import Expected
from center.afterschool.plans.words import say_expected
from center.afterschool.policy import may_care
from center.afterschool.queries import get_day
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people import acting
from center.people.models import Person
from center.web.after_school.calls import CallForm
from center.web.after_school.day_choices import Choices, asked_of, choices_of, form_of
from center.web.blueprints import classroom as blueprint
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, is_done


class WordForm(CallForm):
    """Whose word it is, beside what a call asks."""

    guardian = RadioField(_l("Which guardian"), coerce=int, validate_choice=False)


@dataclass(frozen=True, kw_only=True)
class WordPage:
    """One child of today, and what can be said of the day."""

    day: TermDay
    expected: Expected
    words: str
    choices: Choices
    form: WordForm


@blueprint.route("/classroom/days/<id:day_id>/calls/<id:enrolment_id>", methods=["GET", "POST"], endpoint="call")
@requires(Permission.CARE_FOR_CHILDREN)
def guardian_says(day_id: int, enrolment_id: int) -> ResponseReturnValue:
    """Write down what a guardian says of a day for a child, on the phone or at the door."""
    day, enrolment, now = get_day(day_id), callers.get_place(enrolment_id), clock.now()
    authorise(may_care(current_user, day) and enrolment.term_id == day.term_id)
    child, expected = enrolment.child, day_plans.expected_of(enrolment, day)
    looks.see(Kind.CHILD, [child])
    guardians = {each.guardian_id: each.guardian for each in acting.guardians_of(child, on=day.on_date)}
    form = form_of(expected, WordForm)
    assert isinstance(form, WordForm)
    form.offer_numbers(child)
    form.guardian.choices = [(each.id, each.name) for each in guardians.values()]

    def say() -> PlanChange:
        guardian, me = _chosen(form, guardians), current_user.person
        asked = asked_of(form, expected, by=me, now=now)
        return changes.say(enrolment, day.on_date, asked, guardian=guardian, by=me, now=now, call=form.call())

    if is_done(form, say):
        return go_on(_("Noted. The guardians are told."), url_for("classroom.changes", day_id=day.id))
    words, choices = say_expected(expected), choices_of(expected)
    page = WordPage(day=day, expected=expected, words=words, choices=choices, form=form)
    return render("classroom/plans/call.html", page), form.exact_status


def _chosen(form: WordForm, guardians: dict[int, Person]) -> Person:
    found = guardians.get(form.guardian.data or 0)
    if found is None:
        raise RuleBroken(_l("Say which guardian it is."), field="guardian")
    return found
