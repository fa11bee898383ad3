"""A change that may shut rooms, in steps: its form, what becomes of each use in its way, and what that comes to.

All three are asked at the address of the change: `?uses=` says which, `?draft=` under which key what was typed and
chosen is kept. A change that meets no use is made at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from werkzeug.datastructures import MultiDict

from center.bookings.affected_uses.actions import Decisions, LeftToChoose
from center.kernel import clock
from center.kernel.affected_uses import DecideUses
from center.kernel.i18n import gettext as _
from center.kernel.logs import press_now
from center.kernel.texts import tidy
from center.web.editing import EditingForm
from center.web.forms import BaseForm
from center.web.sending import form_page, go_on, is_done, refusal_of
from center.web.settings.saving import refused_page
from center.web.settings.uses_in_the_way.asking import CHECK, CHOOSE, read_again, uses_page, written
from center.web.settings.uses_in_the_way.forms import CONFIRMED, PREFIX, choices_of
from center.web.steps.keeping import InDraft, StepAnswers, led_on

NOT_KEPT = {"csrf_token", "stage"}


class ShuttingChange:
    """A change that may shut rooms, as this request goes on with it.

    A view makes it first, fills its form in with `typed`, and answers with what `save` or `press` returns.
    """

    def __init__(self) -> None:
        self._draft = InDraft(f"uses:{request.path}", is_of_form=False)
        self._kept = self._draft.read()
        asked = request.args.get("uses", "")
        self._step = asked if asked in {CHOOSE, CHECK} and self._draft.is_kept else ""
        self._answers = self._with_what_was_sent()
        self._decisions: Decisions | None = None

    @property
    def typed(self) -> Mapping[str, Any]:
        """What the form is filled in with: what was kept, where this is no first answer to it."""
        if not self._draft.is_kept:
            return {}
        values = self._values
        values.setlist("csrf_token", request.form.getlist("csrf_token"))
        return {"formdata": values}

    def save(
        self,
        form: BaseForm,
        template: str,
        *,
        change: Callable[[DecideUses], object],
        then: str,
        makes: bool = False,
        said: str = "",
        **shown: object,
    ) -> ResponseReturnValue:
        """Answer the form of a change. What `makes` something new does so once."""
        if answer := self._answer_at_once(then):
            return answer
        if request.method == "GET":
            self._show(form)
            return form_page(template, form, **shown)
        leads_to = (lambda _made: self._where_next(then)) if makes else ""
        if is_done(form, lambda: self._make(change, then), then=leads_to):
            return go_on(said or _("Saved."), self._where_next(then))
        if isinstance(form.refusal, LeftToChoose):
            return self._ask(form.refusal)
        return self._back_to(form) if self._step else form_page(template, form, **shown)

    def press(self, change: Callable[[DecideUses], object], *, then: str, said: str = "") -> ResponseReturnValue:
        """The same for a change that a single button asks for."""
        if answer := self._answer_at_once(then):
            return answer
        if request.method == "GET":
            return redirect(then, 303)
        error = refusal_of(lambda: self._make(change, then))
        if isinstance(error, LeftToChoose):
            return self._ask(error)
        return refused_page(error, then) if error else go_on(said or _("Saved."), self._where_next(then))

    @property
    def _values(self) -> "MultiDict[str, str]":
        return MultiDict((name, each) for name, values in self._answers.items() for each in values)

    def _with_what_was_sent(self) -> dict[str, Sequence[str]]:
        """What was kept, with what is sent now: the form anew, the choices anew, or the yes to what they come to."""
        kept = dict(self._kept.answers)
        sent = {name: request.form.getlist(name) for name in request.form if name not in NOT_KEPT}
        if request.method == "POST" and self._step != CHECK:
            are_choices = self._step == CHOOSE
            kept = {name: values for name, values in kept.items() if name.startswith(PREFIX) is not are_choices}
        return {**kept, **sent}

    def _answer_at_once(self, then: str) -> ResponseReturnValue | None:
        """Where it has led already; one step back; or the page that was asked for."""
        if answer := led_on(self._draft):
            return answer
        if "uses" in request.args and not self._draft.is_kept:
            flash(_("What was typed is kept for three days. Please begin again."), "error")
            return redirect(self._address(), 303)
        if request.method == "POST":
            return self._go_back() if self._step and request.form.get("stage") == "back" else None
        if not self._step:
            return redirect(self._address(), 303) if "uses" in request.args else None
        error = read_again(self._kept.more, now=clock.now())
        return uses_page(error, self._values, self._step, action=self._address(self._step), back=then)

    def _make(self, change: Callable[[DecideUses], object], then: str) -> None:
        """Inside a transaction: hold the bookings decided about, and make the change with what was chosen."""
        values = self._values
        self._decisions = Decisions(
            choices_of(values),
            str(tidy(values.get(f"{PREFIX}why", "")))[:200],
            current_user.person,
            clock.now(),
            agreed=f"{PREFIX}agreed" in values,
            confirmed=values.getlist(CONFIRMED),
        )
        self._decisions.hold()
        change(self._decisions)
        if self._draft.is_kept:
            self._draft.finish(self._where_next(then))

    def _where_next(self, then: str) -> str:
        """The page that lists what was done with the uses in the way, where there were any."""
        has_decided = self._decisions is not None and self._decisions.decided > 0
        return url_for("desk.what_was_done", press=press_now()) if has_decided else then

    def _ask(self, error: LeftToChoose) -> ResponseReturnValue:
        """Keep what was typed and chosen, and lead to what is left to choose, or to what it comes to."""
        step = CHECK if error.outcomes else CHOOSE
        self._draft.write(StepAnswers(self._answers, more=written(error)))
        return redirect(self._address(step), 303)

    def _go_back(self) -> ResponseReturnValue:
        self._draft.write(replace(self._kept, answers=self._answers))
        return redirect(self._address(CHOOSE if self._step == CHECK else ""), 303)

    def _back_to(self, form: BaseForm) -> ResponseReturnValue:
        """The form itself cannot be any more as it was typed: it says so on its own page."""
        wrong = [("", str(words)) for words in form.form_errors]
        wrong += [(field.name, str(words)) for field in form for words in field.errors]
        self._draft.write(replace(self._kept, answers=self._answers, refused=tuple(wrong)))
        return redirect(self._address(), 303)

    def _show(self, form: BaseForm) -> None:
        """Let the form know what it shows, and say what stood against it when it was kept."""
        if isinstance(form, EditingForm):
            form.compare_anew()
        for name, words in self._kept.refused:
            form.say_refusal(name, words)

    def _address(self, step: str = "") -> str:
        """Where a step of this change is asked."""
        others = {name: value for name, value in request.args.items() if name not in {"uses", "draft"}}
        asked = {"uses": step or None, "draft": self._draft.key if self._draft.is_kept else None}
        return url_for(str(request.endpoint), **{**(request.view_args or {}), **others, **asked})
