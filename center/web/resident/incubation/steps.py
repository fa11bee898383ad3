"""The steps of applying: for whom, what it wants, who they are, what it plans and wishes for, and a look at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import Field
from wtforms.fields.choices import SelectFieldBase

from center.incubator.stages import applying
from center.incubator.stages.applying import NewOrganisation
from center.kernel import clock
from center.kernel.access import authorise
from center.kernel.db import transaction
from center.kernel.i18n import centre_zone, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation, OrganisationKind
from center.organisations.queries import organisations_led_by
from center.web.rendering import render
from center.web.resident.incubation.forms import ApplyForm, facts_of, form_of
from center.web.sending import go_on
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage

WHOSE, NEW, PURPOSE, PEOPLE, PLAN, WISHES, CHECK = "whose", "new", "purpose", "people", "plan", "wishes", "check"
NEW_ONE = "new"
QUESTIONS = (
    Step(WHOSE, ("whose",), _l("For whom do you apply?")),
    Step(NEW, ("name", "name_en", "kind", "about"), _l("What is it called, and what does it do?")),
    Step(PURPOSE, ("purpose", "serves"), _l("What does it want, and for whom?")),
    Step(PEOPLE, ("founders", "members", "premises"), _l("Who are they, and where?")),
    Step(PLAN, ("plan", "money"), _l("What does it plan, and what does it live on?")),
    Step(WISHES, ("form", "seats", "room_hours"), _l("What does it wish for?")),
)
LAST = Step(CHECK, (), _l("Is everything right?"), is_last=True, is_aside=True)
NAMES = {each.name for each in (*QUESTIONS, LAST)}


@dataclass(frozen=True, kw_only=True)
class ApplyStepPage:
    """One of the questions, or all answers once more."""

    page: StepPage
    form: ApplyForm
    steps: "ApplySteps"
    rows: Sequence[Any]


class ApplySteps(StepFlow[ApplyForm]):
    """Applying for a place in the incubator; what is answered stays in a draft until then."""

    endpoint = "incubation.apply_step"

    def __init__(self) -> None:
        self.led = organisations_led_by(current_user.person_id, clock.today(centre_zone()))
        super().__init__(InDraft("incubation"))

    def make_form(self, answers: "MultiDict[str, str] | None") -> ApplyForm:
        form = ApplyForm(formdata=answers, data={"seats": 0, "room_hours": 0, "whose": NEW_ONE})
        form.whose.choices = [
            (NEW_ONE, _("A new organisation")),
            *((each.slug, in_language(each.name, each.name_en)) for each in self.led),
        ]
        form.request_key.data = self.keeping.key
        return form

    def steps_of(self, form: ApplyForm) -> Sequence[Step]:
        left_out = set()
        if not self.led:
            left_out.add(WHOSE)
        if self._known(form) is not None:
            left_out.add(NEW)
        return [*(each for each in QUESTIONS if each.name not in left_out), LAST]

    def knows(self, name: str) -> bool:
        return name in NAMES

    def show(self, step: Step) -> str:
        rows = [
            (each, self.form[name].label.text, _said(self.form[name])) for each in self.steps for name in each.fields
        ]
        page = ApplyStepPage(
            page=self.page(step, _("Apply for a place in the incubator"), url_for("incubation.mine")),
            form=self.form,
            steps=self,
            rows=rows if step.is_last else (),
        )
        return render("resident/incubation/apply_step.html", page)

    def finish(self) -> ResponseReturnValue:
        authorise(current_user.is_confirmed)
        with transaction():
            made = applying.start(
                self._known(self.form) or self._new(), form_of(self.form), facts_of(self.form), **self._now()
            )
            leads_to = url_for("incubation.own", application=made.number)
            self.keeping.finish(leads_to)
        return go_on(_("Your application is kept. Add the papers now, then send it in."), leads_to)

    def _known(self, form: ApplyForm) -> Organisation | None:
        return next((each for each in self.led if each.slug == form.whose.data), None)

    def _new(self) -> NewOrganisation:
        form = self.form
        return NewOrganisation(
            name=form.name.data or "",
            name_en=form.name_en.data or "",
            kind=OrganisationKind(form.kind.data),
            about=form.about.data or "",
        )

    def _now(self) -> dict[str, Any]:
        return {"by": current_user.person, "now": clock.now()}


def _said(field: Field) -> str:
    """An answer as it is read: the words of a choice, else what was typed."""
    if isinstance(field, SelectFieldBase):
        return str(dict(field.choices or ()).get(field.data, ""))
    return "" if field.data is None else str(field.data)
