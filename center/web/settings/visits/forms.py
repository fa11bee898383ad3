"""The form of the numbers for missed visits and offers."""

from typing import Any

from wtforms import Field, IntegerField
from wtforms.validators import InputRequired, NumberRange

from center.kernel.i18n import lazy_gettext as _l
from center.web.editing import EditingForm


def _number(label: Any, *, most: int, hint: Any = "") -> Field:
    in_range = NumberRange(min=1, max=most, message=_l("A number from %(min)s to %(max)s, please."))
    return IntegerField(label, description=hint, validators=[InputRequired(_l("Please fill this in.")), in_range])


class PresenceSettingsForm(EditingForm):
    """The centre's numbers for missed visits and offers of freed time."""

    missed_visits = _number(_l("How many missed visits propose a limit"), most=20)
    within_days = _number(_l("Within how many days"), most=366)
    limit_days = _number(_l("How many days a limit lasts"), most=366, hint=_l("It can be lifted at any time."))
    wish_limit = _number(_l("For how many taken times one person may wait at once"), most=50)
    offer_minutes = _number(
        _l("How many minutes freed time is held for whoever waits"),
        most=720,
        hint=_l("Only the time from 8:00 to 21:00 counts."),
    )

    def numbers(self) -> dict[str, int]:
        """What was typed, by the names of the columns."""
        return {name: field.data for name, field in self._fields.items() if name not in {"csrf_token", "seen"}}
