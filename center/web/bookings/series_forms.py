"""The form of a series: the booking form's questions, and how often. Shape only; the rule book decides."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from wtforms import DateField, Field, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, Optional, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from center.bookings.models import Channel
from center.bookings.rulebook.rule_words import WAITS
from center.bookings.series.planning import SeriesChange, SeriesRequest
from center.bookings.series.words import FREQUENCIES, NTH_WORDS
from center.kernel.clock import can_be_shown
from center.kernel.i18n import format_clock, format_minutes
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import MOST_DATES, NTHS, Frequency, Repeat
from center.kernel.sealed import Difference
from center.rooms.labels import WEEKDAYS
from center.rooms.models import Room
from center.web.bookings.declining import DeclineForm
from center.web.bookings.forms import (
    NEED_LENGTH,
    BookingForm,
    Choices,
    ElderBookingForm,
    LengthPart,
    OpenRadio,
    coerce_day,
    length_field,
    people_field,
    start_field,
    times_field,
)
from center.web.editing import EditingForm
from center.web.forms import long_text_field, text_field

CHOICE = "choice-"  # what the names of the choices for single dates begin with
_A_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))


def choices_in(values: Mapping[str, str]) -> dict[date, str]:
    """What was chosen for each date."""
    days = {name: day_chosen(name) for name in values}
    return {day: values[name] for name, day in days.items() if day is not None}


def day_chosen(name: str) -> date | None:
    """The date that a field of this name says something about; None for any other field."""
    try:
        return date.fromisoformat(name.removeprefix(CHOICE)) if name.startswith(CHOICE) else None
    except ValueError:
        return None


class RepeatForm(BookingForm):
    """Everything about a series on one page."""

    frequency = RadioField(
        _l("How often"),
        choices=[(each.value, words) for each, words in FREQUENCIES.items()],
        default=Frequency.WEEKLY.value,
    )
    weekdays = SelectMultipleField(
        _l("On which weekdays"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS[:7])),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    nth = SelectField(
        _l("Which one of the month"),
        coerce=int,
        choices=[(nth, NTH_WORDS[nth]) for nth in NTHS],
        default=1,
        description=_l("Counts only where it comes every month."),
    )
    date = DateField(_l("From which day on"), validators=[_A_DAY])
    until = DateField(_l("Until which day"), description=_l("The last day that may be booked."))
    count = IntegerField(
        _l("Or how many times"),
        validators=[
            Optional(),
            NumberRange(1, MOST_DATES, message=_l("A number from %(min)s to %(max)s, please.")),
        ],
    )

    def validate_weekdays(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(_l("Please choose at least one weekday."))

    def validate_until(self, field: Field) -> None:
        """One of the two ends is needed: a last day, or how many times."""
        if not any(field.raw_data or ()):
            field.errors = []  # the other of the two ends may do instead
        if field.data is None and self.count.data is None and not field.errors:
            raise StopValidation(_l("Please say until which day, or how many times."))
        if field.data and self.date.data and field.data < self.date.data:
            raise StopValidation(_l("The last day must not lie before the first."))

    # Only the list of the best times goes by it, where no weekday is chosen.
    times = times_field()

    @property
    def repeat(self) -> Repeat | None:
        """The rule that is asked for, once it makes sense."""
        first, weekdays = self.date.data, self.weekdays.data
        if not (can_be_shown(first) and weekdays):
            return None
        if self.frequency.data not in set(Frequency):
            return None
        frequency = Frequency(self.frequency.data)
        nth = self.nth.data if frequency is Frequency.MONTHLY else None
        ends = {"until": self.until.data, "count": self.count.data}
        return Repeat(frequency=frequency, weekdays=tuple(sorted(weekdays)), nth=nth, first_on=first, **ends)

    def as_series(self, room: Room, channel: Channel) -> SeriesRequest:
        """What was asked for, once the form is valid."""
        repeat, starts, minutes = self.repeat, self.start.data, self.length
        assert repeat is not None
        assert starts is not None
        assert minutes is not None
        return SeriesRequest(
            room=room,
            repeat=repeat,
            starts=starts,
            minutes=minutes,
            people=self.people.data,
            purpose=self.purpose.data,
            note=self.note.data or "",
            purpose_id=self.kind.data if self.kind.choices else None,
            request_key=self.request_key.data,
            channel=channel,
            waits=self.seen_waits,
        )


class ElderRepeatForm(RepeatForm):
    """The same questions, one a page with large buttons."""

    date = OpenRadio(_l("From which day on?"), coerce=coerce_day, validate_choice=False, validators=[_A_DAY])
    until = OpenRadio(_l("For how long?"), coerce=coerce_day, validate_choice=False, validators=[])
    start, kind, party = ElderBookingForm.start, ElderBookingForm.kind, ElderBookingForm.party
    minutes = OpenRadio(_l("How long each time?"), coerce=int, validate_choice=False, validators=[NEED_LENGTH])
    nth = OpenRadio(
        _l("Which one of the month?"),
        coerce=int,
        choices=[(nth, NTH_WORDS[nth]) for nth in NTHS],
        default=1,
        validate_choice=False,
    )
    purpose = text_field(_l("What is it for?"), most=80, hint=_l("For example: drum rehearsal, chess, singing."))

    def offer_days(self, firsts: list[tuple[str, Any]], ends: list[tuple[str, Any]]) -> None:
        """The first and last days that can be chosen."""
        self.date.choices, self.until.choices = firsts, ends


class ChangeSeriesForm(LengthPart, EditingForm):
    """How dates of a series are to be from now on."""

    waits = HiddenField()  # whether the page said that somebody must agree to what moves
    on = DateField(_l("Day"), validators=[_A_DAY])
    room = SelectField(_l("Room"))
    start, minutes, people = start_field(), length_field(), people_field()
    purpose = text_field(_l("What for"), most=80)
    note = long_text_field(_l("Anything the staff should know"), most=300)
    until = DateField(_l("Until which day"), validators=[InputRequired(_l("Please choose the last day."))])
    override_reason = text_field(
        _l("Why you book it all the same"), most=120, required=False, hint=_l("It is kept in the booking's history.")
    )

    def offer(self, choices: Choices, rooms: list[tuple[str, str]]) -> None:
        """Fill in what can be chosen, keeping whatever was typed among the choices."""
        starts = sorted({*choices.starts, *([self.start.data] if self.start.data is not None else [])})
        lengths = sorted({*choices.lengths, *([self.length] if self.length else [])})
        self.start.choices = [(clock.strftime("%H:%M"), format_clock(clock)) for clock in starts]
        self.minutes.choices = [(each, format_minutes(each)) for each in lengths]
        self.room.choices = rooms

    def say_waits(self, waits: bool) -> None:
        """The page says whether somebody must agree; where that is not what it said before, the change is marked."""
        was = self.waits.data
        self.waits.data = str(waits)
        if was and was != str(waits):
            self.changed = [*self.changed, Difference("waits", _("Approval"), str(WAITS[not waits]), str(WAITS[waits]))]

    def as_change(self, room: Room, *, only: bool) -> SeriesChange:
        """What was asked for, once the form is valid."""
        starts, minutes = self.start.data, self.minutes.data
        assert starts is not None
        assert minutes is not None
        return SeriesChange(
            room=room,
            starts=starts,
            minutes=minutes,
            people=self.people.data,
            purpose=self.purpose.data,
            note=self.note.data or "",
            until=None if only else self.until.data,
            on=self.on.data if only else None,
            waits=self.waits.data or None,
        )


class ElderChangeSeriesForm(ChangeSeriesForm):
    """The same questions, one a page with large buttons."""

    on = DateField(_l("Which day?"), validators=[_A_DAY])
    room = RadioField(_l("Which room?"))
    start, minutes, purpose = ElderRepeatForm.start, ElderRepeatForm.minutes, ElderRepeatForm.purpose


class DecideSeriesForm(DeclineForm):
    """Agreeing to a series; a reason where some of its dates are declined."""
