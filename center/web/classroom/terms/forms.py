"""Forms of terms, schools, classes, days, rules and enrolment."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Any

from wtforms import BooleanField, DateField, DateTimeLocalField, Field, RadioField, SelectField, TimeField
from wtforms.validators import InputRequired, Optional

from center.afterschool.models.terms import CareClass, School, Term, TermMode
from center.afterschool.terms.making import Enrolling, TermFacts
from center.afterschool.terms.schools import ClassFacts, SchoolFacts
from center.afterschool.words import TERM_MODES
from center.kernel.i18n import centre_zone
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.labels import WEEKDAYS
from center.rooms.models import Room
from center.signups.models import Mode
from center.web.editing import EditingForm
from center.web.forms import BaseForm, CreatingForm, text_field
from center.web.rooms.forms import number_field

NEED_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))
NEED_TIME = InputRequired(_l("Please write a time such as 14:30."))


class TermPart(BaseForm):
    """What a term is."""

    name = text_field(_l("Name"), most=60, hint=_l("Such as: autumn term 2026."))
    name_en = text_field(_l("Name in English"), most=80, required=False)
    mode = RadioField(_l("What kind of term"), choices=[(each.value, TERM_MODES[each]) for each in TermMode])
    first_on = DateField(_l("First day"), validators=[NEED_DAY])
    last_on = DateField(_l("Last day"), validators=[NEED_DAY])
    room_id = SelectField(_l("Room"), coerce=int)
    opens = TimeField(_l("From"), description=_l("From then on the room is the programme's."), validators=[NEED_TIME])
    closes = TimeField(_l("Until"), description=_l("A child who is here then is late."), validators=[NEED_TIME])
    lunch_from = TimeField(
        _l("Lunch from"), description=_l("Only where children are here all day."), validators=[Optional()]
    )
    lunch_until = TimeField(_l("Lunch until"), validators=[Optional()])
    cut_off = TimeField(
        _l("Until when families change a day themselves"),
        description=_l("On the day itself. After that they ring, and it is written down who rang."),
        validators=[NEED_TIME],
    )
    alarm_minutes = number_field(_l("After how many minutes a missing child is an alarm"), least=5, most=60)
    sibling_age = number_field(_l("From which age a brother or sister may take a child home"), least=10, most=18)
    alone_age = number_field(_l("From which age a child may go home alone"), least=6, most=18)
    children_per_adult = number_field(_l("At most how many children for each adult"), least=1, most=40)
    needs_first_aid = BooleanField(_l("Whoever is responsible or teaches needs a first aid course"))

    def offer(self, rooms: Sequence[Room]) -> "TermPart":
        """The rooms there are."""
        self.room_id.choices = [(each.id, each.full_name) for each in rooms]
        return self

    def facts(self) -> TermFacts:
        """What was typed."""
        said = {name: self[name].data for name in TermFacts.__dataclass_fields__}
        return TermFacts(**{**said, "mode": TermMode(said["mode"])})


class NewTermForm(TermPart, CreatingForm):
    """A new term."""


class EditTermForm(TermPart, EditingForm):
    """A term that is there."""


def usual_term() -> dict[str, Any]:
    """What a term usually is, to begin with."""
    return {
        "mode": TermMode.AFTER_SCHOOL.value,
        "opens": time(15),
        "closes": time(18),
        "cut_off": time(13),
        "alarm_minutes": 15,
        "sibling_age": 14,
        "alone_age": 10,
        "children_per_adult": 10,
        "needs_first_aid": True,
    }


def shown_term(term: Term) -> dict[str, Any]:
    """What a term is, as the form shows it."""
    facts = {name: getattr(term, name) for name in TermFacts.__dataclass_fields__}
    return {**facts, "mode": term.mode.value}


class SchoolPart(BaseForm):
    """What a school is called."""

    name = text_field(_l("Name of the school"), most=60)
    name_en = text_field(_l("Name in English"), most=80, required=False)
    phone = text_field(_l("Phone of its gate or office"), most=20, required=False)

    def facts(self) -> SchoolFacts:
        """What was typed."""
        return SchoolFacts(name=self.name.data, name_en=self.name_en.data or "", phone=self.phone.data or "")


class NewSchoolForm(SchoolPart, CreatingForm):
    """A new school."""


class EditSchoolForm(SchoolPart, EditingForm):
    """A school that is there."""


def shown_school(school: School) -> dict[str, Any]:
    """A school, as the form shows it."""
    return {"name": school.name, "name_en": school.name_en, "phone": school.phone}


def _ends(weekday: int) -> Field:
    return TimeField(WEEKDAYS[weekday], validators=[Optional()])


class SchoolHoursForm(EditingForm):
    """When a school ends on each weekday; empty: its children do not come that day."""

    day_0, day_1, day_2, day_3, day_4 = (_ends(n) for n in range(5))
    way_minutes = number_field(_l("Minutes from school to the centre"), least=0, most=120)

    def finishes(self) -> dict[int, time]:
        """When it ends, by weekday."""
        said = {n: self[f"day_{n}"].data for n in range(5)}
        return {n: each for n, each in said.items() if each is not None}


class SchoolDayForm(CreatingForm):
    """A date on which a school ends otherwise."""

    on_date = DateField(_l("Day"), validators=[NEED_DAY])
    finishes = TimeField(
        _l("School ends at"), description=_l("Leave it empty where there is no school."), validators=[Optional()]
    )
    reason = text_field(_l("Reason"), most=80, required=False, hint=_l("Such as: sports day."))


class ClassPart(BaseForm):
    """A class and the adults it needs."""

    name = text_field(_l("Name"), most=40)
    name_en = text_field(_l("Name in English"), most=60, required=False)
    capacity = number_field(_l("How many children"), least=1, most=200)
    responsible = number_field(_l("Of those responsible"), least=0, most=10)
    teachers = number_field(_l("Class teachers"), least=0, most=10)
    volunteers = number_field(_l("Volunteers"), least=0, most=20)
    guards = number_field(_l("Guards"), least=0, most=10)

    def facts(self) -> ClassFacts:
        """What was typed."""
        said = {name: self[name].data for name in ClassFacts.__dataclass_fields__}
        return ClassFacts(**{**said, "name_en": said["name_en"] or ""})


class NewClassForm(ClassPart, CreatingForm):
    """A new class."""


class EditClassForm(ClassPart, EditingForm):
    """A class that is there."""


def shown_class(care_class: CareClass | None) -> dict[str, Any]:
    """A class, as the form shows it; of a new one what it usually needs."""
    usual: Any = care_class or ClassFacts(name="")
    return {name: getattr(usual, name) for name in ClassFacts.__dataclass_fields__}


class EnrolmentForm(CreatingForm):
    """How places are given."""

    mode = RadioField(
        _l("How places are given"),
        choices=[
            (
                Mode.LOTTERY.value,
                _l("All who ask until a day are drawn by lot; those with a reason for priority first"),
            ),
            (Mode.FIRST_COME.value, _l("In the order in which they are asked for")),
        ],
    )
    opens_at = DateTimeLocalField(
        _l("From when on places can be asked for"),
        format="%Y-%m-%dT%H:%M",
        description=_l("Leave it empty for now on."),
        validators=[Optional()],
    )
    closes_at = DateTimeLocalField(
        _l("Until when"),
        format="%Y-%m-%dT%H:%M",
        description=_l("Of a lottery: lots are drawn then."),
        validators=[Optional()],
    )
    capacity = number_field(_l("How many places"), least=1, most=500)
    offer_hours = number_field(
        _l("How many hours a place that becomes free is held for whoever waits"), least=1, most=168
    )

    def how(self) -> Enrolling:
        """What was typed."""
        opens, closes = (_moment(each.data) for each in (self.opens_at, self.closes_at))
        return Enrolling(
            mode=Mode(self.mode.data),
            opens_at=opens,
            closes_at=closes,
            capacity=self.capacity.data,
            offer_minutes=self.offer_hours.data * 60,
        )


class PlanForm(CreatingForm):
    """The days of a term before it has the room; and one that the calendar does not name."""

    more_on = DateField(_l("One more day"), validators=[Optional()])
    more_as = SelectField(_l("Counts as"), coerce=int, choices=[(n, WEEKDAYS[n]) for n in range(7)])


class DayPart(BaseForm):
    """A day, as which weekday it counts, and in which room."""

    on = DateField(_l("Day"), validators=[NEED_DAY])
    counts_as = SelectField(
        _l("Counts as"),
        coerce=int,
        choices=[(n, WEEKDAYS[n]) for n in range(7)],
        description=_l("Schools' hours and the children's weeks of that weekday hold."),
    )
    room_id = SelectField(_l("Room"), coerce=int)

    def offer(self, rooms: Sequence[Room]) -> "DayPart":
        """The rooms there are."""
        self.room_id.choices = [(each.id, each.full_name) for each in rooms]
        return self


class NewDayForm(DayPart, CreatingForm):
    """One more day."""


class MoveDayForm(DayPart, EditingForm):
    """A day held at another time."""

    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("The families read it."))


class ReasonForm(BaseForm):
    """Why something is done."""

    reason = text_field(_l("Reason"), most=200)


def _moment(typed: datetime | None) -> datetime | None:
    return typed.replace(tzinfo=centre_zone()) if typed else None


def day_of(text: str) -> date | None:
    """A day as it stands in an address."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
