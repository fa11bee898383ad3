"""Changing what is there, in two steps: a form filled in with it, then what would be different."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.web.forms import BaseForm
from center.web.steps.flow import StepFlow
from center.web.steps.page import Step, StepPage

ANSWERS, CHECK = "answers", "check"
F = TypeVar("F", bound=BaseForm)


class ChangeFlow(StepFlow[F]):
    """A change that is shown before it is made."""

    def two_steps(
        self, asked: Sequence[str], title: str, last: Sequence[str] = (), question: str = ""
    ) -> Sequence[Step]:
        """The form, and the page that shows what would be different."""
        check = Step(CHECK, tuple(last), question or _("What changes"), is_last=True, is_aside=True)
        return [Step(ANSWERS, tuple(asked), title), check]

    def knows(self, name: str) -> bool:
        return name in {ANSWERS, CHECK}

    def is_known(self, step: Step) -> bool:
        """The form is filled in from the start, so only what was sent is an answer."""
        return step.name in self.said.sent

    def is_answered(self, step: Step) -> bool:
        return not self.is_outdated() and super().is_answered(step)

    def place_of(self, error: DomainError, refused: Sequence[tuple[str, str]]) -> Step | None:
        return super().place_of(error, refused) or self.steps[0]

    def saw(self, state: str) -> None:
        """After a refusal the page shows what is there now: the next change is of that."""
        self.said = replace(self.said, answers={**self.said.answers, "seen": [state]})


def without_difference(page: StepPage) -> StepPage:
    """The page of a check that has nothing to show."""
    return replace(page, step=replace(page.step, question=_("Nothing is different")))
