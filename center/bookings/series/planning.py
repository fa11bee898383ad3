"""What booking or changing a series would do, date by date: which dates go well, what stands in the way of others, what
is free instead. Nothing is written here; the actions look the same way once more, behind their locks.

A date that was changed by itself is kept unless somebody says otherwise; one that was skipped or is over never comes
back; what has begun is never touched.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime

from sqlalchemy import func, select

from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.policy import is_cancellable
from center.bookings.series.date_checks import DateChecks
from center.bookings.series.date_plans import CHANGE, Kind, Place, PlannedDate, place_now
from center.bookings.series.plans import ChangePlan, OnBehalf, SeriesChange, SeriesPlan, SeriesRequest
from center.bookings.series.queries import changeable, is_ahead
from center.kernel.db import db
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import local_date, ngettext
from center.kernel.recurrence import dates_of
from center.organisations.models import Organisation
from center.rooms.models import Room


def plan_series(
    request: SeriesRequest,
    choices: Mapping[date, str],
    *,
    whose: OnBehalf,
    now: datetime,
    is_final: bool = True,
    looks_around: bool = True,
) -> SeriesPlan:
    """Look at every date and at what was chosen for it.

    At the end (`is_final`) what was chosen and cannot be is marked, and so is a date for which nothing was chosen:
    nothing is then decided for anybody. Before, such dates are booked where they can be, and else skipped. Unless it
    `looks_around` it does not say what is free instead.
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
    """That the organisation has as many series in this room as it may have: against a series as a whole.

    What was split of one counts with it.
    """
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
