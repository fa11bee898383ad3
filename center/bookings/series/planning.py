"""What booking or changing a series would do, date by date: which dates go well, what stands in the way of others, what
is free instead. Nothing is written here; the actions look the same way once more, behind their locks.

A date that was changed by itself is kept unless somebody says otherwise; one that was skipped or is over never comes
back; what has begun is never touched.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import func, select

from center.bookings.models import Channel
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.places import Place, place_now, place_of
from center.bookings.policy import is_cancellable
from center.bookings.series.date_checks import DateChecks, OnBehalf
from center.bookings.series.date_plans import AS_ASKED, CANCEL, CHANGE, SKIP, DatePlan, Kind, PlannedDate
from center.bookings.series.queries import changeable, is_ahead
from center.kernel.db import db
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import centre_zone, local_date, ngettext
from center.kernel.recurrence import Repeat, dates_of
from center.kernel.spans import span_of
from center.organisations.models import Organisation
from center.rooms.models import Room

OF_A_NEW_ONE = ("repeat", "request_key", "purpose_id", "channel")


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

    @property
    def columns(self) -> dict[str, Any]:
        """What a new series keeps of it."""
        return {**super().columns, **{name: getattr(self, name) for name in OF_A_NEW_ONE}}


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


def plan_series(
    request: SeriesRequest,
    choices: Mapping[date, str],
    *,
    whose: OnBehalf,
    now: datetime,
    is_final: bool = True,
    looks_around: bool = True,
    reads_once: bool = False,
) -> SeriesPlan:
    """Look at every date and at what was chosen for it; and, if it `looks_around`, at what is free instead.

    For what counts towards nobody's limits it `reads_once` for all dates.

    At the end (`is_final`) nothing is decided for anybody: what cannot be, or was not chosen, is marked. Before, such
    dates are booked where they can be, and else skipped.
    """
    dates = [PlannedDate(day, request.place_on(day)) for day in dates_of(request.repeat)]
    plan = SeriesPlan(dates, request=request)
    if not dates:
        return plan
    checks = DateChecks(
        request.room,
        dates,
        people=request.people,
        purpose_id=request.purpose_id,
        whose=whose,
        now=now,
        looks_around=looks_around,
        reads_once=reads_once,
    )
    for each in plan.dates:
        checks.check(each)
        checks.decide(each, choices.get(each.on, ""), is_final=is_final)
    return plan


def plan_change(
    series: BookingSeries,
    change: SeriesChange,
    choices: Mapping[date, str],
    *,
    from_date: date,
    only: bool,
    whose: OnBehalf,
    as_staff: bool,
    now: datetime,
    is_final: bool = True,
) -> ChangePlan:
    """Look at every date the change speaks of, and at those it would add. See `plan_series`."""
    affected = changeable(series.dates, from_date, only=only, now=now)
    dates = [_known(each, change, only=only, as_staff=as_staff, now=now) for each in affected]
    if not only:
        dates += [_asked(day, change) for day in _new_dates(series, change, from_date=from_date, now=now)]
    plan = ChangePlan(sorted(dates, key=lambda each: each.on), series=series, change=change)
    if not dates:
        return plan
    checks = DateChecks(
        change.room,
        dates,
        people=change.people,
        purpose_id=series.purpose_id,
        whose=whose,
        now=now,
    )
    for each in plan.dates:
        if each.kind is not Kind.GOES and not _stays(each, change):
            checks.check(each)
        if each.judged and each.was and each.was.holds(each.place) and _brings_no_more(each, change):
            each.judged = replace(each.judged, waits=False)  # it only gives time back
        checks.decide(each, choices.get(each.on, ""), is_final=is_final)
    return plan


def _asked(day: date, change: SeriesChange) -> PlannedDate[Place]:
    return PlannedDate(day, change.place_on(day), as_asked=CHANGE)


def _known(known: SeriesDate, change: SeriesChange, *, only: bool, as_staff: bool, now: datetime) -> PlannedDate[Place]:
    """A date that is booked, and what the change means for it."""
    each, booking = _asked(known.on_date, change), known.booking
    assert booking is not None
    each.booking, each.may_go = booking, is_cancellable(booking, now=now, as_staff=as_staff)
    if not only and change.until is not None and known.on_date > change.until:
        each.kind = Kind.GOES
    elif not only and known.is_own_way:
        each.kind = Kind.OWN
    else:
        each.kind = Kind.STAYS if each.place == place_now(booking) else Kind.MOVES
    return each


def _stays(each: PlannedDate[Place], change: SeriesChange) -> bool:
    """Whether nothing about it need be judged."""
    return each.place == each.was and _brings_no_more(each, change)


def _brings_no_more(each: PlannedDate[Place], change: SeriesChange) -> bool:
    return each.booking is not None and change.people <= each.booking.people


def _new_dates(series: BookingSeries, change: SeriesChange, *, from_date: date, now: datetime) -> list[date]:
    """The dates that a later end adds: those after every date the series ever had."""
    if change.until is None or not series.dates:
        return []
    last = max(each.on_date for each in series.dates)
    repeat = replace(series.repeat, until=change.until, count=None)
    return [day for day in dates_of(repeat) if day > last and day >= from_date and day > local_date(now)]


class TooManySeries(RuleBroken):
    """The organisation has as many series in the room as it may have."""


def limit_refusals(
    room: Room, organisation: Organisation | None, *, now: datetime, but: BookingSeries | None = None
) -> list[DomainError]:
    """That the organisation has as many series in this room as it may have; those split of one count as well."""
    limit = room.org_series_limit
    if organisation is None or not limit:
        return []
    query = select(func.count()).where(
        BookingSeries.room_id == room.id, BookingSeries.organisation_id == organisation.id, is_ahead(now)
    )
    if but is not None:
        query = query.where(BookingSeries.id != but.id)
    if (db.session.scalar(query) or 0) < limit:
        return []
    words = ngettext(
        "The organisation has %(num)d series in this room already, which is the limit. End it first, or ask the desk.",
        "The organisation has %(num)d series in this room already, which is the limit. End one first, or ask the desk.",
        limit,
    )
    return [TooManySeries(words, field="party")]
