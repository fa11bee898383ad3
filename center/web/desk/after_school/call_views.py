"""A guardian rings: found by their number, rung back on a number on record, and what they say of a day written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import RadioField

from center.afterschool import callers, changes, plans
from center.afterschool.callers import Caller
from center.afterschool.changes import Call
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import PlanChange
from center.afterschool.plan_words import say_expected
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people import acting
from center.people.masking import masked_name
from center.people.models import Person
from center.people.records import get_person
from center.web.after_school.day_choices import Choices, DayForm, choices_of, form_of, wish_of
from center.web.blueprints import desk as blueprint
from center.web.forms import FilterForm, asked_date, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, is_done

HERE = "here"  # the guardian stands at the desk
DAYS_SHOWN = 5


class CallerForm(FilterForm):
    """By whose number a guardian is looked for."""

    phone = text_field(_l("Guardian's phone number"), most=30, hint=_l("All of it: the number that rings, or theirs."))


class CallForm(DayForm):
    """What the guardian says, and how it was made sure that it is them."""

    rang_from = text_field(_l("Rings from"), most=20, required=False)
    rang_back = RadioField(_l("Rung back on"), validate_choice=False)


@dataclass(frozen=True, kw_only=True)
class CallersPage:
    """Guardians with a number, and their children who have a place."""

    form: CallerForm
    is_asked: bool
    callers: Sequence[Caller]


@dataclass(frozen=True, kw_only=True)
class CallPage:
    """One guardian, one child (masked), one day, and what can be said of it."""

    guardian: Person
    child_name: str
    enrolment: Enrolment
    days: Sequence[date]
    on: date
    words: str
    choices: Choices
    form: CallForm


@blueprint.get("/desk/after-school/calls", endpoint="after_school_calls")
@requires(Permission.ENROL_CHILDREN)
def find_caller() -> ResponseReturnValue:
    """A guardian rings: find them by their whole number."""
    form = CallerForm(request.args)
    is_asked = "phone" in request.args
    found = callers.with_number(form.phone.data or "", today=clock.today(centre_zone())) if is_asked else []
    looks.see(Kind.CHILD, [each.enrolment.child for each in found])
    return render("desk/after_school/calls.html", CallersPage(form=form, is_asked=is_asked, callers=found))


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def after_school_call(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """Ring back, and write down what the guardian says of a day."""
    guardian, enrolment = get_person(person_id), callers.get_place(enrolment_id)
    child, today, now = enrolment.child, clock.today(centre_zone()), clock.now()
    authorise(acting.is_guardian(guardian, child, today))
    looks.see(Kind.CHILD, [child])
    days = plans.days_from(enrolment.term, today, most=DAYS_SHOWN)
    day = next((each for each in days if each.on_date == (asked_date() or today)), days[0] if days else None)
    authorise(day is not None)
    assert day is not None
    expected = plans.expected_of(enrolment, day)
    form = form_of(expected, CallForm)
    assert isinstance(form, CallForm)
    _offer_numbers(form, child, today)

    def say() -> PlanChange:
        me, is_here = current_user.person, form.rang_back.data == HERE
        number = "" if is_here else form.rang_back.data or ""
        call = Call(rang_from=form.rang_from.data or "", rang_back=number, in_person=is_here)
        wish = wish_of(form, expected, by=me, now=now)
        return changes.say(enrolment, day.on_date, wish, guardian=guardian, by=me, now=now, call=call)

    if is_done(form, say):
        said = _("Noted for %(name)s. The guardians and whoever is on duty are told.", name=masked_name(child.name))
        return go_on(said, url_for("desk.after_school_calls"))
    page = CallPage(
        guardian=guardian,
        child_name=masked_name(child.name),
        enrolment=enrolment,
        days=[each.on_date for each in days],
        on=day.on_date,
        words=say_expected(expected),
        choices=choices_of(expected),
        form=form,
    )
    return render("desk/after_school/call.html", page), form.exact_status


def _offer_numbers(form: CallForm, child: Person, today: date) -> None:
    """The numbers on record, whole, since one of them is dialled now; that is written down."""
    found = []
    for each in acting.guardians_of(child, on=today):
        if each.guardian.phone:
            looks.see_phone(each.guardian)
            found.append((each.guardian.phone, f"{each.guardian.phone} · {masked_name(each.guardian.name)}"))
    form.rang_back.choices = [*found, (HERE, _("Nobody was rung: they stand here"))]
