"""The steps of saying something else of an activity; what people must hear of is shown before it is saved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict
from wtforms import HiddenField

from center.activities import actions, kinds
from center.activities import policy as activity_policy
from center.activities.change_requests import actions as proposing
from center.activities.change_requests.models import ChangeRequestKind
from center.activities.change_requests.queries import find_waiting
from center.activities.differences import Difference, say_values
from center.activities.models import Activity
from center.activities.words import ACCESS_NAMES
from center.kernel.db import transaction
from center.kernel.i18n import gettext as _
from center.signups.posting import actions as posting
from center.signups.posting.queries import Concerned, concerned
from center.web.activities.forms import EditForm, values_of
from center.web.rendering import render
from center.web.sending import go_on
from center.web.steps.changing import ChangeFlow
from center.web.steps.keeping import InDraft
from center.web.steps.page import Step, StepPage


@dataclass(frozen=True, kw_only=True)
class EditPage:
    """What an activity says, to be written anew."""

    page: StepPage
    form: EditForm
    activity: Activity
    waits: bool


@dataclass(frozen=True, kw_only=True)
class EditCheck:
    """What people must hear of, before it is saved."""

    page: StepPage
    form: EditForm
    activity: Activity
    found: Sequence[tuple[str, str, str]]
    concerned: Concerned


class EditSteps(ChangeFlow[EditForm]):
    """Saying something else of an activity; what people must hear of is shown before it is saved."""

    endpoint = "posting.edit_step"

    def __init__(self, activity: Activity, *, now: datetime) -> None:
        self.activity, self.now = activity, now
        self.was = actions.facts_of(activity)
        self.waits = activity_policy.changes_wait(activity, current_user)
        super().__init__(InDraft(f"edit:{activity.id}"), slug=activity.slug)

    def make_form(self, answers: "MultiDict[str, str] | None") -> EditForm:
        form = EditForm(formdata=answers, data={**values_of(self.activity), **self._waiting_words()})
        known = {kind.id: kind for kind in (*kinds.all_kinds(), self.activity.kind)}
        form.offer_kinds(list(known.values()))
        form.compare_values(values_of(self.activity))
        return form

    def steps_of(self, form: EditForm) -> Sequence[Step]:
        asked = [each.name for each in form if each.name != "reason" and not isinstance(each, HiddenField)]
        return self.two_steps(asked, _("Edit the activity"), ["reason"])

    def is_outdated(self) -> bool:
        """Whether somebody else wrote something meanwhile, and not just this."""
        if not super().is_outdated():
            return False
        is_readable = self.form.validate_only(self.form._fields.keys() - {"csrf_token", "seen"})
        return not is_readable or self.form.facts(self.activity.expected) != self.was

    def is_sent(self, step: Step) -> bool:
        """What nobody must hear of is saved at once."""
        return step.is_last or (self.is_right(step) and not self._to_tell())

    def show(self, step: Step) -> str:
        page = self.page(step, _("Edit the activity"), self._manage)
        if not step.is_last:
            shown = EditPage(page=page, form=self.form, activity=self.activity, waits=self.waits)
            return render("workspace/posting/edit.html", shown)
        return render(
            "workspace/posting/edit_confirm.html",
            EditCheck(
                page=page,
                form=self.form,
                activity=self.activity,
                found=[say_values(each) for each in self._to_tell()],
                concerned=concerned(self.activity),
            ),
        )

    def finish(self) -> ResponseReturnValue:
        facts, save = self.form.facts(self.activity.expected), proposing.propose_words if self.waits else actions.edit
        with transaction():
            given = {"by": current_user.person, "now": self.now, "was": self.was}
            save(self.activity, facts, reason=self.form.reason.data or "", **given)
            self.keeping.finish(self._manage)
        said = _("The desk reads it first; until then the page stays as it is.") if self.waits else _("Saved.")
        return go_on(said, self._manage)

    @property
    def _manage(self) -> str:
        return url_for("posting.manage", slug=self.activity.slug)

    def _to_tell(self) -> Sequence[Difference]:
        return posting.to_tell(self.activity, self.form.facts(self.activity.expected), now=self.now)

    def _waiting_words(self) -> dict[str, Any]:
        """What waits already, for whoever goes on writing it."""
        waiting = find_waiting(self.activity.id, ChangeRequestKind.WORDS)
        if waiting is None:
            return {}
        wanted = {**vars(self.was), **waiting.values}
        return {**wanted, "access": [name for name in ACCESS_NAMES if wanted[name]]}
