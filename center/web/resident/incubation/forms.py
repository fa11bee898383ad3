"""The forms of applicants."""

from typing import Any

from wtforms import IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange

from center.incubator.models.incubations import IncubationApplication, IncubationForm
from center.incubator.stages.applying import ApplicationFacts
from center.incubator.stages.words import FORM_NAMES
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import OrganisationKind
from center.organisations.words import KIND_NAMES
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, long_text_field, text_field

MOST = 100_000
KINDS = [
    (kind.value, name)
    for kind, name in KIND_NAMES.items()
    if kind not in {OrganisationKind.CENTRE, OrganisationKind.DEPARTMENT}
]
TEXTS = ("purpose", "serves", "plan", "money", "premises")
NUMBERS = ("founders", "members", "seats", "room_hours")


def _number(label: Any, *, least: int, most: int, hint: Any = "") -> IntegerField:
    rules = [InputRequired(_l("Please fill this in.")), NumberRange(least, most)]
    return IntegerField(label, description=hint, validators=rules)


def _choice(label: Any, choices: Any) -> RadioField:
    return RadioField(label, choices=choices, validators=[InputRequired(_l("Please choose one of these."))])


class OfItself:
    """What an organisation says of itself, whenever it says it."""

    purpose = long_text_field(_l("What does it want to do?"), most=2000, required=True)
    serves = long_text_field(_l("Whom is it for?"), most=1000)
    plan = long_text_field(_l("What does it do in its first year?"), most=3000)
    money = long_text_field(_l("What does it live on?"), most=1000)
    premises = text_field(_l("Where is it now?"), most=200, required=False)
    founders = _number(_l("How many people found it?"), least=1, most=200, hint=_l("At least two."))
    members = _number(_l("How many members has it?"), least=1, most=MOST, hint=_l("At least ten."))
    form = _choice(_l("How is it to be in the incubator?"), [(each.value, name) for each, name in FORM_NAMES.items()])
    seats = _number(_l("How many desks does it wish for?"), least=0, most=50)
    room_hours = _number(_l("How many hours of rooms a week?"), least=0, most=80)


class ApplyForm(CreatingForm, OfItself):
    """A first application, asked step by step."""

    whose = SelectField(_l("For whom do you apply?"))
    name = text_field(_l("Name"), most=80, hint=_l("As it is to stand in the letter."))
    name_en = text_field(_l("Name in English"), most=120, required=False)
    kind = _choice(_l("What does it do?"), KINDS)
    about = long_text_field(_l("In one or two sentences"), most=600)


class EditForm(EditingForm, OfItself):
    """The same, said otherwise before it is under review."""


class ReasonForm(BaseForm):
    """Why something is asked for."""

    reason = long_text_field(_l("Why?"), most=1000, required=True)


class TakeBackForm(BaseForm):
    """Why an application is taken back, if they wish to say."""

    reason = long_text_field(_l("Why?"), most=1000)


def facts_of(form: ApplyForm | EditForm) -> ApplicationFacts:
    """What was filled in."""
    values: dict[str, Any] = {name: form[name].data or "" for name in TEXTS}
    values |= {name: form[name].data or 0 for name in NUMBERS}
    return ApplicationFacts(**values)


def form_of(form: ApplyForm | EditForm) -> IncubationForm:
    """How it is to be in the incubator."""
    return IncubationForm(form.form.data)


def values_of(application: IncubationApplication, form: IncubationForm) -> dict[str, Any]:
    """What the form shows of what was said."""
    return {**{name: getattr(application, name) for name in (*TEXTS, *NUMBERS)}, "form": form.value}
