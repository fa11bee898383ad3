"""A series before it is booked: for whom, what is asked for, and each date with where it would be."""

import enum
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from center.bookings.models import Channel
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.judging import Verdict
from center.kernel.errors import DomainError
from center.kernel.i18n import centre_zone
from center.kernel.recurrence import Repeat
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.queries import find_room

BOOK, SKIP = "book", "skip"
FURTHEST = timedelta(days=13)  # from its date, of another day that may be chosen for it


@dataclass(frozen=True)
class OnBehalf:
    """For whom a series is, and on whose footing it is judged."""

    person: Person
    organisation: Organisation | None
    party: Party


@dataclass(frozen=True, kw_only=True)
class SeriesRequest:
    """What somebody asks for on every date of a rule, checked for shape only."""

    room: Room
    repeat: Repeat
    starts: time
    minutes: int
    people: int
    purpose: str
    request_key: str
    note: str = ""
    purpose_id: int | None = None
    channel: Channel = Channel.ONLINE
    waits: str | None = None  # what the page said: whether somebody must agree to it

    def span_on(self, day: date) -> Span:
        """The time of one date: the same on the clock, whatever the clocks did in between."""
        begins = datetime.combine(day, self.starts, centre_zone())
        return Span(begins, begins + timedelta(minutes=self.minutes))


class DateState(enum.StrEnum):
    """How a date of the plan stands."""

    CLASH = "clash"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    OK = "ok"
    QUOTA = "quota"
    RULE = "rule"  # another rule of the room


@dataclass(frozen=True)
class Place:
    """A room and a time in it."""

    room: Room
    span: Span

    @property
    def token(self) -> str:
        """How a form says it: R09/2026-11-24T14:30/120."""
        minutes = int(self.span.length.total_seconds() // 60)
        return f"{self.room.code}/{self.span.start.astimezone(centre_zone()):%Y-%m-%dT%H:%M}/{minutes}"

    @property
    def until_cleared(self) -> Span:
        """The time that a use takes with what is cleared up after it."""
        return Span(self.span.start, self.span.end + timedelta(minutes=self.room.buffer_minutes))

    def holds(self, other: "Place") -> bool:
        """Whether the other one is inside it."""
        return self.room == other.room and self.span.covers(other.span)

    def meets(self, other: "Place") -> bool:
        """Whether both take time of one part, clearing up included."""
        parts = {leaf.id for leaf in self.room.leaves} & {leaf.id for leaf in other.room.leaves}
        return bool(parts) and self.until_cleared.overlaps(other.until_cleared)


@dataclass
class PlannedDate:
    """One date of the rule: how it stands, what is free instead, and what was chosen for it."""

    on: date
    place: Place  # as the rule has it
    state: DateState
    words: str = ""  # what stands in the way; or what is special about the day
    choice: str = ""  # BOOK, SKIP or the token of another place; "" while somebody must still choose
    chosen: Place | None = None
    problem: str = ""  # why what was chosen cannot be
    others: list[Place] = field(default_factory=list)
    verdict: Verdict | None = None  # on what was chosen

    @property
    def waits(self) -> bool:
        """Whether a member of staff must agree."""
        return bool(self.verdict and self.verdict.waits)

    @property
    def notices(self) -> list[DomainError]:
        """Rules that staff who book for others may override."""
        return list(self.verdict.notices) if self.verdict else []

    @property
    def is_ok(self) -> bool:
        """Whether nothing stands against the date as it is wished."""
        return self.state is DateState.OK

    @property
    def may_be_had(self) -> bool:
        """Whether it can be booked as the rule has it; by staff also where only rules stand against it."""
        return self.is_ok or bool(self.notices and not (self.verdict and self.verdict.refusals))

    @property
    def usual(self) -> str:
        """What is chosen unless somebody says otherwise: nobody is taken to want a closed day."""
        is_wanted = self.may_be_had and self.state in {DateState.OK, DateState.QUOTA, DateState.RULE}
        return BOOK if is_wanted else SKIP


@dataclass
class Plan:
    """All dates of a series before it is booked."""

    request: SeriesRequest
    dates: list[PlannedDate]

    @property
    def to_book(self) -> list[PlannedDate]:
        """The dates that would be booked, each where it was chosen."""
        return [each for each in self.dates if each.chosen and not each.problem]

    @property
    def skipped(self) -> list[PlannedDate]:
        """The dates that are left out on purpose."""
        return [each for each in self.dates if each.choice == SKIP]

    @property
    def problems(self) -> list[PlannedDate]:
        """The dates that need another choice before anything can be booked."""
        return [each for each in self.dates if each.problem]

    @property
    def waits(self) -> bool:
        """All dates wait together where one of them needs somebody's agreement."""
        return any(each.waits for each in self.to_book)

    @property
    def against_rules(self) -> list[PlannedDate]:
        """The dates that staff book against a rule, for which they say why."""
        return [each for each in self.to_book if each.notices]


def place_of(token: str, day: date) -> Place | None:
    """The place a form speaks of, where it is one near that day; None for nonsense."""
    code, _slash, rest = token.partition("/")
    text, _slash, minutes = rest.partition("/")
    try:
        start = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=centre_zone())
        length = timedelta(minutes=int(minutes)) if minutes.isascii() and len(minutes) <= 4 else timedelta(0)
    except ValueError:
        return None
    if abs(start.date() - day) > FURTHEST or not timedelta(0) < length <= timedelta(days=1):
        return None
    room = find_room(code)
    return Place(room, Span(start, start + length)) if room and not room.is_retired else None
