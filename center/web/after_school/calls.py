"""What a guardian says to staff on the phone, standing there, or on paper: how it was made sure that it is them."""

from wtforms import RadioField

from center.afterschool.plans.changes import Call, guardians_to_ring
from center.afterschool.said_to_staff import Word
from center.kernel import clock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.masking import masked_name
from center.people.models import Person
from center.web.after_school.day_choices import DayForm
from center.web.forms import BaseForm, text_field
from center.web.people import looks

HERE = "here"  # the guardian stands there
PAPER = "paper"  # they signed one


class SureForm(BaseForm):
    """How it was made sure that it is the guardian."""

    rang_from = text_field(_l("Rings from"), most=20, required=False)
    rang_back = RadioField(_l("Rung back on"), validate_choice=False)

    def offer_numbers(self, child: Person) -> None:
        """The numbers on record, whole, since one of them is dialled now; that is written down."""
        found = []
        for guardian in guardians_to_ring(child, now=clock.now()):
            looks.see_phone(guardian, purpose="ring")
            found.append((guardian.phone, f"{guardian.phone} · {masked_name(guardian.name)}"))
        self.rang_back.choices = [*found, (HERE, _("Nobody was rung: they stand here"))]

    def call(self) -> Call:
        """How it was made sure."""
        said = self.rang_back.data or ""
        number = "" if said in {HERE, PAPER} else said
        return Call(rang_from=self.rang_from.data or "", rang_back=number, in_person=said == HERE)


class CallForm(SureForm, DayForm):
    """What the guardian says of a day, and how it was made sure that it is them."""


class WordForm(SureForm):
    """What the guardian says of anything else: also on a paper that they signed."""

    paper = text_field(
        _l("Reference of the signed paper"),
        most=60,
        required=False,
        hint=_l("What the paper is found by, such as: folder 12, sheet 3."),
    )

    def offer_numbers(self, child: Person) -> None:
        """The same, and a paper."""
        super().offer_numbers(child)
        self.rang_back.choices = [*self.rang_back.choices, (PAPER, _("They signed a paper"))]

    def word(self, guardian: Person, *, by: Person) -> Word:
        """The guardian's word; raises RuleBroken where a paper has no reference."""
        paper = (self.paper.data or "") if self.rang_back.data == PAPER else ""
        if self.rang_back.data == PAPER and not paper:
            raise RuleBroken(_l("Write down what the paper is found by."), field="paper")
        return Word(guardian=guardian, by=by, call=self.call(), paper=paper)
