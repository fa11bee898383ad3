"""A change of a series before it is made: each date with what would become of it."""

import enum
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from center.bookings.models import Booking
from center.bookings.models.series import BookingSeries
from center.bookings.rulebook.judging import Verdict
from center.bookings.series.shapes import DateState, Place
from center.kernel.errors import DomainError
from center.kernel.i18n import centre_zone
from center.kernel.spans import Span
from center.rooms.models import Room

CHANGE, KEEP, CANCEL, SKIP = "change", "keep", "cancel", "skip"


class Kind(enum.StrEnum):
    """What a change means for a date."""

    COMES = "comes"  # the series now reaches further
    GOES = "goes"  # the series now ends before it
    MOVES = "moves"
    OWN = "own"  # it was changed by itself before
    STAYS = "stays"  # its time and room stay; what it is for or how many come may change


@dataclass(frozen=True, kw_only=True)
class SeriesChange:
    """How the dates are to be from now on. `on` is another day, for one date only."""

    room: Room
    starts: time
    minutes: int
    people: int
    purpose: str
    note: str
    until: date | None = None
    on: date | None = None
    waits: str | None = None  # what the page said: whether somebody must agree to what moves

    def span_on(self, day: date) -> Span:
        """When the date would be, in the centre's zone; on another day where the change names one."""
        begins = datetime.combine(self.on or day, self.starts, centre_zone())
        return Span(begins, begins + timedelta(minutes=self.minutes))


@dataclass
class ChangedDate:
    """One date under the change: how it is, how it would be, what stands in the way, and what was chosen."""

    on: date
    kind: Kind
    booking: Booking | None
    place: Place  # as it would be
    state: DateState = DateState.OK
    words: str = ""
    choice: str = ""
    chosen: Place | None = None
    problem: str = ""
    others: list[Place] = field(default_factory=list)
    verdict: Verdict | None = None  # on what was chosen; none where nothing about its place changes
    may_go: bool = True

    @property
    def waits(self) -> bool:
        """Whether a member of staff must agree anew; never to what only gives time back."""
        return bool(self.verdict and self.verdict.waits)

    @property
    def notices(self) -> list[DomainError]:
        """Rules that staff may override."""
        return list(self.verdict.notices) if self.verdict else []

    @property
    def was(self) -> Place | None:
        """Where and when the booking of this date is now; None where there is none."""
        return place_now(self.booking) if self.booking else None

    @property
    def is_ok(self) -> bool:
        """Whether nothing stands against the date as it is wished."""
        return self.state is DateState.OK

    @property
    def may_be_had(self) -> bool:
        """Whether it can be as the change has it; by staff also where only rules stand against it."""
        return self.is_ok or bool(self.notices and not (self.verdict and self.verdict.refusals))

    @property
    def is_wanted(self) -> bool:
        """Whether it is taken to be meant: nobody is taken to want a closed day."""
        return self.may_be_had and self.state in {DateState.OK, DateState.QUOTA, DateState.RULE}


@dataclass
class ChangePlan:
    """A change of a series, date by date."""

    series: BookingSeries
    change: SeriesChange
    dates: list[ChangedDate]

    @property
    def problems(self) -> list[ChangedDate]:
        """The dates that need another choice before anything can be changed."""
        return [each for each in self.dates if each.problem]

    @property
    def waits(self) -> bool:
        """Whether a member of staff must agree to any of it."""
        return any(each.waits for each in self.dates if each.chosen and not each.problem)

    @property
    def against_rules(self) -> list[ChangedDate]:
        """The dates that staff change against a rule, for which they say why."""
        return [each for each in self.dates if each.chosen and not each.problem and each.notices]

    def chosen(self, *choices: str) -> list[ChangedDate]:
        """The dates for which one of these was chosen."""
        return [each for each in self.dates if each.choice in choices]

    @property
    def to_move(self) -> list[ChangedDate]:
        """The bookings that get another time or room."""
        return [each for each in self.dates if each.chosen and each.booking and each.chosen != each.was]

    @property
    def to_book(self) -> list[ChangedDate]:
        """The dates that come anew."""
        return [each for each in self.dates if each.chosen and each.booking is None]

    @property
    def to_cancel(self) -> list[ChangedDate]:
        """The dates whose time is given back."""
        return self.chosen(CANCEL)


def place_now(booking: Booking) -> Place:
    """Where and when a booking is now."""
    return Place(booking.room, Span(booking.starts_at, booking.ends_at))
