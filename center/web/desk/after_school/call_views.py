"""A guardian rings: found by their number, rung back on a number on record, and what they say of a day written down."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from flask import request
from flask.typing import ResponseReturnValue
from flask_login import current_user

from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.plans import PlanChange
from center.afterschool.plans import callers, changes, day_plans
from center.afterschool.plans.callers import Caller
from center.afterschool.plans.words import say_expected
from center.afterschool.rights.guardian_rights import may_read_whereabouts
from center.kernel import clock
from center.kernel.access import Permission, authorise, requires
from center.kernel.access_log import Kind
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.masking import masked_name
from center.people.models import Person
from center.web.after_school.calls import CallForm
from center.web.after_school.day_choices import Choices, asked_of, choices_of, form_of
from center.web.blueprints import desk as blueprint
from center.web.desk.after_school.call_keys import make_key
from center.web.desk.after_school.on_the_line import on_the_line
from center.web.forms import FilterForm, asked_date, text_field
from center.web.people import looks
from center.web.rendering import render
from center.web.sending import go_on, is_done, result_of

DAYS_SHOWN = 5


class CallerForm(FilterForm):
    """By whose number a guardian is looked for."""

    phone = text_field(_l("Guardian's phone number"), most=30, hint=_l("All of it: the number that rings, or theirs."))


@dataclass(frozen=True, kw_only=True)
class CallersPage:
    """Guardians with a number, and their children who have a place."""

    form: CallerForm
    is_asked: bool
    callers: Sequence[tuple[Caller, str]]  # with the key of their page


@dataclass(frozen=True, kw_only=True)
class CallPage:
    """One guardian, one child (masked), one day, and what can be said of it."""

    guardian: Person
    child_name: str
    enrolment: Enrolment
    days: Sequence[date]
    on: date
    words: str  # how the child goes home so far; "" where a paper keeps that from this guardian
    choices: Choices
    form: CallForm
    key: str
    matters: str  # where all else can be said
    is_kept_away: bool  # by a paper: the director decides


@dataclass(frozen=True, kw_only=True)
class CodePage:
    """Today's code of a child, to be told to the guardian who rang."""

    child_name: str
    code: str


@blueprint.get("/desk/after-school/calls", endpoint="after_school_calls")
@requires(Permission.ENROL_CHILDREN)
def find_caller() -> ResponseReturnValue:
    """A guardian rings: find them by their whole number."""
    form = CallerForm(request.args)
    is_asked = "phone" in request.args
    found = callers.with_number(form.phone.data or "", today=clock.today(centre_zone())) if is_asked else []
    looks.see(Kind.CHILD, [each.enrolment.child for each in found], why="said")
    keyed = [(each, make_key(each.guardian, each.enrolment)) for each in found]
    return render("desk/after_school/calls.html", CallersPage(form=form, is_asked=is_asked, callers=keyed))


@blueprint.route("/desk/after-school/calls/<id:enrolment_id>/<id:person_id>", methods=["GET", "POST"])
@requires(Permission.ENROL_CHILDREN)
def after_school_call(enrolment_id: int, person_id: int) -> ResponseReturnValue:
    """Ring back, and write down what the guardian says of a day. Who was not found by a number has no page."""
    line = on_the_line(enrolment_id, person_id)
    guardian, enrolment = line.guardian, callers.get_lasting_place(enrolment_id)
    child, today, now = line.child, clock.today(centre_zone()), line.now
    days = day_plans.days_from(enrolment.term, today, most=DAYS_SHOWN)
    day = next((each for each in days if each.on_date == (asked_date() or today)), days[0] if days else None)
    authorise(day is not None)
    assert day is not None
    expected = day_plans.expected_of(enrolment, day)
    form = form_of(expected, CallForm)
    assert isinstance(form, CallForm)
    if not line.is_kept_away:
        form.offer_numbers(child)
    if form.choice.data == "code" and (code := _told_code(form, enrolment, guardian)):
        return render("desk/after_school/code.html", CodePage(child_name=masked_name(child.name), code=code))

    def say() -> PlanChange:
        me, asked = current_user.person, asked_of(form, expected, by=current_user.person, now=now)
        return changes.say(enrolment, day.on_date, asked, guardian=guardian, by=me, now=now, call=form.call())

    if is_done(form, say):
        said = _("Noted for %(name)s. The guardians and whoever is on duty are told.", name=masked_name(child.name))
        return go_on(said, line.matters)
    page = CallPage(
        guardian=guardian,
        child_name=masked_name(child.name),
        enrolment=enrolment,
        days=[each.on_date for each in days],
        on=day.on_date,
        words=say_expected(expected) if may_read_whereabouts(guardian, child, now=now) else "",
        choices=choices_of(expected),
        form=form,
        key=line.key,
        matters=line.matters,
        is_kept_away=line.is_kept_away,
    )
    return render("desk/after_school/call.html", page), form.exact_status


def _told_code(form: CallForm, enrolment: Enrolment, guardian: Person) -> str | None:
    """Today's code, to be said on the phone; None where it is refused, which the form says."""
    me, now = current_user.person, clock.now()
    return result_of(form, lambda: callers.tell_code(enrolment, form.call(), guardian=guardian, by=me, now=now))
