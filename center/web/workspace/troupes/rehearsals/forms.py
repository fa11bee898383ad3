"""The forms of rehearsals: a term, one more, one that is moved or skipped."""

from collections.abc import Sequence
from datetime import time
from typing import Any

from wtforms import DateField, Field, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from center.kernel.clock import can_be_shown
from center.kernel.i18n import centre_zone, format_clock, format_minutes
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.recurrence import Frequency, Repeat, is_too_long
from center.kernel.spans import Span, span_of
from center.rooms.labels import WEEKDAYS
from center.rooms.models import Room
from center.troupes.models.seasons import Season
from center.web.bookings.forms import NEED_LENGTH, NEED_START, OpenRadio, OpenSelect, coerce_clock, times_field
from center.web.forms import BaseForm, CreatingForm, text_field

LENGTHS = (60, 90, 120, 150, 180)
USUAL_LENGTH = 120
A_DAY = InputRequired(_l("Please choose a day, such as 2026-11-24."))
FREQUENCIES = ((Frequency.WEEKLY.value, _l("Every week")), (Frequency.FORTNIGHTLY.value, _l("Every second week")))


class TermForm(BaseForm):
    """The rehearsals of a term on one page: where, on which weekdays, from when until when, how long."""

    room = SelectField(_l("Room"), validate_choice=False)
    weekdays = SelectMultipleField(
        _l("On which weekdays"),
        coerce=int,
        choices=list(enumerate(WEEKDAYS[:7])),
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    frequency = RadioField(_l("How often"), choices=FREQUENCIES, default=Frequency.WEEKLY.value)
    date = DateField(_l("From which day on"), validators=[A_DAY])
    until = DateField(_l("Until which day"), validators=[A_DAY])
    minutes = OpenSelect(
        _l("How long each time"), coerce=int, validate_choice=False, validators=[NEED_LENGTH], default=USUAL_LENGTH
    )
    start = OpenSelect(_l("From what time"), coerce=coerce_clock, validate_choice=False, validators=[NEED_START])
    times = times_field()

    def offer(self, rooms: Sequence[Room], starts: Sequence[time]) -> None:
        """The rooms, starts and lengths that can be chosen, and whatever was typed beside them."""
        self.room.choices = [("", _l("Any room that suits")), *((room.code, room.full_name) for room in rooms)]
        typed = [self.start.data] if self.start.data is not None else []
        self.start.choices = [("", _l("Please choose")), *self._clocks({*starts, *typed})]
        lengths = sorted({*LENGTHS, *([self.length] if self.length else [])})
        self.minutes.choices = [(each, format_minutes(each)) for each in lengths]

    def _clocks(self, starts: set[time]) -> list[tuple[str, str]]:
        return [(each.strftime("%H:%M"), format_clock(each)) for each in sorted(starts)]

    @property
    def length(self) -> int | None:
        """How long each rehearsal is in minutes, where that makes sense."""
        minutes = self.minutes.data
        return minutes if isinstance(minutes, int) and 15 <= minutes <= 720 else None

    @property
    def repeat(self) -> Repeat | None:
        """The rule that is asked for, once it makes sense."""
        first, last, weekdays = self.date.data, self.until.data, self.weekdays.data
        if not (can_be_shown(first) and can_be_shown(last) and weekdays):
            return None
        if self.frequency.data not in {value for value, _words in FREQUENCIES}:
            return None
        frequency = Frequency(self.frequency.data)
        return Repeat(frequency=frequency, weekdays=tuple(sorted(set(weekdays))), first_on=first, until=last)

    def within(self, season: Season, today: Any) -> None:
        """Begin with what is left of the season."""
        self.date.data = self.date.data or max(season.starts_on, today)
        self.until.data = self.until.data or season.ends_on

    def validate_room(self, field: Field) -> None:
        if not field.data or field.data not in {value for value, _name in field.choices}:
            raise StopValidation(_l("Please choose a room, or take one of the best times."))

    def validate_weekdays(self, field: Field) -> None:
        if not field.data:
            raise StopValidation(_l("Please choose at least one weekday."))

    def validate_minutes(self, field: Field) -> None:
        if field.data is not None and not self.length:
            raise StopValidation(_l("Please choose how long."))

    def validate_until(self, field: Field) -> None:
        if field.data and self.date.data and field.data < self.date.data:
            raise StopValidation(_l("The last day must not lie before the first."))
        if (repeat := self.repeat) is not None and is_too_long(repeat):
            raise StopValidation(_l("At most 60 rehearsals are planned at once. Please choose an earlier end."))


class ElderTermForm(TermForm):
    """The same questions, one a page with large buttons."""

    room = RadioField(_l("In which room?"), validate_choice=False)
    minutes = OpenRadio(
        _l("How long each time?"), coerce=int, validate_choice=False, validators=[NEED_LENGTH], default=USUAL_LENGTH
    )
    start = OpenRadio(_l("From what time?"), coerce=coerce_clock, validate_choice=False, validators=[NEED_START])

    def offer(self, rooms: Sequence[Room], starts: Sequence[time]) -> None:
        super().offer(rooms, starts)
        self.room.choices = self.room.choices[1:]
        self.start.choices = self.start.choices[1:]


class OneForm(BaseForm):
    """Where and when one rehearsal is."""

    date = DateField(_l("Day"), validators=[A_DAY])
    start = OpenSelect(_l("From what time"), coerce=coerce_clock, validate_choice=False, validators=[NEED_START])
    minutes = OpenSelect(
        _l("For how long"), coerce=int, validate_choice=False, validators=[NEED_LENGTH], default=USUAL_LENGTH
    )
    room = SelectField(_l("Room"))

    def offer(self, rooms: Sequence[Room], starts: Sequence[time]) -> None:
        """What can be chosen, and whatever was typed beside it."""
        typed = [self.start.data] if self.start.data is not None else []
        clocks = sorted({*starts, *typed})
        self.start.choices = [(each.strftime("%H:%M"), format_clock(each)) for each in clocks]
        own = [self.minutes.data] if isinstance(self.minutes.data, int) and 15 <= self.minutes.data <= 720 else []
        self.minutes.choices = [(each, format_minutes(each)) for each in sorted({*LENGTHS, *own})]
        self.room.choices = [(room.code, room.full_name) for room in rooms]

    def validate_minutes(self, field: Field) -> None:
        if field.data is not None and not 15 <= field.data <= 720:
            raise StopValidation(_l("Please choose how long."))

    @property
    def span(self) -> Span:
        """The time that was chosen, once the form is valid."""
        assert self.start.data is not None
        assert self.minutes.data is not None
        return span_of(self.date.data, self.start.data, self.minutes.data, centre_zone())


class AddForm(OneForm, CreatingForm):
    """One more rehearsal, perhaps making up for one that did not take place."""

    makes_up_for = SelectField(_l("Makes up for"), coerce=int, default=0)


class MoveForm(OneForm):
    """One rehearsal at another time, and why."""

    reason = text_field(_l("Reason"), most=200, required=False, hint=_l("The members read it."))


class SkipForm(BaseForm):
    """Why one rehearsal is skipped."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The members read it."))


def values_of(span: Span, room: Room) -> dict[str, Any]:
    """A place and time as these forms take it."""
    begins = span.start.astimezone(centre_zone())
    minutes = int(span.length.total_seconds() // 60)
    clock = begins.time().replace(tzinfo=None)
    return {"date": begins.date(), "start": clock, "minutes": minutes, "room": room.code}
