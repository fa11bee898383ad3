"""Forms of when rooms are open: weekly hours, windows, other hours on a date, closures, parts."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wtforms import Field, IntegerField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from center.kernel.i18n import centre_zone, in_language
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import LocalSpan
from center.kernel.texts import tidy
from center.rooms.hours import format_hours, parse_hours, parse_one
from center.rooms.labels import WEEKDAYS
from center.rooms.models import Room
from center.rooms.rules import NewPart, Window
from center.web.editing import EditingForm
from center.web.forms import CreatingForm, check_field, no_control_characters, text_field
from center.web.settings.centre.forms import day_field

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "holiday")
MOST_PARTS = 4
NOT_CHOSEN = "-"  # a code has letters and digits only


def _readable_hours(_form: Any, field: Field) -> None:
    check_field(lambda: parse_hours(field.data or ""))


def hours_field(label: Any, *, hint: Any = "") -> Field:
    """Opening hours of a day in one line; empty means closed."""
    too_long = Length(max=120, message=_l("At most %(max)d characters, please."))
    rules = [no_control_characters, too_long, _readable_hours]
    return StringField(label, description=hint, filters=[tidy], validators=rules)


class HoursForm(EditingForm):
    """A room's opening hours, a line for each weekday and one for public holidays."""

    monday = hours_field(WEEKDAYS[0])
    tuesday = hours_field(WEEKDAYS[1])
    wednesday = hours_field(WEEKDAYS[2])
    thursday = hours_field(WEEKDAYS[3])
    friday = hours_field(WEEKDAYS[4])
    saturday = hours_field(WEEKDAYS[5])
    sunday = hours_field(WEEKDAYS[6])
    holiday = hours_field(WEEKDAYS[7])

    def week(self) -> list[list[LocalSpan]]:
        """The opening hours from Monday to Sunday. Raises DomainError for what is no time."""
        return [parse_hours(self._fields[name].data or "") for name in DAY_NAMES]

    @staticmethod
    def shown(room: Room) -> dict[str, str]:
        """A room's hours as the form shows them."""
        return {
            name: format_hours(LocalSpan(row.opens, row.closes) for row in room.hours if row.weekday == weekday)
            for weekday, name in enumerate(DAY_NAMES)
        }


class WindowsForm(EditingForm):
    """The fixed windows inside which a booking must lie."""

    windows = TextAreaField(
        _l("Fixed windows"),
        description=_l(
            "One window on each line, with the reason after it if you like, such as: 14:30-17:30 打鼓 | drums. "
            "Leave it empty if bookings may lie anywhere in the opening hours."
        ),
        filters=[tidy],
        validators=[no_control_characters, Length(max=2000, message=_l("At most %(max)d characters, please."))],
    )

    def validate_windows(self, field: Field) -> None:
        windows = check_field(lambda: window_lines(field.data or ""))
        if any(len(each.reason) > 80 or len(each.reason_en) > 120 for each in windows):
            raise ValidationError(_l("At most 80 characters for a reason, please."))

    def chosen(self) -> list[Window]:
        """The hours within which the room can be booked, a line each."""
        return window_lines(self.windows.data or "")


class WhereForm(CreatingForm):
    """Of which room, or of the whole centre. Nothing is chosen beforehand: nobody should shut the centre by chance."""

    room = SelectField(_l("Room"), default=NOT_CHOSEN)

    def offer(self, rooms: Sequence[Room]) -> None:
        """Let them choose one of these rooms, or the whole centre; none is chosen beforehand."""
        self.room.choices = [(NOT_CHOSEN, _l("Please choose a room")), *room_choices(rooms)]

    def validate_room(self, field: Field) -> None:
        """A closure of the whole centre is asked for, never left over."""
        if field.data == NOT_CHOSEN:
            raise ValidationError(_l("Please choose a room, or the whole centre."))


class ExceptionForm(WhereForm):
    """Other hours on one date."""

    on_date = day_field(_l("Date"))
    hours = hours_field(_l("Hours on this day"), hint=_l("Such as 09:00-12:00, 14:00-20:30. Empty means closed."))
    reason = text_field(_l("Reason"), most=80)
    reason_en = text_field(_l("Reason in English"), most=120, required=False)


class ClosureForm(WhereForm):
    """Time in which a room or the whole centre cannot be used."""

    from_date = day_field(_l("From which day"))
    from_time = TimeField(_l("From what time"), validators=[InputRequired(_l("Please choose a time."))])
    to_date = day_field(_l("Until which day"))
    to_time = TimeField(_l("Until what time"), validators=[InputRequired(_l("Please choose a time."))])
    reason = text_field(_l("Reason"), most=80)
    reason_en = text_field(_l("Reason in English"), most=120, required=False)

    def moments(self) -> tuple[datetime, datetime]:
        """From when to when, in the centre's zone."""
        return self.since(), self.until()

    def since(self) -> datetime:
        """The first moment, in the centre's zone."""
        return datetime.combine(self.from_date.data, self.from_time.data, centre_zone())

    def until(self) -> datetime:
        """The last moment, in the centre's zone."""
        return datetime.combine(self.to_date.data, self.to_time.data, centre_zone())


class DivideForm(CreatingForm):
    """The parts that a room is divided into; the third and fourth may stay empty."""

    def parts(self) -> list[NewPart]:
        """The parts as they were typed; rows without a code are none."""
        return [self._part(n) for n in range(1, MOST_PARTS + 1) if self._fields[f"code_{n}"].data]

    def validate(self, extra_validators: Any = None) -> bool:
        """At least two parts, and none half filled in."""
        valid = super().validate(extra_validators)
        for n in range(1, MOST_PARTS + 1):
            row = [self._fields[f"{name}_{n}"] for name in ("code", "name", "capacity")]
            missing = [field for field in row if not field.data and not field.errors]
            if missing and (n <= 2 or len(missing) < len(row)):
                valid = False
                for field in missing:
                    field.errors = [*field.errors, _l("Please fill this in.")]
        return valid

    def _part(self, n: int) -> NewPart:
        values = {name: self._fields[f"{name}_{n}"].data for name in ("code", "name", "name_en", "capacity")}
        return NewPart(number=n, **values)


for _n in range(1, MOST_PARTS + 1):
    setattr(DivideForm, f"code_{_n}", text_field(_l("Part %(number)s: code", number=_n), most=12, required=False))
    setattr(DivideForm, f"name_{_n}", text_field(_l("Part %(number)s: name", number=_n), most=60, required=False))
    setattr(
        DivideForm,
        f"name_en_{_n}",
        text_field(_l("Part %(number)s: name in English", number=_n), most=80, required=False),
    )
    setattr(
        DivideForm,
        f"capacity_{_n}",
        IntegerField(
            _l("Part %(number)s: how many people it holds", number=_n),
            validators=[
                Optional(),
                NumberRange(min=1, max=5000, message=_l("A number from %(min)s to %(max)s, please.")),
            ],
        ),
    )


def window_lines(text: str) -> list[Window]:
    """One window a line: the times, then the reason, its English after a bar. Raises RuleBroken."""
    windows = []
    for line in filter(None, map(str.strip, text.splitlines())):
        hours, words = parse_one(line)
        reason, _bar, reason_en = (piece.strip() for piece in words.partition("|"))
        windows.append(Window(hours, reason, reason_en))
    return sorted(windows, key=lambda window: window.hours.opens)


def windows_text(room: Room) -> str:
    """A room's fixed windows as staff type them."""
    return "\n".join(_window_line(row.opens, row.closes, row.reason, row.reason_en) for row in room.windows)


def room_choices(rooms: Sequence[Room], *, with_centre: bool = True) -> list[tuple[str, Any]]:
    """Rooms to choose from; the whole centre, which nobody should hit by chance, stands last."""
    whole: list[tuple[str, Any]] = [("", _l("The whole centre"))] if with_centre else []
    return [*((room.code, f"{room.code} {in_language(room.name, room.name_en)}") for room in rooms), *whole]


def _window_line(opens: Any, closes: Any, reason: str, reason_en: str) -> str:
    words = f"{reason} | {reason_en}" if reason_en else reason
    return f"{format_hours([LocalSpan(opens, closes)])} {words}".strip()
