"""What a guardian says to staff on the phone, or standing there: how it was made sure that it is them."""

from wtforms import RadioField

from center.afterschool.changes import Call, guardians_to_ring
from center.kernel import clock
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.masking import masked_name
from center.people.models import Person
from center.web.after_school.day_choices import DayForm
from center.web.forms import text_field
from center.web.people import looks

HERE = "here"  # the guardian stands there


class CallForm(DayForm):
    """What the guardian says, and how it was made sure that it is them."""

    rang_from = text_field(_l("Rings from"), most=20, required=False)
    rang_back = RadioField(_l("Rung back on"), validate_choice=False)

    def offer_numbers(self, child: Person) -> None:
        """The numbers on record, whole, since one of them is dialled now; that is written down."""
        found = []
        for guardian in guardians_to_ring(child, now=clock.now()):
            looks.see_phone(guardian)
            found.append((guardian.phone, f"{guardian.phone} · {masked_name(guardian.name)}"))
        self.rang_back.choices = [*found, (HERE, _("Nobody was rung: they stand here"))]

    def call(self) -> Call:
        """How it was made sure."""
        is_here, number = self.rang_back.data == HERE, self.rang_back.data or ""
        return Call(rang_from=self.rang_from.data or "", rang_back="" if is_here else number, in_person=is_here)
