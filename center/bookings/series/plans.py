"""What booking a series would do, date by date: which dates go well, what stands in the way of others, what is free
instead. Nothing is written here; booking looks the same way once more, behind its locks.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

from sqlalchemy import exists, func, select

from center.bookings.models import Booking, is_live_at
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.series.date_checks import Looking
from center.bookings.series.shapes import BOOK, SKIP, OnBehalf, Place, Plan, PlannedDate, SeriesRequest, place_of
from center.kernel.db import db
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import ngettext
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
) -> Plan:
    """Look at every date and at what was chosen for it.

    At the end (`is_final`) what was chosen and cannot be is marked, and so is a date for which nothing was chosen:
    nothing is then decided for anybody. Before, such dates are booked where they can be, and else skipped. Unless it
    `looks_around` it does not say what is free instead.
    """
    days = dates_of(request.repeat)
    plan = Plan(request, [])
    if not days:
        return plan
    looking = Looking(request.room, days[0], days[-1], request.purpose_id, whose=whose, now=now)
    looking.looks_around = looks_around
    taken: list[Place] = []
    for day in days:
        planned = looking.at(day, Place(request.room, request.span_on(day)), request.people, taken)
        _choose(planned, choices.get(day, ""), looking, request.people, taken)
        if planned.problem and not is_final:
            planned.problem, planned.chosen = "", None
            _choose(planned, planned.usual, looking, request.people, taken)
        if planned.chosen and not planned.problem:
            taken.append(planned.chosen)
        plan.dates.append(planned)
    return plan


class TooManySeries(RuleBroken):
    """The organisation has as many series in the room as it may have."""


def series_refusals(
    request: SeriesRequest, *, whose: OnBehalf, now: datetime, instead_of: BookingSeries | None = None
) -> list[DomainError]:
    """What stands against the series as a whole: that the organisation has one in this room already."""
    return limit_refusals(request.room, whose.organisation, now=now, but=instead_of)


def limit_refusals(
    room: Room, organisation: Organisation | None, *, now: datetime, but: BookingSeries | None = None
) -> list[DomainError]:
    """That the organisation has as many series in this room as it may have, before anything else is known."""
    limit = room.org_series_limit
    if organisation is None or not limit:
        return []
    if count_live_series(room, organisation, now=now, but=but) < limit:
        return []
    words = ngettext(
        "The organisation has %(num)d series in this room already, which is the limit. End it first, or ask the desk.",
        "The organisation has %(num)d series in this room already, which is the limit. End one first, or ask the desk.",
        limit,
    )
    return [TooManySeries(words, field="party")]


def count_live_series(
    room: Room, organisation: Organisation, *, now: datetime, but: BookingSeries | None = None
) -> int:
    """How many series of the organisation have a date ahead in this room. What was split of one counts with it."""
    ahead = exists().where(
        SeriesDate.series_id == BookingSeries.id,
        Booking.id == SeriesDate.booking_id,
        Booking.ends_at > now,
        is_live_at(now),
    )
    query = select(func.count()).where(
        BookingSeries.room_id == room.id, BookingSeries.organisation_id == organisation.id, ahead
    )
    if but is not None:
        query = query.where(BookingSeries.id != but.id)
    return db.session.scalar(query) or 0


def _choose(planned: PlannedDate, choice: str, looking: Looking, people: int, taken: Sequence[Place]) -> None:
    """Put in what was chosen for a date, and what stands against it."""
    planned.choice = choice
    if choice == SKIP:
        return
    if choice == BOOK:
        planned.chosen = planned.place
        if not planned.may_be_had:
            planned.problem, planned.choice = _("This date cannot be booked any more. Please choose again."), ""
        return
    planned.chosen = place_of(choice, planned.on)
    if planned.chosen is None:
        planned.problem, planned.choice = _("Please choose what to do with this date."), ""
        return
    planned.verdict = looking.judged(planned.chosen, people, taken)
    if refusals := planned.verdict.refusals:
        planned.problem, planned.choice = " ".join(str(each) for each in refusals), ""
    elif planned.chosen not in planned.others:
        planned.others.append(planned.chosen)
