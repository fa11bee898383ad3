"""Posting in elder mode: one question a page, then everything once more.

The questions are those of the posting form. What is not asked keeps its default, or what it was on the activity that
is copied; companion seats and kept places can be changed from the page that shows everything once more.
"""

from collections.abc import Sequence

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from center.activities.photos.actions import find_photo
from center.activities.sessions import SessionsClash
from center.kernel.db import transaction
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.signups.posting.actions import find_posted
from center.signups.posting.plans import Preview
from center.signups.posting.words import Pattern
from center.web.activities.forms import PostForm, rename_fields
from center.web.activities.kept_forms import KEPT_NAMES
from center.web.bookings.series_forms import CHOICE, choices_in
from center.web.editing import say_value
from center.web.sending import go_on
from center.web.steps.filled_in import as_sent
from center.web.steps.flow import StepFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step
from center.web.workspace import copying, planning

SAVED = _l("It is saved as a draft, and its rooms are held. Look at it once more, then submit it.")
FIRST = ("kind_id", "title", "summary", "room")
LAST = ("hours", "capacity", "mode", "for_whom", "has_waiting_list")
DAYS: dict[str, tuple[str, ...]] = {
    Pattern.LIST: ("dates",),
    Pattern.ONE: ("date",),
    Pattern.WEEKLY: ("weekdays", "every_weeks", "date", "until"),
}
SEVERAL = {"hours": (_l("From when until when?"), ("start", "end"))}  # questions of more than one field
SEATS = ("companions", "wheelchair", "desk", "elders")  # never asked, but shown at the end and changed from there
NAMES = {*FIRST, "place", "pattern", *DAYS[Pattern.LIST], *DAYS[Pattern.WEEKLY], *LAST, "seats", "check"}


class PostingSteps(StepFlow[PostForm]):
    """Posting an activity for an organisation, or one that is copied."""

    endpoint = "posting.new_step"

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self.model = copying.find_model(organisation, request.args.get("copy", ""))
        copied = {"copy": self.model.slug} if self.model else {}
        super().__init__(InDraft(f"posting:{organisation.id}"), slug=organisation.slug, **copied)

    def beginning(self) -> dict[str, list[str]]:
        """All that the form begins with: what is not asked keeps it."""
        return as_sent(self.make_form(None))

    def make_form(self, answers: "MultiDict[str, str] | None") -> PostForm:
        form = copying.new_form(self.organisation, self.model, formdata=answers)
        form.request_key.data = self.keeping.key
        return form

    def steps_of(self, form: PostForm) -> Sequence[Step]:
        place = () if form.room.data else ("place",)
        asked = (*FIRST, *place, "pattern", *DAYS.get(form.pattern.data or "", ()), *LAST)
        several = {name: SEVERAL.get(name) or (form[name].label.text, (name,)) for name in asked}
        steps = [Step(name.replace("_", "-"), names, title) for name, (title, names) in several.items()]
        seats = Step("seats", ("capacity", *SEATS), _("Companion seats and kept places"), is_aside=True)
        return [*steps, seats, Step("check", question=_("Is this right?"), is_last=True, is_aside=True)]

    def knows(self, name: str) -> bool:
        return name.replace("-", "_") in NAMES

    def keeps(self, name: str) -> bool:
        return name.startswith(CHOICE) or super().keeps(name)

    def is_known(self, step: Step) -> bool:
        """What is copied is answered, and the seats are never asked."""
        return self.model is not None or step.name == "seats" or step.name in self.said.sent

    def is_right(self, step: Step) -> bool:
        """Whether these fields make sense, whatever the others say; in the end all that was never asked, too."""
        form = self.form
        names = [field.name for field in form if not isinstance(field, HiddenField)] if step.is_last else step.fields
        is_good = form.validate_only(names)
        wrong = [(field, words) for field, words in form.faults() if field.name in names and not field.errors]
        for field, words in wrong:
            field.errors = [*field.errors, words]
        keeps_no_more = form.keeps_no_more() if step.name == "seats" else True
        return is_good and not wrong and keeps_no_more

    def put_refusal(self, error: DomainError) -> tuple[tuple[str, str], ...]:
        rename_fields(error)
        return super().put_refusal(error)

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        """What is wrong with the dates is said where each of them is shown, with what is free instead."""
        if isinstance(error, SessionsClash | planning.OpenDates):
            return self.steps[-1]
        return super().place_of(error, refused)

    def show(self, step: Step) -> str:
        page = self.page(step, _("New activity"), url_for("posting.work", slug=self.organisation.slug))
        if not step.is_last:
            return render_template(
                "workspace/posting/step.html", organisation=self.organisation, form=self.form, page=page
            )
        return render_template(
            "workspace/posting/step_review.html",
            organisation=self.organisation,
            form=self.form,
            page=page,
            steps=self,
            copied=self.model,
            photo=find_photo(self.model.id) if self.model else None,
            shown=self._look(is_final=self.said.at == step.name),
            say_value=say_value,
        )

    def finish(self) -> ResponseReturnValue:
        key = self.keeping.key
        if made := find_posted(self.organisation, by=current_user.person, request_key=key):
            return redirect(url_for("posting.manage", slug=made.slug), 303)
        shown = self._look(is_final=True)
        planning.refuse_open(shown)
        with transaction():
            activity = planning.save(self.form, self.organisation, shown, picture=None, model=self.model)
            leads_to = url_for("posting.manage", slug=activity.slug)
            self.keeping.finish(leads_to)
        return go_on(str(SAVED), leads_to)

    def summary(self) -> list[tuple[Step, str, str]]:
        """What was answered to each question, in words."""
        seats = [name for name in SEATS if self.form[name].data or name == SEATS[0]]
        asked = [(step, seats if step.name == "seats" else step.fields) for step in self.steps[:-1]]
        return [
            (step, str(self.form[name].label.text), say_value(self.form[name], self.form[name].data) or _("nothing"))
            for step, names in asked
            for name in names
        ]

    def copied_along(self) -> list[tuple[str, str]]:
        """What else is set, though it was not asked: from the activity that is copied."""
        asked = {name for step in self.steps for name in step.fields} | {"date", "dates", "weekdays", "until"}
        asked |= {"csrf_token"} | KEPT_NAMES
        others = [field for field in self.form if field.name not in asked and not isinstance(field, HiddenField)]
        default = {"opens_at", "every_weeks", "per_session", "cancel_hours", "release_hours"}
        unasked = {
            f"{field.name.removesuffix('_words')}_kind"
            for field in others
            if field.name.endswith("_words") and not field.data
        }
        named = [
            field
            for field in others
            if field.name not in default | unasked and field.data not in (None, "", 0, False, [])
        ]
        kept = [(_("Kept places"), pool.name + _(": ") + str(pool.capacity)) for pool in self.form.kept()]
        return [*((str(field.label.text), say_value(field, field.data)) for field in named), *kept]

    def _look(self, *, is_final: bool) -> Preview:
        chosen = choices_in(MultiDict((name, values[0]) for name, values in self.said.answers.items()))
        return planning.look(self.form, self.organisation, chosen, is_final=is_final)
