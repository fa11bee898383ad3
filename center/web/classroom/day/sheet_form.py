"""The form of a child's sheet: one for all that can be said, so that a code typed once counts for every button."""

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from wtforms import HiddenField, RadioField
from wtforms.validators import Optional

from center.afterschool.alarms.ringing import Rung
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.classroom.day.parts import ActForm
from center.web.forms import text_field


class SheetForm(ActForm):
    """What makes sure of an adult; the button that was pressed says the rest."""

    refused_at: ClassVar[Mapping[str, str]] = {"adult": "other_name"}

    act = HiddenField()
    code = text_field(_l("Code of the day"), most=20, required=False)
    second = RadioField(_l("Second member of staff who looks as well"), validators=[Optional()], choices=[])
    other_name = text_field(_l("Name of the adult"), most=60, required=False)
    approved_by = RadioField(_l("Which guardian agreed on the phone"), validators=[Optional()], choices=[])
    approved_on = text_field(
        _l("Rung on this number"), most=20, required=False, hint=_l("Only where it is not the one on record.")
    )
    why = text_field(_l("Why"), most=200, required=False)

    def offer(self, staff: Sequence[Person], callers: Sequence[Rung]) -> None:
        """Whom the fields name."""
        for field in self:
            field.flags.optional = False  # what is needed depends on the button
        self.people: dict[str, Person] = {str(each.id): each for each in staff}
        self.people |= {str(each.guardian.id): each.guardian for each in callers}
        self.second.choices = [(str(each.id), each.name) for each in staff]
        self.approved_by.choices = [
            (str(each.guardian.id), f"{each.guardian.name} {each.relation}".strip()) for each in callers
        ]

    def chosen(self, field: Any) -> Person | None:
        """Whom a field names."""
        return self.people.get(str(field.data)) if field.data else None

    def number(self) -> str:
        """On which number the guardian was rung: what was typed, else the one on record."""
        typed = str(self.approved_on.data or "").strip()
        guardian = self.chosen(self.approved_by)
        return typed or (guardian.phone or "" if guardian else "")
