"""Forms of people: shape only; what a phone, a name or a password may be is in `rules`, `phones` and `passwords`."""

from collections.abc import Sequence
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    IntegerField,
    PasswordField,
    RadioField,
    SelectField,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, Optional, StopValidation

from center.kernel.i18n import lazy_gettext as _l
from center.people import passwords
from center.people.actions import Door
from center.people.models import Building, Grid
from center.people.records import PersonRecord
from center.people.rules import GRANTABLE, ROLE_NAMES
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field


def password_field(label: Any, *, hint: Any = "") -> PasswordField:
    """A password, kept exactly as typed and never shown again."""
    too_long = Length(max=passwords.MOST, message=_l("At most %(max)d characters, please."))
    return PasswordField(label, description=hint, validators=[InputRequired(_l("Please fill this in.")), too_long])


def new_password_field(label: Any) -> PasswordField:
    """A password that somebody chooses."""
    hint = _l("At least 8 characters. A few words that only you would put together are best.")
    return password_field(label, hint=hint)


class SignInForm(BaseForm):
    """Sign in. `next` and `kept` say how to go on."""

    login = text_field(_l("Phone number or sign-in name"), most=64)
    password = password_field(_l("Password"))
    keep = BooleanField(
        _l("Keep me signed in for 30 days"),
        description=_l("Only on your own phone, not on a shared phone or computer."),
    )
    next = HiddenField()
    kept = HiddenField()


class ProofForm(BaseForm):
    """Type one's password once more before something that only its owner may do."""

    password = password_field(_l("Your password"))
    next = HiddenField()
    kept = HiddenField()


def _needed_without_code(form: Any, field: Any) -> None:
    """Whoever has a code from the desk is known already."""
    if field.data:
        return
    field.errors = []
    raise StopValidation() if form.claim_code.data else StopValidation(_l("Please fill this in."))


class RegisterForm(CreatingForm):
    """Register: as somebody new, or with the code that the desk printed."""

    claim_code = text_field(
        _l("Code from the desk"), most=40, required=False, hint=_l("Only if the desk gave you a slip with a code.")
    )
    name = text_field(_l("Your name"), most=60, required=False)
    phone = text_field(_l("Phone number"), most=30, required=False, hint=_l("Mobile, or landline with its area code."))
    phone_is_relatives = BooleanField(_l("This is a relative's phone"))
    login = text_field(
        _l("Sign-in name of your own"),
        most=32,
        required=False,
        hint=_l("If you share the phone with somebody: letters, Chinese characters or digits, such as your name."),
    )
    password = new_password_field(_l("Choose a password"))
    building_id = SelectField(_l("Building"), coerce=lambda value: int(value) if value else None, default="")
    unit = text_field(_l("Unit"), most=10, required=False)
    door = text_field(_l("Door"), most=10, required=False)
    birth_year = IntegerField(_l("Birth year"), validators=[Optional()])
    next = HiddenField()

    def __init__(self, buildings: Sequence[Building], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.building_id.choices = [
            SelectChoice("", _l("Not said")),
            *(SelectChoice(str(b.id), b.code) for b in buildings),
        ]
        for field in (self.name, self.phone):
            field.validators = [_needed_without_code, *field.validators[1:]]
            field.flags.optional = False

    def record(self) -> PersonRecord:
        """What was typed about the person."""
        return PersonRecord(
            name=self.name.data or "",
            phone=self.phone.data or "",
            phone_is_relatives=self.phone_is_relatives.data,
            building_id=self.building_id.data,
            unit=self.unit.data or "",
            door=self.door.data or "",
            birth_year=self.birth_year.data,
        )

    @property
    def has_home(self) -> bool:
        """Whether anything was typed, or is wrong, in the part about where the person lives."""
        about_home = (self.building_id, self.unit, self.door, self.birth_year)
        return any(field.data or field.errors for field in about_home)


class PhoneForm(BaseForm):
    """Another phone number."""

    phone = text_field(_l("Phone number"), most=30, hint=_l("Mobile, or landline with its area code."))
    phone_is_relatives = BooleanField(_l("This is a relative's phone"))


class LoginForm(BaseForm):
    """Another name to sign in with."""

    login = text_field(
        _l("Sign-in name of your own"),
        most=64,
        hint=_l("Letters, Chinese characters or digits; or your phone number."),
    )


class PasswordForm(BaseForm):
    """Another password, by whoever knows the one until now."""

    current = password_field(_l("Password until now"))
    password = new_password_field(_l("New password"))


class PreferencesForm(BaseForm):
    """How somebody likes to read."""

    locale = RadioField(_l("Language"))
    elder_mode = BooleanField(
        _l("Elder mode"), description=_l("Larger text and buttons, on every device you sign in on.")
    )


class RefuseForm(BaseForm):
    """Why the desk cannot confirm an account."""

    reason = long_text_field(
        _l("Reason"), most=200, required=True, hint=_l("The person reads this when they try to sign in.")
    )


class CloseForm(BaseForm):
    """Why an account is closed."""

    reason = long_text_field(
        _l("Reason"), most=200, required=True, hint=_l("The person reads this when they try to sign in.")
    )


class ConfirmForm(BaseForm):
    """Whether somebody lives behind the door that they gave: asked by itself."""

    door = RadioField(
        _l("Do they live there?"),
        choices=[
            (Door.VERIFIED.value, _l("Yes: I have seen it, such as on the lease or the grid's list")),
            (Door.LATER.value, _l("I do not know yet: it is looked at later")),
            (Door.UNTRUE.value, _l("No: the door is taken off the record")),
        ],
        validators=[InputRequired(_l("Please choose one."))],
    )


class GrantForm(CreatingForm):
    """A role for a person, from one date until another."""

    role = SelectField(_l("Role"), choices=[SelectChoice(role.value, ROLE_NAMES[role]) for role in GRANTABLE])
    grid_id = SelectField(
        _l("Grid"), coerce=lambda value: int(value) if value else None, default="", description=_l("For grid workers.")
    )
    starts_on = DateField(_l("First day"), validators=[InputRequired(_l("Please fill this in."))])
    ends_on = DateField(_l("Last day"), validators=[Optional()], description=_l("Leave empty when there is none yet."))

    def __init__(self, grids: Sequence[Grid], **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.grid_id.choices = [
            SelectChoice("", _l("No grid")),
            *(SelectChoice(str(grid.id), grid.name) for grid in grids),
        ]
