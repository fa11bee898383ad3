"""The form with which somebody lets a helper act for them. Shape only."""

from collections.abc import Sequence

from wtforms import DateField, SelectField
from wtforms.validators import InputRequired

from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.web.forms import CreatingForm, text_field


class HelperForm(CreatingForm):
    """Who, by the code they told, for whom, and until when."""

    code = text_field(
        _l("Your helper's code"),
        most=20,
        hint=_l("Your helper finds it in their own account, under “Helpers”, and tells it to you. Such as 7KQ2-M9DF."),
    )
    person = SelectField(_l("For whom may they act?"), coerce=int)
    ends_on = DateField(
        _l("Last day"),
        description=_l("At most a year; it can be given again."),
        validators=[InputRequired(_l("Please choose a date."))],
    )

    def offer(self, me: Person, children: Sequence[Person]) -> None:
        """For oneself, or for a child one answers for."""
        self.person.choices = [(me.id, _("Myself")), *((each.id, each.name) for each in children)]
        if self.person.data is None:
            self.person.data = me.id
