"""Forms that change a booking: its person's or the desk's own change, and a move that the centre needs."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from wtforms import BooleanField, DateField, Field, HiddenField, RadioField, SelectField
from wtforms.validators import StopValidation

from center.bookings.places import Place
from center.bookings.writing import NeedsReason
from center.kernel.errors import DomainError
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span
from center.rooms.models import Room
from center.web.bookings.forms import BookingForm, Choices, OpenSelect, coerce_clock, start_choices
from center.web.forms import BaseForm, text_field

OTHER = "other"


def room_choices(rooms: Sequence[Room]) -> list[tuple[str, str]]:
    """Rooms to choose from, by code."""
    return [(room.code, in_language(room.name, room.name_en)) for room in rooms]


class ChangeForm(BookingForm):
    """The booking form once more, filled in with what the booking says; for whom it is never changes."""

    room = SelectField(_l("Room"))
    seen = HiddenField()
    party = None

    def offer(self, choices: Choices) -> None:
        """Fill in the kinds of use; the times are offered where the form is shown."""
        self.kind.choices = list(choices.kinds)

    @property
    def seen_sequence(self) -> int | None:
        """Which state of the booking the form was filled in on."""
        text = self.seen.data or ""
        return int(text) if text.isascii() and text.isdigit() and len(text) < 9 else None


class MoveForm(BaseForm):
    """A move that the centre needs: where to, why, and whether the person has agreed."""

    to = RadioField(_l("Where to"), validate_choice=False)
    room = SelectField(_l("Room"))
    date = DateField(_l("Day"))
    start = OpenSelect(_l("From"), coerce=coerce_clock, validate_choice=False)
    reason = text_field(_l("Why"), most=200, hint=_l("The person will read this."))
    agreed = BooleanField(
        _l("I have spoken to them and they agree"),
        description=_l("Needed when it is less than 24 hours until then."),
    )

    def refuse(self, error: DomainError) -> None:
        """The rules that need the reason stand above the form, which asks for it anyway."""
        if not isinstance(error, NeedsReason):
            super().refuse(error)

    def offer(self, substitutes: Sequence[Place], rooms: Sequence[Room], *, here: Place) -> None:
        """Fill in the substitutes and the rooms, for another place that staff know of.

        A form that is sent again after the booking went `here` is no mistake.
        """
        self._here = token_of(here)
        proposed = [(token_of(each), _place(each)) for each in substitutes]
        self.to.choices = [*proposed, (OTHER, _l("Another room or time"))]
        self.room.choices = room_choices(rooms)
        if self.to.data is None:
            self.to.data = self.to.choices[0][0]

    def offer_starts(self, marks: Mapping[time, str] | None) -> None:
        """Offer the starts of the form's day, each with what speaks against it; None as long as there is no day. One
        that was sent and is none of them is marked as not possible.
        """
        typed: dict[time, Any] = {self.start.data: _l("not possible")} if self.start.data is not None else {}
        nothing = _("No free time") if marks == {} else _("Please choose")
        self.start.choices = [("", nothing), *start_choices({**typed, **(marks or {})})]

    def target(self, length: Any, zone: ZoneInfo) -> tuple[str, Span]:
        """The code of the room and the time that were chosen, once the form is valid."""
        if self.to.data != OTHER:
            code, start, end = self.to.data.split("/")
            return code, Span(datetime.fromisoformat(start), datetime.fromisoformat(end))
        assert self.date.data is not None
        assert self.start.data is not None
        start_at = datetime.combine(self.date.data, self.start.data, zone)
        return self.room.data, Span(start_at, start_at + length)

    def validate_to(self, field: Field) -> None:
        """Only what is offered can be chosen, or what it is now."""
        if field.data not in {self._here, *(value for value, _label in field.choices)}:
            raise StopValidation(_l("This place is no longer free. Please choose one of these."))

    @property
    def _names_a_day(self) -> bool:
        return any(each and each.strip() for each in self.date.raw_data or ())

    def validate_date(self, field: Field) -> None:
        """A day is asked for only where another time than those offered is wanted."""
        if not self._names_a_day:
            field.errors = []
            if self.to.data == OTHER:
                lacks_start = self.start.data is None
                both, day = _l("Please choose the day and when to start."), _l("Please choose a day.")
                raise StopValidation(both if lacks_start else day)

    def validate_start(self, field: Field) -> None:
        """So is a start."""
        if field.data is None and self.to.data == OTHER and self._names_a_day:
            raise StopValidation(_l("Please choose when to start."))


def token_of(substitute: Place) -> str:
    """A substitute as a form sends it."""
    start, end = (moment.astimezone(UTC).isoformat() for moment in (substitute.span.start, substitute.span.end))
    return f"{substitute.room.code}/{start}/{end}"


def _place(substitute: Place) -> str:
    room = in_language(substitute.room.name, substitute.room.name_en)
    return f"{room} · {format_span(substitute.span.start, substitute.span.end)}"
