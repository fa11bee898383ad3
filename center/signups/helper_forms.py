"""The form with which somebody lets a helper act for them. Shape only."""

from wtforms import DateField
from wtforms.validators import InputRequired

from center.forms import CreatingForm, text_field
from center.i18n import lazy_gettext as _l


class HelperForm(CreatingForm):
    """Who, by the code they told, and until when."""

    code = text_field(
        _l("Your helper's code"),
        most=20,
        hint=_l("Your helper finds it in their own account, under “Helpers”, and tells it to you. Such as 7KQ2-M9DF."),
    )
    ends_on = DateField(
        _l("Last day"),
        description=_l("At most a year; it can be given again."),
        validators=[InputRequired(_l("Please choose a date."))],
    )
