"""Forms of a child's place and record."""

from typing import Any

from wtforms import BooleanField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired
from wtforms.widgets import CheckboxInput, ListWidget

from center.afterschool.models.consents import Purpose
from center.kernel.i18n import lazy_gettext as _l
from center.web.after_school.consent_fields import ANSWER, consent_field
from center.web.after_school.place_forms import mark_field, school_class_field
from center.web.forms import BaseForm, CreatingForm, text_field


class EnrolForm(CreatingForm):
    """Everything that an application asks, by account or from paper."""

    child = SelectField(_l("Which child?"), coerce=int)
    term = SelectField(_l("Which term?"), coerce=int)
    school = SelectField(_l("School"), coerce=int)
    school_class, mark = school_class_field(), mark_field()
    care = consent_field(Purpose.CARE)
    health = consent_field(Purpose.HEALTH)
    photos = consent_field(Purpose.PHOTOS)
    walking_alone = consent_field(Purpose.WALKING_ALONE)
    reasons = SelectMultipleField(
        _l("Reasons for priority"),
        choices=[],
        description=_l("Staff look at each and write down what they decide. Leave it empty if none fits."),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    first = SelectField(_l("Who is rung first?"), coerce=int)
    relation = text_field(_l("Who are you to the child?"), most=20, hint=_l("Such as: mother, grandfather."))
    has_read = BooleanField(
        _l("I have read the rules"), validators=[InputRequired(_l("Please read the rules first."))]
    )  # fmt: skip


class ConsentForm(BaseForm):
    """Agreeing, or not, to the text that is shown."""

    answer: Any = RadioField(
        _l("Do you agree?"), choices=ANSWER, validators=[InputRequired(_l("Please choose one of these."))]
    )
