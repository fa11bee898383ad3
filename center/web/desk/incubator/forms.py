"""The forms of staff: decisions, panels, minutes, objections."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, DateField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from center.incubator.models.incubations import IncubationTransition
from center.incubator.reviews.scoring import LEAST_PANEL
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field

NAMED, DRAWN = "named", "drawn"
MOST_PANEL = 9


class DecisionForm(BaseForm):
    """A decision: why, on which paper, who has it next and until when."""

    reason = long_text_field(_l("Why?"), most=2000, hint=_l("It stands in the letter, where there is one."))
    result = long_text_field(
        _l("What is made known"), most=2000, hint=_l("Everybody reads it: what was reviewed and what is intended.")
    )
    document = SelectField(_l("On which paper does it rest?"), validators=[Optional()])
    owner = SelectField(_l("Who has it next?"), validators=[Optional()])
    due_on = DateField(
        _l("Until when?"),
        description=_l("Leave it empty for the working days of this stage."),
        validators=[Optional()],
    )

    def for_move(self, move: IncubationTransition) -> "DecisionForm":
        """Ask only what this move needs."""
        if move.to_stage != "published":
            del self.result
        if move.needs_reason:
            self.reason.validators = [InputRequired(_l("Please say why.")), *self.reason.validators[1:]]
            self.reason.flags.optional = False
        return self


class OwnerForm(BaseForm):
    """Who of the staff has it."""

    owner = SelectField(_l("Who has it?"))

    def offer(self, people: Sequence[Person]) -> "OwnerForm":
        """Only those of the staff who may have it."""
        self.owner.choices = [(str(each.id), each.name) for each in people]
        return self


class PanelForm(CreatingForm):
    """How a panel comes about, who sits on it, until when."""

    how = RadioField(
        _l("How does the panel come about?"),
        choices=[(DRAWN, _l("Drawn by lot from the pool, by a seed that is published")), (NAMED, _l("Named"))],
        default=DRAWN,
    )
    size = IntegerField(
        _l("How many are drawn"), default=LEAST_PANEL, validators=[Optional(), NumberRange(LEAST_PANEL, MOST_PANEL)]
    )
    people = SelectMultipleField(
        _l("Who is named"),
        description=_l("At least three, none of them with an interest in the organisation."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
        validators=[Optional()],
    )
    due_on = DateField(
        _l("Until when do they score?"),
        description=_l("Leave it empty for fifteen working days."),
        validators=[Optional()],
    )


class FillForm(BaseForm):
    """Who sits where somebody left."""

    person = SelectField(_l("Who sits now?"))


class MinutesForm(BaseForm):
    """What the panel said and agreed on."""

    minutes = long_text_field(
        _l("Minutes of the panel"),
        most=6000,
        required=True,
        hint=_l("Who took part, what was talked about where sheets differ, and what was agreed. Nobody scores after."),
    )


class PaperObjectionForm(CreatingForm):
    """An objection that came on paper or in person."""

    name = text_field(_l("Name"), most=60)
    contact = text_field(_l("How to reach them"), most=120, hint=_l("A phone number or an address."))
    words = long_text_field(_l("What they object"), most=4000, required=True)
    paper = text_field(_l("Where the paper lies"), most=60, required=False)


class AnswerForm(BaseForm):
    """The answer to an objection."""

    is_upheld = BooleanField(
        _l("The objection is right"), description=_l("Then have the organisation reviewed again, or say what follows.")
    )
    answer = long_text_field(_l("Answer, with the reason"), most=4000, required=True)


def chosen(field: Any) -> int | None:
    """The number that was chosen; None for none."""
    return int(field.data) if field.data else None
