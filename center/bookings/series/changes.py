"""Changing dates of a series: what would move, stay and go, shown first and then done, all of it or nothing.

Bookings keep their references. A date that was changed by itself is kept unless somebody says otherwise; one that was
skipped or is over never comes back; what has begun is never touched.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime

from center.bookings.models import LIVE
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.policy import is_cancellable
from center.bookings.series.change_plans import (
    CANCEL,
    CHANGE,
    KEEP,
    SKIP,
    ChangedDate,
    ChangePlan,
    Kind,
    SeriesChange,
    place_now,
)
from center.bookings.series.date_checks import Looking
from center.bookings.series.shapes import OnBehalf, Place, SeriesRequest, place_of
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.recurrence import Repeat, clock_of, dates_of
from center.kernel.spans import Span


def is_own_way(each: SeriesDate, series: BookingSeries) -> bool:
    """Whether a date's booking is elsewhere or at another time than its series says: somebody changed it by itself."""
    booking = each.booking
    if booking is None:
        return False
    minutes = int(Span(booking.starts_at, booking.ends_at).length.total_seconds() // 60)
    now = (booking.room_id, local_date(booking.starts_at), clock_of(booking.starts_at, centre_zone()), minutes)
    return now != (series.room_id, each.on_date, series.starts, series.minutes)


def changeable(dates: Iterable[SeriesDate], from_date: date, *, only: bool, now: datetime) -> list[SeriesDate]:
    """The dates that a change from one date on speaks of: live ones that have not begun."""
    return [
        each
        for each in dates
        if (each.on_date == from_date if only else each.on_date >= from_date)
        and each.booking is not None
        and each.booking.standing_at(now) in LIVE
        and each.booking.starts_at > now
    ]


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
    """Look at every date the change speaks of, and at those it would add. See `series_plans.plan_series`."""
    known = {each.on_date: each for each in series.dates}
    affected = changeable(series.dates, from_date, only=only, now=now)
    added = [] if only else new_dates(series, change, from_date=from_date, now=now)
    plan = ChangePlan(series, change, [])
    days = [each.on_date for each in affected] + added
    if not days:
        return plan
    reached = [*days, change.on or days[0]]
    looking = Looking(change.room, min(reached), max(reached), series.purpose_id, whose=whose, now=now)
    taken: list[Place] = []
    for day in sorted(days):
        each = _look(plan, known.get(day) if day not in added else None, day, looking, taken, only=only)
        if each.booking is not None:
            each.may_go = is_cancellable(each.booking, now=now, as_staff=as_staff)
        _choose(each, choices.get(day, ""), change.people, looking, taken)
        if each.problem and not is_final:
            each.problem, each.chosen = "", None
            _choose(each, _usual(each), change.people, looking, taken)
        if each.chosen and not each.problem and each.booking is None:
            taken.append(each.chosen)
        plan.dates.append(each)
    return plan


def new_dates(series: BookingSeries, change: SeriesChange, *, from_date: date, now: datetime) -> list[date]:
    """The dates that a later end adds: those after every date the series ever had."""
    if change.until is None or not series.dates:
        return []
    last = max(each.on_date for each in series.dates)
    repeat = replace(series.repeat, until=change.until, count=None)
    return [day for day in dates_of(repeat) if day > last and day >= from_date and day > local_date(now)]


def repeat_of(series: BookingSeries, change: SeriesChange) -> Repeat:
    """The rule of the series with the end that the change gives it."""
    return replace(series.repeat, until=change.until, count=None) if change.until else series.repeat


def as_request(series: BookingSeries, change: SeriesChange) -> SeriesRequest:
    """What the series asks for once it is changed."""
    return SeriesRequest(
        room=change.room,
        repeat=repeat_of(series, change),
        starts=change.starts,
        minutes=change.minutes,
        people=change.people,
        purpose=change.purpose,
        note=change.note,
        purpose_id=series.purpose_id,
        request_key=series.request_key,
        channel=series.channel,
    )


def is_lighter(was: Place, to: Place) -> bool:
    """Whether a change only gives time back, so that nobody needs to agree to it anew."""
    return was.holds(to)


def _look(
    plan: ChangePlan, known: SeriesDate | None, day: date, looking: Looking, taken: Sequence[Place], *, only: bool
) -> ChangedDate:
    change, booking = plan.change, known.booking if known else None
    place = Place(change.room, change.span_on(day))
    each = ChangedDate(day, _kind(plan, known, place, only=only), booking, place)
    if each.kind is Kind.GOES or (booking and place == each.was and change.people <= booking.people):
        return each
    planned = looking.at(day, place, change.people, taken, instead_of=booking)
    each.state, each.words, each.others = planned.state, planned.words, planned.others
    is_less = booking is not None and is_lighter(place_now(booking), place) and change.people <= booking.people
    each.verdict = replace(planned.verdict, waits=False) if is_less and planned.verdict else planned.verdict
    return each


def _kind(plan: ChangePlan, known: SeriesDate | None, place: Place, *, only: bool) -> Kind:
    if known is None or known.booking is None:
        return Kind.COMES
    until = plan.change.until
    if not only and until is not None and known.on_date > until:
        return Kind.GOES
    if not only and is_own_way(known, plan.series):
        return Kind.OWN
    return Kind.STAYS if place == place_now(known.booking) else Kind.MOVES


def _choose(each: ChangedDate, choice: str, people: int, looking: Looking, taken: Sequence[Place]) -> None:
    """Put in what was chosen for a date: unless somebody says otherwise, nothing that exists is lost."""
    each.choice = choice
    match each.choice:
        case "keep":
            if each.booking is None:
                _refuse(each)
        case "skip":
            if each.booking is not None:
                _refuse(each)
        case "cancel":
            if each.booking is None or not each.may_go:
                _refuse(each, _("It is too late to cancel this date here. Please call the desk."))
        case "change":
            each.chosen = each.place
            if not each.may_be_had:
                _refuse(each, _("This date cannot be changed like that any more. Please choose again."))
        case token:
            _choose_place(each, place_of(token, each.on), people, looking, taken)


def _choose_place(
    each: ChangedDate, place: Place | None, people: int, looking: Looking, taken: Sequence[Place]
) -> None:
    each.chosen = place
    if place is None:
        _refuse(each)
        return
    each.verdict = looking.judged(place, people, taken, instead_of=each.booking)
    if refusals := each.verdict.refusals:
        _refuse(each, " ".join(str(refusal) for refusal in refusals))
    elif place not in each.others:
        each.others.append(place)


def _usual(each: ChangedDate) -> str:
    if each.booking is None:
        return CHANGE if each.is_wanted else SKIP
    if each.kind is Kind.GOES:
        return CANCEL if each.may_go else KEEP
    if each.kind is Kind.OWN or not each.is_wanted:
        return KEEP
    return CHANGE


def _refuse(each: ChangedDate, words: str = "") -> None:
    each.problem, each.choice = words or _("Please choose what to do with this date."), ""
