"""One question a page: each step has its own address, which shows it, keeps what is sent to it, and leads on.

A step is never answered with a page but with a redirect, so Back, reload and bookmarks work; what was typed stays,
right or wrong. What a form asks, and what it does in the end, its own `StepFlow` says.
"""

from abc import ABC, abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any, Generic, TypeVar

from flask import g, redirect, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.datastructures import MultiDict

from center.kernel.access import authorise
from center.kernel.errors import DomainError
from center.kernel.sealed import Outdated
from center.web.editing import SealedForm
from center.web.forms import OPEN_TOO_LONG, BaseForm
from center.web.steps.keeping import InAddress, InDraft, StepAnswers, led_on
from center.web.steps.page import Step, StepPage

NOT_KEPT = frozenset({"csrf_token", "draft", "request_key", "stage"})
F = TypeVar("F", bound=BaseForm)


class StepFlow(ABC, Generic[F]):
    """A form that is asked step by step."""

    endpoint: str  # of its pages; takes the name of the step
    form: F
    steps: Sequence[Step]

    def __init__(self, keeping: InDraft | InAddress, **address: Any) -> None:
        self.keeping, self._address = keeping, address
        self.said = keeping.read()

    # What each form says of itself.

    @abstractmethod
    def make_form(self, answers: "MultiDict[str, str] | None") -> F:
        """The form with these answers; None where nothing was answered yet."""

    @abstractmethod
    def steps_of(self, form: F) -> Sequence[Step]:
        """The questions in order; some depend on answers before them."""

    @abstractmethod
    def knows(self, name: str) -> bool:
        """Whether there may be a step of this name, whoever asks and whatever they answered."""

    @abstractmethod
    def show(self, step: Step) -> str:
        """The page of a step."""

    @abstractmethod
    def finish(self) -> ResponseReturnValue:
        """Do what the form is for; raises DomainError."""

    def beginning(self) -> dict[str, list[str]]:
        """What is answered before anything is asked: by the address, or by what is copied."""
        return {}

    def is_right(self, step: Step) -> bool:
        """Whether a step is well answered; what is wrong stands at its fields."""
        return self.form.validate_only(step.fields)

    def is_outdated(self) -> bool:
        """Whether what the form showed has changed since it was opened; the page then marks what."""
        return isinstance(self.form, SealedForm) and bool(self.form.changed)

    def asked_anew(self) -> Collection[str]:
        """The fields whose question has changed since it was answered."""
        return ()

    def say_outdated(self) -> None:
        """Say at the fields that are asked anew that they are."""

    def read_anew(self) -> None:
        """Read again what the form is about."""

    def put_refusal(self, error: DomainError) -> tuple[tuple[str, str], ...]:
        """What stands against the whole: names of fields, or nothing, each with words."""
        return tuple((each.field or "", str(each.message)) for each in error.every)

    def more_of(self, error: DomainError) -> dict[str, Any]:
        """What else of a refusal is needed to show it."""
        return {}

    def status_of(self, error: DomainError) -> int:
        """How the page that says a refusal is answered."""
        return error.status

    # What all of them do.

    def start(self) -> ResponseReturnValue:
        """Lead to the first question that is not answered."""
        return redirect(self.keeping.led_to or self._open_address(), 303)

    def answer(self, name: str) -> ResponseReturnValue:
        """The page of a step, or what follows from what was sent to it."""
        authorise(self.knows(name))
        if answer := led_on(self.keeping):
            return answer
        if request.method == "POST":
            return self._take(name)
        self._make()
        step, first = self.find(name), self.first_open()
        if step is None or self.steps.index(first) < self.steps.index(step) or not self.keeping.is_found:
            return redirect(self.address(step if step and self._is_reached(step) else first), 303)
        return self._page(step)

    def find(self, name: str) -> Step | None:
        """The step of this name, where there is one now."""
        return next((step for step in self.steps if step.name == name), None)

    def first_open(self) -> Step:
        """The first step that waits for an answer; the last where none does."""
        return next((step for step in self.steps if not self.is_answered(step)), self.steps[-1])

    def is_answered(self, step: Step) -> bool:
        """Whether a step was answered well, here or by what led here."""
        if step is self.steps[-1]:
            return False
        is_good = self.is_known(step) and self.is_right(step)
        for name in step.fields:
            if name in self.form:
                self.form[name].errors = []
        return is_good

    def is_known(self, step: Step) -> bool:
        """Whether a step was sent, or answered by what led here."""
        return step.name in self.said.sent or any(name in self.said.answers for name in step.fields)

    def address(self, step: Step, **more: Any) -> str:
        """Where a step is asked."""
        values = {**self.address_values(), **self.keeping.query(self.said), **more}
        return url_for(self.endpoint, step=step.name, **values)

    def address_values(self) -> dict[str, Any]:
        """What stands in the address of every step."""
        return self._address

    def page(self, step: Step, title: str, start: str) -> StepPage:
        """What stands around the question of a step; from the first one leads back to where it began."""
        asked = [each for each in self.steps if not each.is_aside]
        number = asked.index(step) + 1 if step in asked else len(asked)
        before = self._before(step)
        back = self.address(before[-1]) if before else start
        action = self.address(step, change=request.args.get("change"))
        return StepPage(step, title, number, len(asked), back, action, is_first=not before)

    def _before(self, step: Step) -> Sequence[Step]:
        return [each for each in self.steps[: self.steps.index(step)] if each.comes_by_itself]

    def _make(self) -> None:
        """The form with what was answered, and its steps."""
        if not self.said.sent:
            self.said = replace(self.said, answers={**self.beginning(), **self.said.answers})
        self.form = self.make_form(self._answers())
        if anew := set(self.asked_anew()) & set(self.said.answers):
            kept = {name: values for name, values in self.said.answers.items() if name not in anew}
            self.said = replace(self.said, answers=kept)
            self.form = self.make_form(self._answers())
        self.steps = self.steps_of(self.form)

    def _answers(self) -> "MultiDict[str, str] | None":
        values = MultiDict((name, each) for name, values in self.said.answers.items() for each in values)
        return values if self.said.sent or values else None

    def _open_address(self) -> str:
        self._make()
        return self.address(self.first_open())

    def _is_reached(self, step: Step) -> bool:
        return self.steps.index(step) <= self.steps.index(self.first_open())

    def _take(self, name: str) -> ResponseReturnValue:
        """Keep what was sent to a step, and go on."""
        self._add(name, self.fields_of(name))
        step = self.find(name)
        if g.get("csrf_failed"):
            self.form.form_errors.append(OPEN_TOO_LONG)
            return self.show(step or self.first_open()), 422
        if step is None or self.is_outdated():
            return self._keep_and_go(self.first_open())
        if self._goes_back():
            return self._keep_and_go([self.steps[0], *self._before(step)][-1])
        if self.is_look():
            return self._keep_and_go(step)
        if self.is_sent(step):
            wrong = next((each for each in self.steps if not self.is_right(each)), None)
            if wrong is None:
                try:
                    return self.finish()
                except DomainError as error:
                    return self._refused(error, step)
            self.said = replace(self.said, sent=tuple({*self.said.sent, wrong.name}))
            return self._keep_and_go(wrong)
        return self._keep_and_go(self._after(step) if self.is_right(step) else step)

    def is_sent(self, step: Step) -> bool:
        """Whether what was pressed sends the whole form."""
        return step.is_last

    def is_look(self) -> bool:
        """Whether what was pressed only shows the step again, with what is possible now."""
        return False

    def _goes_back(self) -> bool:
        """Whether what was typed is kept for later, and not looked at yet."""
        return request.form.get("stage") == "back"

    def read_sent(self) -> "MultiDict[str, str]":
        """What was sent, as the form reads it."""
        return request.form

    def fields_of(self, name: str) -> Collection[str]:
        """The fields of a step that is sent, as what was answered before asks them."""
        if not (self.said.answers or self.beginning()):
            return ()  # there is nothing that what was sent could replace
        self._make()
        step = self.find(name)
        return step.fields if step else ()

    def _add(self, name: str, fields: Collection[str]) -> None:
        """Add what was sent: the fields of the step, of the last one whatever the form knows."""
        values = self.read_sent()
        typed = {each: values.getlist(each) for each in values if each not in NOT_KEPT}
        asked = (*fields, "seen")
        kept = {each: values for each, values in self.said.answers.items() if each not in asked}
        is_sent = not self.is_look() and not self._goes_back()
        sent = tuple(dict.fromkeys((*self.said.sent, name))) if is_sent else self.said.sent
        self.said = StepAnswers(answers={**kept, **typed}, sent=sent)  # without what spoke against it
        self._make()
        self.said = replace(self.said, answers={k: v for k, v in self.said.answers.items() if self.keeps(k)})

    def keeps(self, name: str) -> bool:
        """Whether a value of this name is an answer."""
        return name in self.form

    def _after(self, step: Step) -> Step:
        """The next question; where one answer was changed from the end, the next that is open."""
        if request.args.get("change"):
            return self.first_open()
        after = self.steps[self.steps.index(step) + 1 :]
        return next((each for each in after if each.comes_by_itself), self.steps[-1])

    def _refused(self, error: DomainError, step: Step) -> ResponseReturnValue:
        """Nothing was done: what speaks against it is said where it can be mended."""
        self.read_anew()
        self._make()
        if isinstance(error, Outdated):
            return self._keep_and_go(self.first_open())
        refused, more = self.put_refusal(error), self.more_of(error)
        self.said = replace(self.said, more=more)
        self.steps = self.steps_of(self.form)
        at = self.place_of(error, refused) or step
        self.said = replace(self.said, refused=refused, at=at.name, status=self.status_of(error))
        return self._keep_and_go(at)

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        """The step at which a refusal is said: that of the first field it is about."""
        names = {name for name, _words in refused}
        return next((each for each in self.steps if names & set(each.fields)), None)

    def _keep_and_go(self, step: Step) -> ResponseReturnValue:
        self.keeping.write(self.said)
        change = None if step is self.steps[-1] else request.args.get("change")
        return redirect(self.address(step, change=change), 303)

    def _page(self, step: Step) -> ResponseReturnValue:
        """A step as it stands, with what is wrong with it where it was answered before."""
        if self.is_outdated():
            self.say_outdated()
        elif self.is_known(step) and self.said.at != step.name:
            self.is_right(step)
        if self.said.at == step.name:
            for name, words in self.said.refused:
                self.form.say_refusal(name, words)
        wrong = bool(self.form.error_list())
        try:
            page = self.show(step)
        except DomainError as error:
            return self._refused_page(error)
        refused = self.said.status if self.said.at == step.name else 422 if wrong else 200
        return page, 409 if self.is_outdated() else refused

    def _refused_page(self, error: DomainError) -> ResponseReturnValue:
        """Something has come between what was answered and doing it: the step where that is mended says so."""
        refused = self.put_refusal(error)
        for name, words in refused:
            self.form.say_refusal(name, words)
        self.said = replace(self.said, more=self.more_of(error))
        return self.show(self.place_of(error, refused) or self.steps[0]), error.status
