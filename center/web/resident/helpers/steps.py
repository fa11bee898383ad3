"""The steps of letting somebody act for one: their code, then their name and until when."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from center.kernel import clock
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people import acting, helpers, sign_ins
from center.people.models import Person
from center.people.records import get_person
from center.web.forms import CreatingForm, text_field
from center.web.rendering import render
from center.web.sending import go_on, tried
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage

CODE, AGREE = "code", "agree"
HALF_A_YEAR = timedelta(days=182)


class HelperForm(CreatingForm):
    """Who, by the code they told, for whom, and until when."""

    code = text_field(
        _l("Your helper's code"),
        most=20,
        hint=_l("Your helper finds it in their own account, under “Helpers”, and tells it to you. Such as 7KQ2-M9DF."),
    )
    person = SelectField(_l("For whom may they act?"), coerce=int)
    ends_on = DateField(
        _l("Last day"),
        description=_l("At most a year; it can be given again."),
        validators=[InputRequired(_l("Please choose a date."))],
    )


def helper_form(answers: "MultiDict[str, str] | None" = None) -> HelperForm:
    """The form with these answers: for oneself, or for a child one answers for."""
    me, *children = own_people()
    form = HelperForm(formdata=answers, data={"person": me.id, "ends_on": _today() + HALF_A_YEAR})
    form.person.choices = [(me.id, _("Myself")), *((each.id, each.name) for each in children)]
    return form


def own_people() -> list[Person]:
    """Oneself, and the children one answers for."""
    return [current_user.person, *acting.children_of(current_user.person, on=_today())]


@dataclass(frozen=True, kw_only=True)
class HelperStepPage:
    """One of the two questions, and whose code it was."""

    page: StepPage
    form: HelperForm
    helper: Person | None
    for_whom: str


class HelperSteps(StepFlow[HelperForm]):
    """Letting somebody act. Whose code it is, is looked up where it is sent, and every try is counted."""

    endpoint = "signups.helper_step"

    def __init__(self) -> None:
        super().__init__(InDraft("helper"))

    def make_form(self, answers: "MultiDict[str, str] | None") -> HelperForm:
        form = helper_form(answers)
        form.request_key.data = self.keeping.key
        return form

    def steps_of(self, form: HelperForm) -> Sequence[Step]:
        name = self._helper.name if self._helper else ""
        asked = _("Let %(name)s act for you?", name=name)
        code = Step(CODE, ("code", "person"), _("Let somebody act for me"))
        return [code, Step(AGREE, ("ends_on",), asked, is_last=True, is_aside=True)]

    def knows(self, name: str) -> bool:
        return name in {CODE, AGREE}

    def is_right(self, step: Step) -> bool:
        is_good = super().is_right(step)
        if step.name != CODE or not is_good:
            return is_good
        if request.method == "POST" and self._helper is None and self.said.at != CODE:
            self._look_up()
        return self._helper is not None

    def more_of(self, error: DomainError) -> dict[str, int]:
        return dict(self.said.more)

    def show(self, step: Step) -> str:
        whom = dict(self.form.person.choices).get(self.form.person.data, "")
        shown = HelperStepPage(
            page=self.page(step, _("Helpers"), url_for("signups.helpers")),
            form=self.form,
            helper=self._helper if step.is_last else None,
            for_whom=whom if self.form.person.data != current_user.person_id else "",
        )
        return render("resident/signups/helper_step.html", shown)

    def finish(self) -> ResponseReturnValue:
        form, leads_to = self.form, url_for("signups.helpers")
        with transaction():
            dates = {"ends_on": form.ends_on.data, "today": _today(), "now": clock.now()}
            whom = get_person(form.person.data)
            name = helpers.give(whom, code=form.code.data, by=current_user.person, **dates).delegate.name
            self.keeping.finish(leads_to)
        return go_on(_("%(name)s may now act. You can take it back at any time.", name=name), leads_to)

    @property
    def _helper(self) -> Person | None:
        """Whose code was sent, once it was looked up."""
        person_id = self.said.more.get("helper")
        return get_person(person_id) if person_id else None

    def _look_up(self) -> None:
        """Note whose code it is, or what stands against it. Nobody guesses codes by asking for a page again."""
        now = clock.now()

        def look_up() -> Person:
            with sign_ins.counted("helper code", source=f"account:{current_user.account_id}", now=now):
                return helpers.get_helper(self.form.code.data, now=now)

        found = tried(look_up, transacts=False)
        if isinstance(found, DomainError):
            refused, status = self.put_refusal(found), self.status_of(found)
            self.said = replace(self.said, refused=refused, at=CODE, status=status)
        else:
            self.said = replace(self.said, more={"helper": found.id})


def _today() -> date:
    return clock.today(centre_zone())
