"""Forms of people: shape only; what a phone, a name or a password may be is in `rules`, `phones` and `passwords`."""

from typing import Any

from wtforms import HiddenField, PasswordField
from wtforms.validators import InputRequired, Length, Optional

from center.forms import BaseForm, text_field
from center.i18n import lazy_gettext as _l
from center.people import passwords


def password_field(label: Any, *, hint: Any = "", is_required: bool = True) -> PasswordField:
    """A password, kept exactly as typed and never shown again."""
    first = InputRequired(_l("Please fill this in.")) if is_required else Optional()
    too_long = Length(max=passwords.MOST, message=_l("At most %(max)d characters, please."))
    return PasswordField(label, description=hint, validators=[first, too_long])


class SignInForm(BaseForm):
    """Sign in. `next` and `kept` say how to go on."""

    login = text_field(_l("Phone number or sign-in name"), most=64)
    password = password_field(_l("Password"))
    next = HiddenField()
    kept = HiddenField()
