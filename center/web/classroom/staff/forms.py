"""Forms of checks and duties."""

from collections.abc import Sequence
from typing import Any

from wtforms import DateField, SelectField
from wtforms.validators import InputRequired, Optional

from center.afterschool.models.staff import CheckKind, DutyRole
from center.afterschool.models.terms import CareClass, Half, TermMode
from center.afterschool.staff.rules import ROLES
from center.afterschool.words import CHECK_KINDS, DUTY_ROLES, HALVES
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.forms import BaseForm, CreatingForm, text_field

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))
EVERY_CLASS = 0  # of a guard
ALL_DAY = ""


class CheckForm(CreatingForm):
    """What somebody has shown."""

    kind = SelectField(_l("What they have shown"), coerce=CheckKind)
    made_on = DateField(_l("Made on"), validators=[NEED_DAY])
    valid_until = DateField(
        _l("Valid until"),
        description=_l("A record check counts for a year at most, first aid for three."),
        validators=[NEED_DAY],
    )
    consented_on = DateField(
        _l("They agreed to the record check on"),
        description=_l("Nobody's record is checked without their consent. Leave it empty for first aid."),
        validators=[Optional()],
    )
    document = text_field(
        _l("Number of the paper"), most=120, required=False, hint=_l("Its number only: what it says stays on paper.")
    )

    def offer(self) -> None:
        """The kinds there are."""
        self.kind.choices = [(kind, CHECK_KINDS[kind]) for kind in (CheckKind.RECORD, CheckKind.FIRST_AID)]


class DutyForm(BaseForm):
    """Somebody on duty on a day."""

    person = SelectField(_l("Person on duty"), coerce=int)
    role = SelectField(_l("As what"), coerce=DutyRole)
    care_class = SelectField(_l("Class"), coerce=int)
    half: Any = SelectField(_l("Part of the day"))

    def offer(self, people: Sequence[Person], classes: Sequence[CareClass], mode: TermMode) -> None:
        """Who may be put on duty, as what and where, and of a whole day for which half."""
        self.person.choices = [(each.id, each.name) for each in people]
        self.role.choices = [(role, DUTY_ROLES[role]) for role in ROLES]
        named = [(each.id, in_language(each.name, each.name_en)) for each in classes]
        self.care_class.choices = [*named, (EVERY_CLASS, _l("All classes (guards)"))]
        self.half.choices = [(ALL_DAY, _l("All day")), *((half.value, HALVES[half]) for half in Half)]
        if mode is not TermMode.FULL_DAY:
            del self.half

    def said_half(self) -> Half | None:
        """For which half of a day; None: as long as it lasts."""
        return Half(self.half.data) if self.half and self.half.data != ALL_DAY else None


class RepeatForm(BaseForm):
    """Until when the same people are on duty."""

    until = DateField(_l("Until and including"), validators=[NEED_DAY])
