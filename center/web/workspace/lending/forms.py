"""Forms of costumes and props."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from flask_wtf.file import FileField
from wtforms import BooleanField, DateField, Field, IntegerField, RadioField, SelectField
from wtforms.validators import InputRequired, NumberRange, Optional

from center.kernel.errors import RuleBroken
from center.kernel.i18n import centre_zone, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.organisations.models import Organisation
from center.troupes.lending.loans import LoanItem
from center.troupes.lending.rules import MOST_PIECES
from center.troupes.lending.stock import ThingFacts
from center.troupes.lending.words import THING_KINDS
from center.troupes.models.lending import Thing, ThingKind, ThingUnit
from center.troupes.models.troupes import TroupeMember
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, FilterForm, long_text_field, text_field
from center.web.troupes.fields import many

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))
USUALLY = timedelta(days=5)  # 服装借用一般为五天
LABELS = _l("For numbered pieces: the numbers that stand on them, one after the other with spaces, such as “1 2 3”.")


@dataclass(frozen=True, kw_only=True)
class Free:
    """A thing, and what of it can be promised for the time asked for."""

    thing: Thing
    count: int
    units: Sequence[ThingUnit]
    here: int  # with the troupe now, whoever it is promised to
    late: int


def _labels() -> Field:
    return text_field(_l("Numbers"), most=1000, required=False, hint=LABELS)


def _quantity() -> Field:
    return IntegerField(
        _l("How many"),
        description=_l("For things that are alike and not numbered, such as fans."),
        validators=[Optional(), NumberRange(min=1, max=MOST_PIECES)],
    )


def labels_in(text: str | None) -> list[str]:
    """The numbers somebody typed; raises RuleBroken for one that is too long."""
    found = (text or "").replace("，", " ").replace(",", " ").replace("、", " ").split()
    if any(len(label) > 20 for label in found):
        raise RuleBroken(_l("At most 20 characters for each number, please."), field="labels")
    return found


class ThingForm(EditingForm):
    """What a thing is called and where it is kept."""

    kind = SelectField(_l("Kind"), coerce=ThingKind, choices=list(THING_KINDS.items()))
    name = text_field(_l("Name"), most=60, hint=_l("“Red Hubei drum”, “Folk dress, green”."))
    name_en = text_field(_l("Name in English"), most=80, required=False)
    kept_at = text_field(_l("Where it is kept"), most=80, required=False, hint=_l("“Cupboard 3, upper shelf”."))
    is_retired = BooleanField(_l("It is lent no more"))

    def facts(self) -> ThingFacts:
        """What was typed."""
        return ThingFacts(
            kind=self.kind.data,
            name=self.name.data,
            name_en=self.name_en.data or "",
            kept_at=self.kept_at.data or "",
        )

    @staticmethod
    def values_of(thing: Thing) -> dict[str, Any]:
        """What the form shows of a thing."""
        return {name: getattr(thing, name) for name in ("kind", "name", "name_en", "kept_at", "is_retired")}


class NewThingForm(CreatingForm, ThingForm):
    """One more thing, with how many there are of it."""

    labels = _labels()
    quantity = _quantity()


class MoreForm(CreatingForm):
    """More of a thing that is there."""

    labels = _labels()
    quantity = _quantity()

    def fit(self, thing: Thing) -> None:
        """Ask for numbers, or for how many, as the thing is counted."""
        del self["quantity" if thing.is_numbered else "labels"]


class CountForm(BaseForm):
    """How many pieces, and what became of them."""

    what = RadioField(
        _l("What became of them"),
        choices=[
            ("repaired", _l("Damaged ones are repaired")),
            ("found", _l("Lost ones are found")),
            ("gone", _l("Some are there no more")),
        ],
    )
    count = IntegerField(_l("How many"), validators=[InputRequired(), NumberRange(min=1, max=MOST_PIECES)])
    why = text_field(_l("Why"), most=200, required=False)


class WhyForm(BaseForm):
    """Why a piece is taken off the list."""

    why = text_field(_l("Why"), most=200, hint=_l("“Worn out”, “given away”."))


class WhenForm(FilterForm):
    """From which day until which one wants to lend."""

    any_day = False
    starts_on = DateField(_l("Lent from"), validators=[Optional()])
    due_on = DateField(_l("Back by the end of"), validators=[Optional()])


class LendForm(CreatingForm):
    """Who gets it and what for; what they get stands in fields of its own, one for each thing."""

    person = SelectField(_l("Member"), coerce=int)
    organisation = SelectField(_l("Or another organisation"), coerce=int)
    purpose = text_field(_l("What for"), most=120, required=False, hint=_l("“Performance at the old people's home”."))
    is_out = BooleanField(_l("They take it with them now"))

    def offer(self, members: Sequence[TroupeMember], organisations: Sequence[Organisation]) -> None:
        """Who can borrow."""
        nobody = [(0, _("Nobody"))]
        self.person.choices = [*nobody, *((each.person_id, each.person.name) for each in members)]
        self.organisation.choices = [
            *nobody,
            *((each.id, in_language(each.name, each.name_en)) for each in organisations),
        ]

    def wanted(self, free: Sequence[Free]) -> list[LoanItem]:
        """What was chosen."""
        found: list[LoanItem] = []
        for each in free:
            chosen: Any = self[name_for(each.thing)].data
            if each.thing.is_numbered:
                found += [LoanItem(thing_id=each.thing.id, unit_id=unit_id) for unit_id in chosen or ()]
            elif chosen:
                found.append(LoanItem(thing_id=each.thing.id, count=chosen))
        return found


def name_for(thing: Thing) -> str:
    """The name of the field in which one says how much of a thing."""
    return f"thing_{thing.id}"


def lend_form(free: Sequence[Free]) -> LendForm:
    """The form with a field for each thing of which something is free."""
    fields: dict[str, Any] = {}
    for each in free:
        label = in_language(each.thing.name, each.thing.name_en)
        if each.thing.is_numbered:
            fields[name_for(each.thing)] = many(label)
        else:
            validators = [Optional(), NumberRange(min=0, max=each.count)]
            hint = _("%(num)s are free", num=each.count)
            fields[name_for(each.thing)] = IntegerField(label, description=hint, validators=validators)
    form: LendForm = type("LendFormOfTroupe", (LendForm,), fields)()
    for each in free:
        if each.thing.is_numbered:
            form[name_for(each.thing)].choices = [(unit.id, unit.label) for unit in each.units]
    return form


class LongerForm(BaseForm):
    """Until when it may be kept now."""

    due_on = DateField(_l("Back by the end of"), validators=[NEED_DAY])


class BackForm(BaseForm):
    """How something came back, once it was looked at."""

    damaged = IntegerField(_l("Damaged"), default=0, validators=[InputRequired(), NumberRange(min=0, max=MOST_PIECES)])
    lost = IntegerField(_l("Not there"), default=0, validators=[InputRequired(), NumberRange(min=0, max=MOST_PIECES)])
    note = long_text_field(_l("What is wrong with it"), most=200)
    photo = FileField(_l("Photo of it"), description=_l("If you like. JPEG, PNG or WebP, of at most 24 MB."))


def first_moment(day: date, *, now: datetime) -> datetime:
    """When a loan that begins on a day begins: now, or at the beginning of the day."""
    return max(now, datetime.combine(day, time(0), centre_zone()))


def last_moment(day: date) -> datetime:
    """The end of a day: by then it is back."""
    return datetime.combine(day + timedelta(days=1), time(0), centre_zone())


def can_take_now(form: LendForm) -> bool:
    """Whether they take it with them at once."""
    return bool(form.is_out is not None and form.is_out.data)
