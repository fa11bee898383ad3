"""Forms of several steps that end with a list of dates: of a new series, a changed one, the rehearsals of a term."""

from datetime import date
from typing import TypeVar

from flask import request

from center.web.bookings.series_forms import choices_in, day_chosen
from center.web.forms import BaseForm
from center.web.steps.flow import StepFlow
from center.web.steps.page import Step

DATES = "dates"  # the step's name
F = TypeVar("F", bound=BaseForm)


class DateSteps(StepFlow[F]):
    """A form whose last page lists dates, and asks for each what is to become of it."""

    @property
    def choices(self) -> dict[date, str]:
        """What was chosen for each date."""
        return choices_in({name: values[-1] for name, values in self.said.answers.items() if values})

    @property
    def is_refused(self) -> bool:
        """Whether the dates were sent and refused: then nothing is chosen for anybody any more."""
        return self.said.at == DATES

    def dates_step(self, fields: tuple[str, ...], question: str) -> Step:
        """The last page. What was chosen there before gives way to what is chosen now."""
        chosen = [name for name in self.said.answers if day_chosen(name)]
        return Step(DATES, (*fields, *chosen), question, is_last=True, is_aside=True)

    def keeps(self, name: str) -> bool:
        return super().keeps(name) or day_chosen(name) is not None

    def is_look(self) -> bool:
        return request.form.get("stage") == "look"
