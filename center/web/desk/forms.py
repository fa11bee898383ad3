"""Forms of the desk: shape only."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, IntegerField, RadioField, SelectField
from wtforms.validators import AnyOf, DataRequired, Length, NumberRange, Optional
from wtforms.widgets import HiddenInput

from center.bookings.models import Channel
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Building, Person
from center.people.records import PersonRecord
from center.signups.models import Pool
from center.signups.words import pool_name
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, FilterForm, no_control_characters, of_this_century, text_field
from center.web.sign_ups.forms import DetailsForm

FIND_BY = _l("Name, pinyin initials, last digits of the phone, or building-door.")  # where a list is narrowed


class DaysForm(FilterForm):
    """From which day until which something is listed."""

    first = DateField(_l("From"), validators=[Optional(), of_this_century])
    last = DateField(_l("Until"), validators=[Optional(), of_this_century])


class SignUpForm(BaseForm):
    """Which button was pressed to sign somebody up, and how the wish came."""

    roster_id = IntegerField(widget=HiddenInput(), validators=[DataRequired(), NumberRange(min=1, max=2**31 - 1)])
    request_key = HiddenField(validators=[DataRequired(), Length(max=36), no_control_characters])
    channel = HiddenField(validators=[AnyOf([Channel.DESK.value, Channel.PHONE.value])])
    seen = HiddenField(validators=[Length(max=40), no_control_characters])
    may_wait = HiddenField(validators=[Length(max=1), no_control_characters])  # whether the button said so


class SignUpPersonForm(SignUpForm):
    """The same where the activity is chosen already: whom."""

    roster_id = None
    person_id = IntegerField(widget=HiddenInput(), validators=[DataRequired(), NumberRange(min=1, max=2**31 - 1)])


class DeskDetailsForm(DetailsForm):
    """Somebody's needs and answers as the desk writes them down, and how they came."""

    may_wait = HiddenField(validators=[Length(max=1), no_control_characters])  # whether the button said so
    channel = RadioField(
        _l("They are"), choices=[(Channel.DESK.value, _l("at the desk")), (Channel.PHONE.value, _l("on the phone"))]
    )
    pool_id = SelectField(_l("Place"), coerce=lambda value: int(value) if value else None)

    def offer(self, named: Sequence[Pool]) -> None:
        """The places under a name of their own, which only staff give; without any the question is left out."""
        self.pool_id.choices = [("", _l("As the rules say")), *((pool.id, pool_name(pool)) for pool in named)]
        if not named:
            del self.pool_id


class WhenForm(BaseForm):
    """On which day to look for a room, and how the wish came. Sent with GET."""

    class Meta:
        csrf = False

    date = DateField(_l("Date"))
    channel = RadioField(_l("They are"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.channel.choices = [(Channel.DESK.value, _l("at the desk")), (Channel.PHONE.value, _l("on the phone"))]


class YearField(IntegerField):
    """A year; anything else is refused in plain words."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Please give a year with four digits, such as 1950.")) from None


class PersonForm(EditingForm, CreatingForm):
    """What the desk writes down about somebody."""

    name = text_field(_l("Full name"), most=60, hint=_l("As one writes it. A name with · is fine."))
    sort_key = text_field(
        _l("Pinyin"),
        most=200,
        required=False,
        hint=_l("Filled in from the name when empty. Correct it where it is read otherwise."),
    )
    phone = text_field(
        _l("Phone"), most=40, required=False, hint=_l("A mobile, or a landline with its area code. May be empty.")
    )
    phone_is_relatives = BooleanField(_l("This is a relative's phone"))
    building_id = SelectField(_l("Building"), coerce=lambda value: int(value) if value else None)
    unit = text_field(_l("Unit"), most=40, required=False)
    door = text_field(_l("Door"), most=40, required=False)
    birth_year = YearField(_l("Birth year"), description=_l("The year only."), validators=[Optional()])
    lives_alone = BooleanField(_l("Lives alone"))
    is_somebody_else = BooleanField(_l("This is somebody else: make a second record"))

    def offer(self, buildings: Sequence[Building]) -> None:
        """Fill the list of buildings."""
        self.building_id.choices = [("", _l("Not known")), *((each.id, each.code) for each in buildings)]

    def record(self) -> PersonRecord:
        """What was typed."""
        return PersonRecord(
            name=self.name.data or "",
            sort_key=self.sort_key.data or "",
            phone=self.phone.data or "",
            phone_is_relatives=self.phone_is_relatives.data,
            building_id=self.building_id.data,
            unit=self.unit.data or "",
            door=self.door.data or "",
            birth_year=self.birth_year.data,
            lives_alone=self.lives_alone.data,
        )


def person_values(person: Person) -> dict[str, Any]:
    """What is known of a person, as the form shows it."""
    names = (
        "name",
        "sort_key",
        "phone",
        "phone_is_relatives",
        "building_id",
        "unit",
        "door",
        "birth_year",
        "lives_alone",
    )
    return {name: getattr(person, name) for name in names}
