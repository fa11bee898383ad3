"""Forms of the centre's facts and its calendar."""

from typing import Any

from babel import Locale
from flask_babel import get_locale
from wtforms import BooleanField, DateField, Field, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from center.kernel.i18n import LANGUAGE_NAMES, centre
from center.kernel.i18n import lazy_gettext as _l
from center.premises.actions import Facts
from center.premises.library import countries
from center.premises.words import KINDS_OF_DAYS
from center.rooms.labels import WEEKDAYS
from center.web.editing import EditingForm
from center.web.forms import long_text_field, text_field

OF_CHINA = {"HK": _l("Hong Kong, China"), "MO": _l("Macao, China"), "TW": _l("Taiwan, China")}


class DayField(DateField):
    """A date of our times; anything else is refused in words everybody understands."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        try:
            super().process_formdata(valuelist)
        except ValueError:
            raise ValueError(_l("Please choose a date, such as 2026-11-23.")) from None


def day_field(label: Any, *, hint: Any = "") -> Field:
    """A day that must be there."""
    return DayField(label, description=hint, validators=[InputRequired(_l("Please choose a date."))])


class FactsForm(EditingForm):
    """The centre's own facts."""

    name = text_field(_l("Name of the centre"), most=80)
    name_en = text_field(_l("Name in English"), most=120, required=False)
    address = text_field(_l("Address"), most=200, required=False)
    address_en = text_field(_l("Address in English"), most=200, required=False)
    desk_phone = text_field(_l("Phone of the front desk"), most=40, required=False)
    desk_hours = text_field(_l("Hours of the front desk"), most=120, required=False)
    desk_hours_en = text_field(_l("Hours of the front desk in English"), most=120, required=False)
    welcome = long_text_field(_l("Welcome on the home page"), most=600)
    welcome_en = long_text_field(_l("Welcome in English"), most=600)
    zone_name = text_field(_l("Time zone"), most=64, hint=_l("Such as Asia/Shanghai."))
    language_list = RadioField(_l("Languages"), validators=[InputRequired(_l("Please choose one."))])
    holiday_country = SelectField(_l("Country or region whose public holidays count"))
    confirm_days = IntegerField(
        _l("Within how many days the desk confirms a new account"),
        validators=[Optional(), NumberRange(min=1, max=30, message=_l("A number from %(min)s to %(max)s, please."))],
    )
    provisional_bookings = BooleanField(
        _l("New accounts may book before the desk has confirmed them"),
        description=_l("Such a booking waits for approval, like a request."),
    )
    keep_signed_in = BooleanField(
        _l("Residents may stay signed in for 30 days on their own phone"),
        description=_l("They tick a box when they sign in. Never for staff, leads, editors and who checks people in."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.language_list.choices = [
            ("zh,en", _l("%(first)s first, %(second)s also", first=LANGUAGE_NAMES["zh"], second=LANGUAGE_NAMES["en"])),
            ("en,zh", _l("%(first)s first, %(second)s also", first=LANGUAGE_NAMES["en"], second=LANGUAGE_NAMES["zh"])),
            ("zh", _l("%(language)s only", language=LANGUAGE_NAMES["zh"])),
            ("en", _l("%(language)s only", language=LANGUAGE_NAMES["en"])),
        ]
        self.holiday_country.choices = country_choices()

    def facts(self) -> Facts:
        """The centre's facts as they were typed; without a number of days, the one that counts stays."""
        said: dict[str, Any] = {each.name: each.data or "" for each in self if each.name not in {"csrf_token", "seen"}}
        days = said.pop("confirm_days") or centre().confirm_days
        said.update({name: bool(said[name]) for name in ("provisional_bookings", "keep_signed_in")})
        return Facts(confirm_days=days, **said)


class CalendarDayForm(EditingForm):
    """What a day is, said by hand."""

    on_date = day_field(_l("Date"))
    kind = RadioField(_l("What is it?"), validators=[InputRequired(_l("Please choose one."))])
    counts_as = SelectField(
        _l("Which weekday's timetable holds, on a make-up working day"),
        description=_l("Schools and the after-school programme go by it."),
        coerce=str,
    )
    name = text_field(_l("Name"), most=80, required=False, hint=_l("Such as the name of the holiday."))
    name_en = text_field(_l("Name in English"), most=80, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind.choices = list(KINDS_OF_DAYS.items())
        weekdays = [(str(n), WEEKDAYS[n]) for n in range(7)]
        self.counts_as.choices = [("", _l("Not said")), *weekdays]

    @property
    def weekday(self) -> int | None:
        """The weekday that was chosen."""
        return int(self.counts_as.data) if self.counts_as.data else None


def country_choices() -> list[tuple[str, str]]:
    """Every country and region whose holidays are known, by name in the reader's language."""
    names = {**Locale.parse(str(get_locale() or "zh_Hans_CN")).territories, **OF_CHINA}
    return sorted(((code, f"{names.get(code, code)} ({code})") for code in countries()), key=lambda pair: pair[1])
