"""The parts of the forms of activities: what it is, when, how places are given, how many there are."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import (
    BooleanField,
    DateField,
    DateTimeLocalField,
    Field,
    RadioField,
    SelectField,
    TimeField,
)
from wtforms.validators import InputRequired, Optional

from center.activities.actions import ActivityFacts
from center.activities.models import ActivityKind
from center.activities.rules import MOST_SESSIONS, spans_of_days
from center.activities.words import ACCESS_NAMES
from center.kernel import clock
from center.kernel.i18n import centre_zone, in_language, local_date
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency, Repeat, dates_of
from center.kernel.spans import LocalSpan, Span
from center.rooms.labels import WEEKDAYS
from center.rooms.models import Room
from center.signups.models import Mode
from center.signups.posting.actions import Places
from center.signups.posting.words import FOR_WHOM, MODES, PATTERNS, ForWhom, Pattern
from center.web.activities.field_kinds import boxes, ends_before, number
from center.web.activities.kept_forms import KeptPart
from center.web.forms import BaseForm, long_text_field, text_field

_DAY = re.compile(r"(\d{4})\D{1,3}(\d{1,2})\D{1,3}(\d{1,2})\D?")


def days_in(text: str) -> list[date]:
    """The days of a list, one a line: 2026-12-01, 2026/12/1 or 2026年12月1日; raises ValueError with a wrong line."""
    days = []
    for line in filter(None, (line.strip() for line in text.split("\n"))):
        found = _DAY.fullmatch(line)
        try:
            day = date(*(int(part) for part in found.groups())) if found else None
        except ValueError:
            day = None
        if day is None:
            raise ValueError(line)
        days.append(day)
    return days


class AboutPart(BaseForm):
    """What an activity is."""

    kind_id = SelectField(_l("Kind"), coerce=int)
    title = text_field(_l("Title"), most=80)
    title_en = text_field(_l("Title in English"), most=120, required=False)
    summary = text_field(_l("In one sentence"), most=200, hint=_l("What people read in the list."))
    summary_en = text_field(_l("In one sentence, in English"), most=300, required=False)
    about = long_text_field(_l("More about it"), most=3000)
    about_en = long_text_field(_l("More about it, in English"), most=3000)
    bring = text_field(_l("Bring along"), most=300, required=False)
    fee = text_field(_l("Costs"), most=80, required=False, hint=_l("Leave it empty where it is free of charge."))
    contact = text_field(
        _l("Whom to ask"), most=120, required=False, hint=_l("Everybody reads this. Left empty, people ask the desk.")
    )
    age_from = number(_l("From which age"), least=0, most=120)
    age_to = number(_l("To which age"), least=0, most=120)
    access = boxes(_l("Access"), choices=list(ACCESS_NAMES.items()))
    place = text_field(
        _l("Place, if not in a room of the centre"), most=120, required=False, hint=_l("Such as: gate of the park.")
    )
    place_en = text_field(_l("Place in English"), most=160, required=False)

    def offer_kinds(self, kinds: Sequence[ActivityKind]) -> None:
        """The kinds that can be chosen."""
        self.kind_id.choices = [(kind.id, in_language(kind.name, kind.name_en)) for kind in kinds]

    def validate_age_to(self, field: Field) -> None:
        """No age is asked for that nobody can have."""
        low = self.age_from.data
        if field.data is not None and low is not None and field.data < low:
            field.errors = [*field.errors, _l("The upper age is below the lower one.")]

    def validate(self, extra_validators: Any = None) -> bool:
        return bool(super().validate(extra_validators) and not self.age_to.errors)

    def facts(self, expected: int) -> ActivityFacts:
        """What was typed, once the form is valid."""
        texts = ("title", "title_en", "summary", "summary_en", "about", "about_en", "bring", "fee", "contact")
        values: dict[str, Any] = {name: self._fields[name].data or "" for name in (*texts, "place", "place_en")}
        values |= {name: name in (self.access.data or ()) for name in ACCESS_NAMES}
        values |= {"age_from": self.age_from.data, "age_to": self.age_to.data}
        return ActivityFacts(kind_id=self.kind_id.data, expected=expected, **values)


class WhenPart(BaseForm):
    """When and where it happens."""

    room = SelectField(_l("Room"))
    pattern = RadioField(
        _l("When"), choices=[(each.value, words) for each, words in PATTERNS.items()], default=Pattern.ONE.value
    )
    date = DateField(_l("Day"), description=_l("The only day, or the first of a weekly rule."), validators=[Optional()])
    dates = long_text_field(_l("Days of the list"), most=3000, hint=_l("One a line, such as 2026-12-01."))
    weekdays = boxes(_l("On which weekdays"), coerce=int, choices=list(enumerate(WEEKDAYS[:7])))
    every_weeks = SelectField(
        _l("How often"), coerce=int, choices=[(1, _l("Every week")), (2, _l("Every second week"))], default=1
    )
    until = DateField(_l("Until which day"), validators=[Optional()])
    start = TimeField(_l("From"), validators=[InputRequired(_l("Please write a time such as 14:30."))])
    end = TimeField(_l("To"), validators=[InputRequired(_l("Please write a time such as 14:30."))])

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in (self.date, self.dates, self.until):
            field.flags.optional = False  # it is needed for the pattern that opens it

    def offer_rooms(self, rooms: Sequence[Room]) -> None:
        """The rooms that can be chosen, and none for a place outside."""
        named = [
            (
                room.code,
                _l("%(room)s, up to %(num)d people", room=in_language(room.name, room.name_en), num=room.capacity),
            )
            for room in rooms
        ]
        self.room.choices = [("", _l("No room of the centre: at the place below")), *named]

    def validate(self, extra_validators: Any = None) -> bool:
        """The dates' own faults stand beside their fields."""
        is_valid = super().validate(extra_validators)
        faults = self.faults()
        for field, words in faults:
            field.errors = [*field.errors, words]
        return is_valid and not faults

    def faults(self) -> list[tuple[Field, Any]]:
        """What is wrong with the days and hours taken together, each with its field."""
        faults: list[tuple[Field, Any]] = []
        pattern = self.pattern.data
        if pattern == Pattern.LIST:
            try:
                found, today = days_in(self.dates.data or ""), local_date(clock.now())
                if not found:
                    faults.append((self.dates, _l("Please write at least one day.")))
                wrong_years = (clock.refusal_of_day(day, today=today) for day in found)
                faults += [(self.dates, error.message) for error in wrong_years if error]
            except ValueError as wrong:
                faults.append((self.dates, _l("“%(line)s” is no day such as 2026-12-01.", line=str(wrong)[:40])))
        elif not self.date.errors and not self.date.data:
            faults.append((self.date, _l("Please choose a day, such as 2026-11-24.")))
        if pattern == Pattern.WEEKLY:
            faults += self._weekly_faults()
        if ends_before(self.start.data, self.end.data):
            faults.append((self.end, _l("It must end after it begins.")))
        return faults

    def _weekly_faults(self) -> list[tuple[Field, Any]]:
        faults: list[tuple[Field, Any]] = []
        if not self.weekdays.data:
            faults.append((self.weekdays, _l("Please choose at least one weekday.")))
        if not self.until.errors and self.until.data is None:
            faults.append((self.until, _l("Please choose the last day.")))
        elif self.until.data and self.date.data and self.until.data < self.date.data:
            faults.append((self.until, _l("The last day must not lie before the first.")))
        return faults

    def spans(self) -> list[Span]:
        """The times that are meant, once the form is valid; raises RuleBroken where there are none or too many."""
        if self.pattern.data == Pattern.LIST:
            days = days_in(self.dates.data)
        elif self.pattern.data == Pattern.ONE:
            days = [self.date.data]
        else:
            days = dates_of(self._repeat(), most=MOST_SESSIONS + 1)
        return spans_of_days(days, LocalSpan(self.start.data, self.end.data), centre_zone())

    def _repeat(self) -> Repeat:
        return Repeat(
            frequency=Frequency.FORTNIGHTLY if self.every_weeks.data == 2 else Frequency.WEEKLY,
            weekdays=tuple(self.weekdays.data),
            first_on=self.date.data,
            until=self.until.data,
        )


class GivingPart(BaseForm):
    """How places are given."""

    mode = RadioField(
        _l("How places are given"),
        choices=[(each.value, words) for each, words in MODES.items()],
        default=Mode.FIRST_COME.value,
    )
    for_whom = RadioField(
        _l("Who may sign up"),
        choices=[(each.value, words) for each, words in FOR_WHOM.items()],
        default=ForWhom.EVERYBODY.value,
    )
    ages_bind = BooleanField(
        _l("Only people of these ages may sign up"), description=_l("Else the ages are advice for whoever reads them.")
    )
    guardian_below = number(
        _l("A guardian signs up whoever is younger than"), least=1, most=18, hint=_l("Leave it empty if not needed.")
    )
    opens_at = DateTimeLocalField(
        _l("Sign-up opens"),
        format="%Y-%m-%dT%H:%M",
        description=_l("Leave it empty to open as soon as it is published."),
        validators=[Optional()],
    )
    closes_hours = number(
        _l("Sign-up closes how many hours before it begins"),
        least=0,
        most=24 * 60,
        default=0,
        hint=_l("0: when it begins."),
    )
    cancel_hours = number(
        _l("Until how many hours before may people cancel without a word"), least=0, most=24 * 30, default=24
    )
    release_hours = number(_l("Kept places are for everybody how many hours before"), least=0, most=24 * 30, default=24)
    has_waiting_list = BooleanField(_l("Waiting list"), description=_l("Freed places go to those who wait, in order."))


class PlacesPart(GivingPart, KeptPart):
    """How many places there are, and for whom some of them are kept."""

    capacity = number(_l("How many places"), least=0, most=5000, default=20)
    elders = number(_l("Of these, kept for people of 60 and older"), least=0, most=5000, default=0)
    desk = number(_l("Of these, kept for the desk and the phone"), least=0, most=5000, default=0)
    wheelchair = number(_l("Of these, for wheelchairs"), least=0, most=5000, default=0)
    companions = number(
        _l("Companion seats besides"), least=0, most=5000, default=0, hint=_l("They do not count among the places.")
    )
    volunteers = number(
        _l("Volunteers wanted"), least=0, most=500, default=0, hint=_l("They sign up on a list of their own.")
    )
    per_session = RadioField(
        _l("Where there are several dates"),
        choices=[("0", _l("One sign-up is for all of them")), ("1", _l("People sign up for each date"))],
        default="0",
    )

    def validate(self, extra_validators: Any = None) -> bool:
        """No more places are kept than there are."""
        is_valid = super().validate(extra_validators)
        return self.keeps_no_more() and is_valid

    def keeps_no_more(self) -> bool:
        """Whether no more places are kept than there are; else the number of places says so."""
        numbers = [self.capacity.data, self.elders.data, self.desk.data, self.wheelchair.data]
        kept = sum(each for each in numbers[1:] if isinstance(each, int)) + self.kept_places()
        if not all(isinstance(each, int) for each in numbers) or kept <= numbers[0]:
            return True
        words = _l("More places are kept than there are: %(kept)s of %(all)s.", kept=kept, all=numbers[0])
        self.capacity.errors = [*self.capacity.errors, words]
        return False

    def places(self) -> Places:
        """What was asked for, once the form is valid."""
        opens = self.opens_at.data
        names = ("capacity", "elders", "desk", "wheelchair", "companions", "volunteers")
        return Places(
            **{name: self._fields[name].data for name in names},
            **giving_of(self),
            kept=self.kept(),
            per_session=self.per_session.data == "1",
            opens_at=opens.replace(tzinfo=centre_zone()) if opens else None,
        )


def giving_of(form: GivingPart) -> dict[str, Any]:
    """How places are given, as `Places` takes it; without the opening."""
    hours = ("closes_hours", "cancel_hours", "release_hours")
    return {
        "mode": Mode(form.mode.data),
        "residents_only": form.for_whom.data == ForWhom.RESIDENTS,
        "access_need_only": form.for_whom.data == ForWhom.ACCESS_NEED,
        "ages_bind": form.ages_bind.data,
        "guardian_below": form.guardian_below.data,
        "has_waiting_list": form.has_waiting_list.data,
        **{name: form._fields[name].data for name in hours},
    }
