"""The page of waiting requests: what stands on it, and where one goes on after deciding."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import url_for

from center.bookings.approvals import listing, records
from center.bookings.approvals.listing import Request, RequestFilter, why_waiting
from center.bookings.approvals.records import Beside, Day, Record
from center.bookings.approvals.undoing import Decision
from center.bookings.models import Booking
from center.bookings.rulebook.facts import Agreement
from center.bookings.rulebook.rule_words import AGREEMENTS
from center.bookings.series.queries import series_by_booking
from center.notices.telling import HowTold
from center.people.models import Person
from center.rooms.models import AccessFeature
from center.web.bookings.request_list import RequestsForm
from center.web.desk.approvals.forms import DecideForm
from center.web.sending import next_below

MOST_SHOWN = 60


@dataclass(frozen=True)
class Waiting:
    """The requests that wait, those of them that are wanted, and why each does."""

    all: Sequence[Request]
    wanted: Sequence[Request]
    why: Mapping[int, Sequence[Agreement]]  # by the id of a booking

    @property
    def to_decide(self) -> list[Request]:
        """Of those wanted, the ones that staff decide now."""
        return [each for each in self.wanted if not each.is_asked]

    @property
    def asked(self) -> list[Request]:
        """Of those wanted, the ones whose person is to answer first."""
        return [each for each in self.wanted if each.is_asked]


@dataclass(frozen=True)
class Background:
    """What helps to decide about the requests that are shown."""

    why: Mapping[int, Sequence[Agreement]]
    records: Mapping[records.Party, Record]
    days: Mapping[int, Day]

    def reasons(self, request: Request) -> list[Any]:
        """Why a request waits, in words."""
        asked = dict.fromkeys(each for booking in request.bookings for each in self.why[booking.id])
        return [AGREEMENTS[each] for each in asked]

    def record(self, request: Request) -> Record:
        """How whoever asks has kept their bookings."""
        return self.records[records.party(request.first)]

    def beside(self, booking: Booking) -> Day:
        """What else is on the day of a booking."""
        return self.days.get(booking.id, Day())

    def busy_dates(self, request: Request) -> list[tuple[Booking, Sequence[Beside]]]:
        """The dates of a request on which something else is in the room, or of its asker."""
        days = ((each, self.beside(each)) for each in request.bookings)
        return [(each, [*day.in_room, *day.of_asker]) for each, day in days if day.in_room or day.of_asker]


@dataclass(frozen=True)
class Undone:
    """A request that could not be decided, and why."""

    reference: str
    booking: Booking | None
    why: object


@dataclass(frozen=True, kw_only=True)
class RequestsPage:
    """The page of waiting requests: what is ticked and typed on it, and what helps to decide."""

    form: DecideForm
    filters: RequestsForm
    wanted: RequestFilter
    found: Waiting
    background: Background
    at: str  # the request where one goes on
    just_decided: Sequence[Decision]
    take_back_address: str
    address: str
    ticked: Collection[str]
    is_all_ticked: bool
    lacking: Mapping[int, Sequence[AccessFeature]]  # by the id of a booking
    undone: Sequence[Undone]
    hearers: Mapping[int, Sequence[Person]]
    if_approved: HowTold
    if_declined: HowTold
    most: int = MOST_SHOWN


def waiting(wanted: RequestFilter, *, now: datetime) -> Waiting:
    """What waits, and what of it is wanted, those to decide first."""
    found = sorted(listing.waiting(now), key=lambda each: each.is_asked)
    why = why_waiting([booking for each in found for booking in each.bookings], now=now)

    def reasons(request: Request) -> list[Agreement]:
        return [each for booking in request.bookings for each in why[booking.id]]

    return Waiting(found, [each for each in found if wanted.takes(each, reasons(each))], why)


def background(found: Waiting, *, now: datetime) -> Background:
    """What helps to decide about those that are shown."""
    bookings = bookings_shown(found)
    return Background(found.why, records.records_of(bookings, now=now), records.days_of(bookings, now=now))


def bookings_shown(found: Waiting) -> list[Booking]:
    """Every booking of the requests that are shown."""
    return [booking for each in found.wanted[:MOST_SHOWN] for booking in each.bookings]


def anchor(reference: str) -> str:
    """Where a request stands on the page."""
    return f"request-{reference}"


def next_after(requests: Sequence[Request], decided: Collection[str]) -> str:
    """The reference of the request to look at once some are decided: the next below the last of them, else above."""
    return next_below([each.reference for each in requests], decided)


def address(wanted: RequestFilter, at: str = "") -> str:
    """The list with its filters, at the request where one goes on."""
    return url_for("bookings.requests", at=at or None, _anchor=anchor(at) if at else None, **wanted.args())


def reference_of(booking: Booking) -> str:
    """What the request of a booking is called in the list."""
    series = series_by_booking([booking.id]).get(booking.id)
    return series.reference if series else booking.reference
