"""What can be said of one day of a child, as buttons: one press each. For guardians, and for staff whom they ring."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from wtforms import StringField, TimeField
from wtforms.validators import Optional

from center.afterschool import stays
from center.afterschool.collectors import listing
from center.afterschool.models.plans import Different, Stay, Way
from center.afterschool.models.terms import TermMode
from center.afterschool.plans import ways, weeks
from center.afterschool.plans.changes import AskedChange
from center.afterschool.plans.day_plans import Expected
from center.afterschool.plans.rules import FINAL, WhyNot
from center.afterschool.words import STAYS
from center.kernel.errors import RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.people import acting
from center.people.models import Person
from center.web.forms import BaseForm, id_of, text_field

COMES_ASKED = {WhyNot.NOT_THEIR_DAY, WhyNot.NO_SCHOOL}
ICONS = {each: "clock" if stays.HALVES[each] != stays.HALVES[Stay.WHOLE] else "calendar" for each in Stay}
LEAVES = time(17)  # proposed where the fixed week says nothing


@dataclass(frozen=True)
class Choice:
    """One button: what it sends, what it says, and its sign."""

    value: str
    label: str
    icon: str


class DayForm(BaseForm):
    """What is to be different on a day: the button that was pressed, and what goes with two of them."""

    refused_at: Mapping[str, str] = {"alone": "leaves"}  # type: ignore[misc]

    choice = StringField()
    leaves = TimeField(_l("Leaves at"), validators=[Optional()])
    bus_name = text_field(_l("Which bus"), most=ways.BUS_MOST, required=False)


@dataclass(frozen=True, kw_only=True)
class Choices:
    """What can be said of a day now, and what the form shows beside it."""

    simple: Sequence[Choice]
    may_walk: bool
    has_bus: bool
    stays: Sequence[Choice] = ()  # the other parts of a whole day

    @property
    def is_any(self) -> bool:
        """Whether anything can be said."""
        return bool(self.simple or self.may_walk or self.has_bus or self.stays)


def form_of(expected: Expected, make: Callable[..., DayForm] = DayForm) -> DayForm:
    """The form with the hour at which the child usually leaves, and their bus."""
    fixed = expected.fixed
    form = make(leaves=fixed.leaves if fixed and fixed.leaves else LEAVES, bus_name=fixed.bus if fixed else "")
    for field in (form.leaves, form.bus_name):
        field.flags.optional = False  # each belongs to a button, and is needed with it
    return form


def choices_of(expected: Expected) -> Choices:
    """What can be said of a day: leave it as usual, not come, come, or go home in another way."""
    if expected.why_not in FINAL:
        return Choices(simple=[], may_walk=False, has_bus=False)
    term, child, on = expected.day.term, expected.child, expected.day.on_date
    found = []
    if expected.change is not None and expected.change.what is not Different.USUAL:
        found.append(Choice("usual", _("As usual after all"), "undo"))
    if expected.comes:
        found.append(Choice("leave", _("Does not come"), "calendar-x"))
    elif term.mode is TermMode.AFTER_SCHOOL and expected.why_not in COMES_ASKED and expected.change is None:
        found.append(Choice("comes", _("Comes, although it is not one of their days"), "plus"))
    for adult in listing.may_collect(child, on):
        if adult.may_collect and not _is_named(expected, adult):
            value = f"guardian:{adult.person_id}" if adult.is_guardian else f"collector:{_id(adult)}"
            found.append(Choice(value, _("%(who)s collects", who=said(adult)), "person"))
    for sibling in ways.siblings_of(child, term=term, on=on):
        found.append(Choice(f"sibling:{sibling.id}", _("Goes with %(who)s", who=sibling.name), "people"))
    week = weeks.week_of(expected.enrolment).values()
    return Choices(
        simple=found,
        may_walk=ways.may_walk(child, term=term, on=on),
        has_bus=any(each.way is Way.BUS for each in week),
        stays=_stays(expected),
    )


def _stays(expected: Expected) -> list[Choice]:
    """For which other part of a whole day the child may come: also one who is on leave, or whose day it is not."""
    if expected.day.term.mode is not TermMode.FULL_DAY:
        return []
    others = [each for each in stays.IN_ORDER if each is not expected.stay]
    return [Choice(f"stay:{each}", str(STAYS[each]), ICONS[each]) for each in others]


def said(adult: listing.Adult) -> str:
    """An adult as a guardian calls them: 李奶奶（奶奶）."""
    if not adult.relation or adult.relation in adult.name:
        return adult.name
    return _("%(name)s (%(relation)s)", name=adult.name, relation=adult.relation)


def asked_of(form: DayForm, expected: Expected, *, by: Person, now: datetime) -> AskedChange:
    """What the pressed button asks for. Inside the transaction: a guardian who collects may need a row of their own."""
    what, _colon, number = (form.choice.data or "").partition(":")
    if what == "collector":
        return AskedChange(what=Different.COLLECTOR, collector=_collector(expected, id_of(number)))
    if what == "guardian":
        adults = listing.may_collect(expected.child, expected.day.on_date)
        mine = next((each for each in adults if each.is_guardian and each.person_id == id_of(number)), None)
        guardian = next((each for each in _guardians(expected, now) if mine and each.id == mine.person_id), None)
        if mine is None or guardian is None:
            raise _unknown()
        row = listing.row_of_guardian(expected.child, guardian, relation=mine.relation, by=by, now=now)
        return AskedChange(what=Different.COLLECTOR, collector=row)
    if what == "sibling":
        return AskedChange(what=Different.SIBLING, sibling_id=id_of(number))
    if what == "alone":
        return AskedChange(what=Different.ALONE, leaves=form.leaves.data)
    if what == "bus":
        return AskedChange(what=Different.BUS, bus=form.bus_name.data or "")
    if what == "stay" and number in set(Stay):
        return AskedChange(what=Different.COMES, stay=Stay(number))
    if what in {Different.USUAL, Different.LEAVE, Different.COMES}:
        return AskedChange(what=Different(what))
    raise _unknown()


def _collector(expected: Expected, number: int | None) -> Any:
    adults = listing.may_collect(expected.child, expected.day.on_date)
    found = next((each.collector for each in adults if each.collector and each.collector.id == number), None)
    if found is None:
        raise _unknown()
    return found


def _guardians(expected: Expected, now: datetime) -> list[Person]:
    return [each.guardian for each in acting.guardians_of(expected.child, on=local_date(now))]


def _is_named(expected: Expected, adult: listing.Adult) -> bool:
    return expected.collector is not None and expected.collector.id == _id(adult)


def _id(adult: listing.Adult) -> int | None:
    return adult.collector.id if adult.collector else None


def _unknown() -> RuleBroken:
    return RuleBroken(_l("Please choose what is different on this day."))
