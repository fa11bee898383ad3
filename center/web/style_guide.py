"""What the style guide shows: a specimen of every kind of field, with and without errors, and the icons there are."""

import re
from functools import cache

from wtforms import BooleanField, DateField, IntegerField, PasswordField, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, NumberRange, Optional

from center.kernel.config import ROOT
from center.kernel.i18n import lazy_gettext as _l
from center.web.forms import BaseForm, long_text_field, text_field


class SpecimenForm(BaseForm):
    """One field of every kind."""

    purpose = text_field(_l("What for?"), most=80, hint=_l("A few words, such as: reading circle."))
    people = IntegerField(_l("How many people?"), validators=[InputRequired(), NumberRange(1, 40)])
    day = DateField(_l("Date"), validators=[Optional()])
    start = TimeField(_l("Start"), validators=[Optional()])
    room = SelectField(_l("Room"), choices=[("1", _l("Reading room")), ("2", _l("Multi-purpose hall"))], default="1")
    party = RadioField(
        _l("For whom?"),
        choices=[("self", _l("For myself")), ("organisation", _l("For an organisation"))],
        validators=[InputRequired(_l("Please choose one."))],
    )
    note = long_text_field(_l("Anything we should know?"), most=500)
    password = PasswordField(_l("Password"), validators=[Optional()])
    agrees = BooleanField(_l("I have read the rules of the room."))


def specimen_form() -> SpecimenForm:
    """The specimen as it looks after it was sent with something missing."""
    form = SpecimenForm(meta={"csrf": False})
    form.validate()
    return form


@cache
def icon_names() -> list[str]:
    """The names of all icons in the sprite."""
    return re.findall(r'<symbol id="([^"]+)"', (ROOT / "static" / "icons.svg").read_text(encoding="utf-8"))
