"""A plan of dates before anything is written: of a new series, of a changed one, of an activity.

Each date has what is asked for, how that stands, what is free instead, and what was chosen for it.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Generic, Protocol, TypeVar

from center.bookings.models import Booking
from center.bookings.places import Place, place_now, place_of
from center.bookings.rulebook.judging import Verdict
from center.kernel.errors import DomainError
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.kernel.spans import Span

# What forms send as the choice for a date; anything else is the token of another place.
BOOK, SKIP = "book", "skip"
CHANGE, KEEP, CANCEL = "change", "keep", "cancel"
AS_ASKED = frozenset({BOOK, CHANGE})


class DateState(enum.StrEnum):
    """How a date stands as it is asked for."""

    CLASH = "clash"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    OK = "ok"
    QUOTA = "quota"
    RULE = "rule"  # another rule of the room


class Kind(enum.StrEnum):
    """What a plan means for a date."""

    COMES = "comes"
    GOES = "goes"  # the series now ends before it
    MOVES = "moves"
    OWN = "own"  # it was changed by itself before
    STAYS = "stays"  # its time and room stay; what it is for or how many come may change


class Timed(Protocol):
    """Where and when a date is: a `Place`; of an activity also one that is in no room."""

    @property
    def span(self) -> Span:
        """From when until when."""


P = TypeVar("P", bound=Timed)


@dataclass
class PlannedDate(Generic[P]):
    """One date: how it stands, what is free instead, and what was chosen for it."""

    on: date
    place: P  # as it is asked for
    state: DateState = DateState.OK
    words: str = ""  # what stands in the way; or what is special about the day
    others: list[Place] = field(default_factory=list)
    judged: Verdict | None = None  # on the place as it is asked for; none where nobody need judge it
    kind: Kind = Kind.COMES
    booking: Booking | None = None  # that the date has already
    may_go: bool = True  # whether that can be cancelled
    as_asked: str = BOOK
    choice: str = ""  # "" while somebody must still choose
    chosen: P | None = None  # where it will be, once nothing stands against that
    verdict: Verdict | None = None  # on what was chosen
    problem: str = ""  # why what was chosen cannot be

    @property
    def day(self) -> date:
        """The day for which it is asked, which may be another."""
        return local_date(self.place.span.start)

    @property
    def was(self) -> Place | None:
        """Where and when the booking of this date is now; None where there is none."""
        return place_now(self.booking) if self.booking else None

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
        """Whether nothing stands against the date as it is asked for."""
        return self.state is DateState.OK

    @property
    def may_be_had(self) -> bool:
        """Whether it can be as it is asked for; by staff also where only rules stand against it."""
        return self.is_ok or bool(self.judged and self.judged.notices and not self.judged.refusals)

    @property
    def usual(self) -> str:
        """What is chosen unless somebody says otherwise: nobody is taken to want a closed day, or to give up a date."""
        if self.kind is Kind.GOES:
            return CANCEL if self.may_go else KEEP
        is_wanted = self.may_be_had and self.state not in {DateState.CLASH, DateState.CLOSED, DateState.HOLIDAY}
        if is_wanted and self.kind is not Kind.OWN:
            return self.as_asked
        return KEEP if self.booking else SKIP

    def choose(self, choice: str, look: Callable[[Place], tuple[P, Verdict | None]], *, is_final: bool) -> None:
        """Put in what was chosen; before the end what cannot be gives way to the usual. `look` judges another place."""
        self._choose(choice, look)
        if self.problem and not is_final:
            self._choose(self.usual, look)

    def _choose(self, choice: str, look: Callable[[Place], tuple[P, Verdict | None]]) -> None:
        self.verdict, self.chosen = self.judged, None
        if other := place_of(choice, self.day):
            chosen, self.verdict = look(other)
            self.problem = " ".join(str(each) for each in self.verdict.refusals) if self.verdict else ""
            if not self.problem and other not in self.others:
                self.others.append(other)
        else:
            chosen, self.problem = self.place, self._refused(choice)
        self.choice = "" if self.problem else choice
        if not self.problem and (other or choice == self.as_asked):
            self.chosen = chosen

    def _refused(self, choice: str) -> str:
        """Why none of the plain choices can be made; "" where it can."""
        if choice == self.as_asked:
            if self.may_be_had:
                return ""
            if choice == BOOK:
                return _("This date cannot be booked any more. Please choose again.")
            return _("This date cannot be changed like that any more. Please choose again.")
        if choice == CANCEL and not (self.booking and self.may_go):
            return _("It is too late to cancel this date here. Please call the desk.")
        possible = {KEEP, CANCEL} if self.booking else {SKIP}
        return "" if choice in possible else _("Please choose what to do with this date.")


D = TypeVar("D", bound=PlannedDate[Any])


@dataclass
class DatePlan(Generic[D]):
    """All dates of a plan."""

    dates: list[D] = field(default_factory=list)

    @property
    def problems(self) -> list[D]:
        """The dates that need another choice before anything can be done."""
        return [each for each in self.dates if each.problem]

    @property
    def taken(self) -> list[D]:
        """The dates that would take time, each where it was chosen."""
        return [each for each in self.dates if each.chosen]

    @property
    def waits(self) -> bool:
        """All dates wait together where one of them needs somebody's agreement."""
        return any(each.waits for each in self.taken)

    @property
    def against_rules(self) -> list[D]:
        """The dates that staff take against a rule, for which they say why."""
        return [each for each in self.taken if each.notices]

    def with_choice(self, *choices: str) -> list[D]:
        """The dates for which one of these was chosen."""
        return [each for each in self.dates if each.choice in choices]
