"""The booking form: one page, or in elder mode one question a page. Shape only; the rule book decides."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import DateField, Field, HiddenField, IntegerField, RadioField, SelectField, SelectMultipleField
from wtforms.validators import InputRequired, NumberRange, StopValidation
from wtforms.widgets import CheckboxInput, ListWidget

from center.bookings.models import Channel
from center.bookings.writing import BookingRequest
from center.kernel.clock import can_be_shown
from center.kernel.i18n import format_clock, format_minutes
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import unseal
from center.kernel.spans import Span, span_of
from center.rooms.labels import FEATURES
from center.rooms.models import AccessFeature
from center.web.editing import SealedForm
from center.web.forms import BaseForm, long_text_field, text_field

BOOKING_QUERY = ("channel", "date", "minutes", "party", "people", "person", "start")  # what an address says of one
MOST_PEOPLE = 9999
MOST_MINUTES = 24 * 60
MOST_A_WEEK = 5  # days of a week


@dataclass(frozen=True)
class Choices:
    """What the form offers: days (elder mode only), starts, lengths in minutes, and for whom."""

    starts: Sequence[time]
    lengths: Sequence[int]
    parties: Sequence[tuple[str, str]]
    days: Sequence[tuple[str, str]] = ()
    kinds: Sequence[tuple[int, str]] = ()  # kinds of use; none where staff keep no list of them


def coerce_day(text: Any) -> date | None:
    """The day of a choice; ValueError for none."""
    return text if isinstance(text, date) or text is None else date.fromisoformat(text)


def coerce_clock(text: Any) -> time | None:
    """The clock time of a choice, to the minute; ValueError for none."""
    if isinstance(text, time) or not text:
        return text or None
    clock = time.fromisoformat(text)
    if clock.tzinfo or clock.second or clock.microsecond:
        raise ValueError(text)
    return clock


def _must_be_chosen(message: Any) -> Any:
    def check(_form: BaseForm, field: Field) -> None:
        if field.data is None:
            field.errors = []
            raise StopValidation(message)

    return check


def _offered(_form: BaseForm, field: Field) -> None:
    if field.data not in {value for value, _label in field.choices}:
        raise StopValidation(_l("Please choose one of these."))


def _number(text: Any) -> int | None:
    return int(text) if text else None


def _kind_offered(_form: BaseForm, field: Field) -> None:
    if field.choices and field.data not in {value for value, _label in field.choices}:
        raise StopValidation(_l("Please choose what kind of use it is."))


class OpenChoice:
    """A choice whose offers do not bind: a time that is not offered is judged by the rule book, with reasons."""

    def process_formdata(self: Any, values: list[str]) -> None:
        """What is not understood is nothing chosen; whether that will do is for the form to say."""
        try:
            self.data = self.coerce(values[0]) if values else None
        except (ValueError, TypeError):
            self.data = None


class OpenSelect(OpenChoice, SelectField):
    """An open choice as a drop-down."""


class OpenRadio(OpenChoice, RadioField):
    """An open choice as large buttons."""


NEED_DAY = _must_be_chosen(_l("Please choose a day."))
NEED_START = _must_be_chosen(_l("Please choose when to start."))
NEED_LENGTH = _must_be_chosen(_l("Please choose how long."))


def day_field() -> Field:
    """On which day."""
    return DateField(_l("Day"), validators=[InputRequired(_l("Please choose a day, such as 2026-11-24."))])


def start_field() -> Field:
    """From what time, of the times that are offered."""
    return OpenSelect(_l("From"), coerce=coerce_clock, validate_choice=False, validators=[NEED_START])


def length_field() -> Field:
    """For how long, of the lengths that are offered; whoever asks for it is a `LengthPart`."""
    return OpenSelect(_l("For how long"), coerce=int, validate_choice=False, validators=[NEED_LENGTH])


def people_field() -> Field:
    """How many people come."""
    needed = InputRequired(_l("Please write how many people come, as a number."))
    in_range = NumberRange(1, MOST_PEOPLE, message=_l("A number from %(min)s to %(max)s, please."))
    return IntegerField(_l("How many people come"), validators=[needed, in_range])


def times_field() -> Field:
    """On how many days of a week, for the list of the best weekly times."""
    return SelectField(
        _l("How many days a week"),
        coerce=int,
        choices=[(each, str(each)) for each in range(1, MOST_A_WEEK + 1)],
        default=2,
        validate_choice=False,
        description=_l("For this list. Weekdays that you have ticked are kept."),
    )


class LengthPart(BaseForm):
    """How long something is, in `minutes`."""

    minutes: Any

    @property
    def length(self) -> int | None:
        """The length asked for in minutes, where it is one that a day could hold."""
        minutes = self.minutes.data
        return minutes if isinstance(minutes, int) and 0 < minutes <= MOST_MINUTES else None

    def validate_minutes(self, field: Field) -> None:
        if field.data is not None and not self.length:
            raise StopValidation(_l("Please choose how long."))


class BookingForm(LengthPart, SealedForm):
    """Everything on one page."""

    date, start, minutes, people = day_field(), start_field(), length_field(), people_field()
    purpose = text_field(
        _l("What for"), most=80, hint=_l("A few words, such as: birthday tea, chess, choir rehearsal.")
    )
    kind = OpenSelect(_l("Kind of use"), coerce=_number, validate_choice=False, validators=[_kind_offered])
    note = long_text_field(_l("Anything the staff should know"), most=300)
    needs = SelectMultipleField(
        _l("What you need in the room"),
        choices=[(feature.value, label) for feature, (label, _icon) in FEATURES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )
    set_up = text_field(
        _l("How the room should stand"),
        most=300,
        required=False,
        hint=_l("Such as: chairs in a circle, two tables by the window. The caretaker makes it ready."),
    )
    party = RadioField(_l("For whom"), validate_choice=False, validators=[_offered])
    override_reason = text_field(
        _l("Why you book it all the same"), most=120, required=False, hint=_l("It is kept in the booking's history.")
    )
    request_key = HiddenField(default=lambda: str(uuid.uuid4()))

    def offer(self, choices: Choices) -> None:
        """Fill in what can be chosen, keeping whatever was typed among the choices."""
        typed, length = self.start.data, self.length
        starts = {*choices.starts, *([typed] if typed is not None else [])}
        self.offer_times(sorted(starts), sorted({*choices.lengths, *([length] if length else [])}))
        self.party.choices = list(choices.parties)
        self.kind.choices = list(choices.kinds)
        if self.kind.choices and self.kind.raw_data is None:
            self.kind.data = self.kind.choices[0][0]

    def offer_times(
        self, starts: Sequence[time], lengths: Sequence[int], taken: Sequence[time] = (), *, kept: time | None = None
    ) -> None:
        """Offer these starts and lengths, and the one that is `kept` by who changes nothing of it; taken ones and what
        was typed beside them are marked as not to be had."""
        typed, length = self.start.data, self.length
        marks: dict[time, Any] = {typed: _l("not possible")} if typed is not None else {}
        marks |= {**dict.fromkeys(taken, _l("taken")), **({kept: _l("as now")} if kept else {})}
        marks |= dict.fromkeys(starts, "")
        self.start.choices = start_choices(marks)
        if not starts and typed is None:
            self.start.choices.insert(0, ("", _("No free time")))
        self.minutes.choices = [
            (minutes, _marked(format_minutes(minutes), "" if minutes in lengths else _l("not possible")))
            for minutes in sorted({*lengths, *([length] if length else [])})
        ]

    @property
    def proposed_span(self) -> Span | None:
        """The time that is asked for, once day, start and length make sense."""
        minutes = self.length
        if not (can_be_shown(self.date.data) and self.start.data is not None and minutes):
            return None
        return span_of(self.date.data, self.start.data, minutes, self._zone)

    def bind(self, zone: ZoneInfo) -> None:
        """Say in which zone days and times are meant."""
        self._zone = zone

    def validate_request_key(self, field: Field) -> None:
        """A key that is none is replaced, since nobody typed it."""
        try:
            field.data = str(uuid.UUID(field.data or ""))
        except ValueError:
            field.data = str(uuid.uuid4())

    def as_request(self, channel: Channel) -> BookingRequest:
        """What was asked for, once the form is valid."""
        span = self.proposed_span
        assert span is not None
        return BookingRequest(
            span=span,
            people=self.people.data,
            purpose=self.purpose.data,
            note=self.note.data or "",
            set_up=self.set_up.data or "",
            needs=self.needed,
            request_key=self.request_key.data,
            channel=channel,
            purpose_id=self.kind.data if self.kind.choices else None,
            waits=self.seen_waits,
        )

    @property
    def seen_waits(self) -> str | None:
        """Whether the page said that somebody must agree to it; None where it said nothing."""
        return (unseal(self.seen.data) or {}).get("waits", [None])[0]

    @property
    def needed(self) -> frozenset[AccessFeature]:
        """The access features asked for; what is none is left to the field to refuse."""
        return frozenset(each for each in AccessFeature if each.value in (self.needs.data or ()))


class ElderBookingForm(BookingForm):
    """The same questions, asked one a page with large buttons."""

    date = OpenRadio(_l("Which day?"), coerce=coerce_day, validate_choice=False, validators=[NEED_DAY])
    start = OpenRadio(_l("From what time?"), coerce=coerce_clock, validate_choice=False, validators=[NEED_START])
    minutes = OpenRadio(_l("For how long?"), coerce=int, validate_choice=False, validators=[NEED_LENGTH])
    purpose = text_field(_l("What is it for?"), most=80, hint=_l("For example: chess, a birthday, singing."))
    kind = OpenRadio(_l("What kind of use is it?"), coerce=_number, validate_choice=False, validators=[_kind_offered])
    party = RadioField(_l("Who is it for?"), validate_choice=False, validators=[_offered])

    def offer(self, choices: Choices) -> None:
        """The same, with the days to choose from."""
        super().offer(choices)
        self.date.choices = list(choices.days)


class ReasonForm(BaseForm):
    """A reason that the other person will read."""

    reason = text_field(_l("Reason"), most=200, hint=_l("The person will read this."))


class CancelForm(BaseForm):
    """Cancelling a booking; a reason is welcome and not asked for."""

    reason = text_field(_l("Reason"), most=200, required=False)


def start_choices(marks: Mapping[time, Any]) -> list[tuple[str, str]]:
    """Starts to choose from, the earliest first, each with what speaks against it, if anything does."""
    return [(clock.strftime("%H:%M"), _marked(format_clock(clock), mark)) for clock, mark in sorted(marks.items())]


def _marked(words: str, mark: Any) -> str:
    return _("%(choice)s (%(mark)s)", choice=words, mark=mark) if mark else words
