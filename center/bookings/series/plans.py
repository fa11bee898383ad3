"""What somebody asks of a series, new or there already, and what that means date by date."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from typing import Any

from center.bookings.models import Channel
from center.bookings.models.series import BookingSeries
from center.bookings.rulebook.facts import Party
from center.bookings.series.date_plans import AS_ASKED, CANCEL, SKIP, DatePlan, Place, PlannedDate, place_of
from center.kernel.i18n import centre_zone, local_date
from center.kernel.recurrence import Repeat
from center.kernel.spans import span_of
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room


@dataclass(frozen=True)
class OnBehalf:
    """For whom a series is, and on whose footing it is judged."""

    person: Person
    organisation: Organisation | None
    party: Party


@dataclass(frozen=True, kw_only=True)
class SeriesFacts:
    """How the dates of a series are to be, checked for shape only."""

    room: Room
    starts: time
    minutes: int
    people: int
    purpose: str
    note: str = ""
    waits: str | None = None  # what the page said: whether somebody must agree to it

    @property
    def columns(self) -> dict[str, Any]:
        """What a series keeps of it."""
        return {name: getattr(self, name) for name in ("room", "starts", "minutes", "people", "purpose", "note")}

    def place_on(self, day: date) -> Place:
        """Where one date would be: at the same time on the clock, whatever the clocks did in between."""
        return Place(self.room, span_of(day, self.starts, self.minutes, centre_zone()))

    def places(self, choices: Mapping[date, str]) -> dict[date, Place]:
        """Where each date would be as it was chosen, of those that would be anywhere."""
        found: dict[date, Place] = {}
        for on, choice in choices.items():
            asked = self.place_on(on)
            place = asked if choice in AS_ASKED else place_of(choice, local_date(asked.span.start))
            if place:
                found[on] = place
        return found


@dataclass(frozen=True, kw_only=True)
class SeriesRequest(SeriesFacts):
    """A new series, on every date of a rule."""

    repeat: Repeat
    request_key: str
    purpose_id: int | None = None
    channel: Channel = Channel.ONLINE


@dataclass(frozen=True, kw_only=True)
class SeriesChange(SeriesFacts):
    """How the dates are to be from now on. `on` is another day, for one date only."""

    until: date | None = None
    on: date | None = None

    def place_on(self, day: date) -> Place:
        """Where the date would be; on another day where the change names one."""
        return super().place_on(self.on or day)


@dataclass
class SeriesPlan(DatePlan[PlannedDate[Place]]):
    """All dates of a series before it is booked."""

    request: SeriesRequest = field(kw_only=True)

    @property
    def to_book(self) -> list[PlannedDate[Place]]:
        """The dates that would be booked, each where it was chosen."""
        return self.taken

    @property
    def skipped(self) -> list[PlannedDate[Place]]:
        """The dates that are left out on purpose."""
        return self.with_choice(SKIP)


@dataclass
class ChangePlan(DatePlan[PlannedDate[Place]]):
    """A change of a series, date by date."""

    series: BookingSeries = field(kw_only=True)
    change: SeriesChange = field(kw_only=True)

    @property
    def to_move(self) -> list[PlannedDate[Place]]:
        """The bookings that get another time or room."""
        return [each for each in self.taken if each.booking and each.chosen != each.was]

    @property
    def to_book(self) -> list[PlannedDate[Place]]:
        """The dates that come anew."""
        return [each for each in self.taken if each.booking is None]

    @property
    def to_cancel(self) -> list[PlannedDate[Place]]:
        """The dates whose time is given back."""
        return self.with_choice(CANCEL)
