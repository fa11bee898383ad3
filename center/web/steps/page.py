"""A step of a form, and what its page shows around the question."""

from dataclasses import dataclass
from typing import Any

from center.kernel.i18n import gettext as _


@dataclass(frozen=True)
class Step:
    """One page of a form: its name in the address, the fields it asks, and what it asks in words."""

    name: str
    fields: tuple[str, ...] = ()
    question: Any = ""
    is_last: bool = False  # sending it does what the form is for
    is_aside: bool = False  # it is no question, so it has no number

    @property
    def comes_by_itself(self) -> bool:
        """Whether going on leads to it, or only a link of its own."""
        return self.is_last or not self.is_aside


@dataclass(frozen=True)
class StepPage:
    """What the page of a step shows around its question."""

    step: Step
    title: str  # of the whole form
    number: int
    count: int
    back: str
    action: str
    is_first: bool  # one step back leads out of the form

    @property
    def heading(self) -> str:
        """What is asked."""
        return str(self.step.question) or self.title

    @property
    def place(self) -> str:
        """Where in the form one is; nothing where it has one page."""
        if self.step.is_aside or self.count < 2:
            return ""
        return _("Question %(number)d of %(count)d", number=self.number, count=self.count)
