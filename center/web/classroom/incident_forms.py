"""The forms of incidents: what happened, and what is done about it afterwards."""

from wtforms import DateTimeLocalField, RadioField, SelectField
from wtforms.validators import DataRequired, Optional

from center.afterschool.records.incidents import TOLD_WORDS
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field

TOLD, ACKNOWLEDGED, FOLLOW_UP, CLOSE = "told", "acknowledged", "follow_up", "close"


class IncidentForm(CreatingForm):
    """What happened to a child."""

    child = SelectField(_l("Child"), validators=[DataRequired()])
    at = DateTimeLocalField(_l("When"), format="%Y-%m-%dT%H:%M", validators=[DataRequired()])
    place = text_field(_l("Where"), most=80, required=False)
    what = long_text_field(_l("What happened to the child"), most=2000, required=True)
    done = long_text_field(
        _l("What was done about it"), most=2000, required=True, hint=_l("First aid, whom was rung, and at what time.")
    )


class StepForm(BaseForm):
    """What is done about an incident afterwards."""

    step = RadioField(
        _l("What to write down"),
        choices=[
            (TOLD, _l("A guardian was told")),
            (ACKNOWLEDGED, _l("A guardian has acknowledged it")),
            (FOLLOW_UP, _l("What followed on it")),
            (CLOSE, _l("It is closed")),
        ],
        validators=[DataRequired()],
    )
    guardian = SelectField(_l("Which guardian"), validators=[Optional()])
    how = SelectField(_l("How"), choices=[(each.value, words) for each, words in TOLD_WORDS.items()][1:])
    words = long_text_field(_l("In words"), most=1000)
