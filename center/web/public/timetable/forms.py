"""The form that asks for a time and what a room must have: one page, or in elder mode one question a page."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta

from wtforms import RadioField, SelectMultipleField
from wtforms.widgets import CheckboxInput, ListWidget

from center.bookings.rulebook.facts import Party
from center.kernel.clock import can_be_shown
from center.kernel.i18n import centre_zone, format_clock, format_day, format_minutes
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import Span, days, span_of
from center.rooms.labels import FEATURES
from center.rooms.models import Room
from center.rooms.queries import own_hours
from center.web.bookings.forms import (
    NEED_DAY,
    NEED_LENGTH,
    NEED_START,
    LengthPart,
    OpenRadio,
    coerce_clock,
    coerce_day,
    day_field,
    length_field,
    people_field,
    start_field,
)
from center.web.rooms.forms import WantsPart

LENGTHS = (30, 60, 90, 120, 150, 180, 240, 300, 360, 480)
DAYS_OFFERED = 14
USUAL_HOURS = (8, 21)  # for a centre whose rooms have no hours yet


class FindForm(LengthPart, WantsPart):
    """Everything on one page; sent with GET, so that the answer has an address."""

    class Meta:
        csrf = False

    date, start, minutes, people = day_field(), start_field(), length_field(), people_field()
    party = RadioField(
        _l("For whom"),
        choices=[
            (Party.PERSON.value, _l("For myself, my family or friends")),
            (Party.ORGANISATION.value, _l("For an organisation")),
        ],
    )
    EVERY = timedelta(minutes=30)

    def offer(self, rooms: Sequence[Room], *, now: datetime) -> None:
        """Fill in the times and lengths to choose from, keeping what was typed among them."""
        starts = sorted({*_starts(rooms, self.EVERY), *([self.start.data] if self.start.data else [])})
        typed = self.length
        lengths = sorted({*_lengths(rooms, self.party.data), *([typed] if typed else [])})
        self.start.choices = [(clock.strftime("%H:%M"), format_clock(clock)) for clock in starts]
        self.minutes.choices = [(minutes, format_minutes(minutes)) for minutes in lengths]

    @property
    def span(self) -> Span:
        """The time asked for, once the form is valid."""
        assert self.start.data is not None
        assert self.minutes.data is not None
        return span_of(self.date.data, self.start.data, self.minutes.data, centre_zone())

    def answers(self, *, without: Sequence[str] = ()) -> list[tuple[str, str]]:
        """What was sent, as pairs, for carrying along and for addresses."""
        return [
            (name, str(value))
            for name, field in self._fields.items()
            if name not in without
            for value in field.raw_data or ()
        ]


class ElderFindForm(FindForm):
    """The same questions, asked one a page with large buttons: day, time, how long, how many, what is needed."""

    date = OpenRadio(_l("Which day?"), coerce=coerce_day, validate_choice=False, validators=[NEED_DAY])
    start = OpenRadio(_l("From what time?"), coerce=coerce_clock, validate_choice=False, validators=[NEED_START])
    minutes = OpenRadio(_l("For how long?"), coerce=int, validate_choice=False, validators=[NEED_LENGTH])
    access = SelectMultipleField(
        _l("Do you need any of these?"),
        choices=[(feature.value, label) for feature, (label, _icon) in FEATURES.items()],
        widget=ListWidget(prefix_label=False),
        option_widget=CheckboxInput(),
    )

    EVERY = timedelta(hours=1)

    def offer(self, rooms: Sequence[Room], *, now: datetime) -> None:
        """The same, with the days to choose from and only starts that are still ahead today."""
        super().offer(rooms, now=now)
        local = now.astimezone(centre_zone())
        today, later = local.date(), [each for each in self.start.choices if each[0] > local.strftime("%H:%M")]
        if self.date.data == today:
            self.start.choices = later
        first = today if later else today + timedelta(days=1)
        offered = {*days(first, first + timedelta(days=DAYS_OFFERED - 1))}
        if can_be_shown(self.date.data):
            offered.add(self.date.data)
        self.date.choices = [(day.isoformat(), _day_in_words(day, today)) for day in sorted(offered)]


def _starts(rooms: Iterable[Room], every: timedelta) -> list[time]:
    """Starts from the first opening of any room on any weekday until the last closing."""
    hours = [row for room in rooms for row in own_hours(room).hours]
    opens = min((row.opens.hour for row in hours), default=USUAL_HOURS[0])
    closes = max((row.closes.hour * 60 + row.closes.minute or 1440 for row in hours), default=USUAL_HOURS[1] * 60)
    step = int(every.total_seconds() // 60)
    return [time(*divmod(minute, 60)) for minute in range(opens * 60, closes, step)]


def _lengths(rooms: Sequence[Room], party: str | None) -> list[int]:
    """Lengths up to the longest that such a party may have in any of the rooms."""
    of_group = party == Party.ORGANISATION
    longest = max((room.org_max_minutes if of_group else room.max_minutes for room in rooms), default=LENGTHS[3])
    return [minutes for minutes in LENGTHS if minutes <= longest]


def _day_in_words(day: date, today: date) -> str:
    said = format_day(day, with_year=False)
    if day == today:
        return _("Today, %(day)s", day=said)
    if day == today + timedelta(days=1):
        return _("Tomorrow, %(day)s", day=said)
    return said
