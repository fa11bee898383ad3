"""What happens to series of bookings. Each function is called inside one `transaction()` and never commits.

All of a series is done or nothing of it. Rows are held in one order everywhere: the people and the organisation, the
rooms by id, the series, its bookings by id, the ledger's queues by part.
"""

import uuid
from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from center.bookings import actions, history
from center.bookings.models import LIVE, Booking, BookingChange, BookingStatus
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.places import Place
from center.bookings.rulebook.facts import Party
from center.bookings.rulebook.judging import party_of
from center.bookings.series import news as series_news
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.planning import (
    ChangePlan,
    SeriesFacts,
    SeriesPlan,
    SeriesRequest,
    limit_refusals,
    plan_series,
)
from center.bookings.writing import (
    MOST_OF_REASON,
    NeedsReason,
    Shape,
    hold_parties,
    hold_rooms_in_use,
    note_override,
    write_booking,
)
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_same
from center.kernel.texts import new_reference
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Room, UseKind


class DatesRefused(Conflict):
    """Something stands against dates that were chosen; the plan says what."""

    def __init__(self, plan: SeriesPlan | ChangePlan) -> None:
        super().__init__(
            _l("Some dates cannot be as you chose. Nothing is booked or changed yet: please look at them again.")
        )
        self.plan = plan


def book_series(
    request: SeriesRequest,
    choices: Mapping[date, str],
    *,
    whose: OnBehalf,
    by: Person,
    now: datetime,
    override_reason: str = "",
) -> BookingSeries:
    """Book every date that was chosen, or none. Sending the same form again returns the series it made.

    Raises DatesRefused where something stands against a date, NeedsReason where staff must say why.
    """
    hold_parties(whose.person, by, whose.organisation)
    if made := _find_by_key(by, request.request_key):
        return made
    rooms = [request.room, *rooms_named(choices)]
    hold_rooms_in_use(*rooms)
    over = clear_the_way(request.places(choices), now=now)
    limits = limit_refusals(request.room, whose.organisation, now=now)
    if whose.party is not Party.STAFF:
        broken_rules(limits)
    plan = plan_series(request, choices, whose=whose, now=now, looks_around=False)
    if plan.problems:
        raise DatesRefused(plan)
    if not plan.to_book:
        raise RuleBroken(_l("There is no date to book. Please choose at least one."))
    refuse_unless_same(request.waits, str(plan.waits))
    check_reason([*limits, *(notice for each in plan.against_rules for notice in each.notices)], override_reason)
    series = write_series(request, person=whose.person, organisation=whose.organisation, by=by, now=now)
    bookings = _book_dates(series, plan, override_reason, by=by, now=now)
    if limits:
        words = _("Series of an organisation in one room") + f" · {override_reason.strip()[:MOST_OF_REASON]}"
        history.note(bookings[0], BookingChange.OVERRIDDEN, by=by, channel=request.channel, now=now, reason=words)
    for each in plan.to_book:
        if each.chosen and each.on in over:
            actions.offer_rest(over[each.on], each.chosen.room, each.chosen.until_cleared, now=now)
    series_news.tell(series, series_news.REQUESTED if plan.waits else series_news.BOOKED, bookings, by=by, now=now)
    return series


def check_reason(notices: Sequence[DomainError], reason: str) -> None:
    """Raises NeedsReason where staff book or change dates against rules and have not said why."""
    if notices and not reason.strip():
        raise NeedsReason(notices)


def book_date(series: BookingSeries, on: date, place: Place, *, waits: bool, by: Person, now: datetime) -> Booking:
    """Take the room's time for one date of a series, and write its booking."""
    clear_at = place.until_cleared.end
    use = ledger.take(UseKind.BOOKING, place.room, starts_at=place.span.start, clear_at=clear_at, zone=centre_zone())
    return write_booking(
        use.id,
        shape_in(series, place),
        clear_at=clear_at,
        waits=waits,
        person=series.person,
        organisation=series.organisation,
        by=by,
        channel=series.channel,
        request_key=str(uuid.uuid5(uuid.UUID(series.request_key), f"{series.id} {on.isoformat()}")),
        now=now,
    )


def shape_in(series: BookingSeries, place: Place) -> Shape:
    """What a new date of a series is."""
    return Shape(
        room=place.room,
        span=place.span,
        people=series.people,
        purpose=series.purpose,
        purpose_id=series.purpose_id,
        note=series.note,
    )


def cancel_dates(
    series: BookingSeries, dates: Collection[date], *, by: Person, now: datetime, reason: str = "", as_staff: bool
) -> int:
    """Give the time of some dates back; returns of how many. What is over, or was cancelled before, stays so."""
    hold_rooms_in_use(*rooms_of(series))
    chosen = [each for each in hold_dates(series) if each.on_date in dates]
    booked = [each.booking for each in chosen if each.booking]
    live = [booking for booking in booked if booking.state_at(now) in LIVE and booking.ends_at > now]
    for booking in live:
        actions.cancel(booking, by=by, now=now, reason=reason, as_staff=as_staff, tells=False)
    if live:
        series.changed_at = now
        series_news.tell(series, series_news.CANCELLED, live, by=by, now=now, as_staff=as_staff, reason=reason)
    return len(live)


def decide_series(
    series: BookingSeries, declined: Collection[date], *, reason: str, by: Person, now: datetime
) -> tuple[int, int]:
    """Agree to all waiting dates but those declined, and those that have begun; returns how many of each."""
    hold_rooms_in_use(*rooms_of(series))
    waiting = [
        (each, each.booking)
        for each in hold_dates(series)
        if each.booking and each.booking.state_at(now) is BookingStatus.REQUESTED
    ]
    refused = [booking for each, booking in waiting if each.on_date in declined]
    agreed = [booking for each, booking in waiting if each.on_date not in declined and booking.starts_at > now]
    if refused and not reason:
        raise RuleBroken(_l("Please say why: the person will read it."), field="reason")
    for booking in refused:
        actions.decline(booking, reason=reason, by=by, now=now, tells=False)
    for booking in agreed:
        actions.approve(booking, by=by, now=now, tells=False)
    if agreed or refused:
        series.changed_at = now
        kind = series_news.APPROVED if agreed else series_news.DECLINED
        series_news.tell(series, kind, agreed or refused, by=by, now=now, reason=reason)
    return len(agreed), len(refused)


def hold_dates(series: BookingSeries) -> Sequence[SeriesDate]:
    """Hold a series and its bookings until the transaction ends, and read them anew; its dates, in order."""
    ledger.line_up()
    lock(series)
    ids = select(SeriesDate.booking_id).where(SeriesDate.series_id == series.id, SeriesDate.booking_id.is_not(None))
    held = select(Booking).where(Booking.id.in_(ids)).order_by(Booking.id).with_for_update(key_share=True, of=Booking)
    db.session.scalars(held.execution_options(populate_existing=True)).all()
    query = select(SeriesDate).where(SeriesDate.series_id == series.id).order_by(SeriesDate.on_date)
    return db.session.scalars(query.execution_options(populate_existing=True)).all()


def rooms_of(series: BookingSeries) -> list[Room]:
    """The rooms in which its dates are now."""
    return [series.room, *(each.booking.room for each in series.dates if each.booking)]


def footing_in(series: BookingSeries, *, as_staff: bool) -> OnBehalf:
    """For whom a series is, as it is judged when the desk or when its own people change it."""
    return OnBehalf(series.person, series.organisation, party_of(series.organisation, as_staff=as_staff))


def _book_dates(
    series: BookingSeries, plan: SeriesPlan, override_reason: str, *, by: Person, now: datetime
) -> list[Booking]:
    made: dict[date, Booking] = {}
    for each in sorted(plan.to_book, key=lambda each: each.chosen.span if each.chosen else each.place.span):
        assert each.chosen is not None
        made[each.on] = book_date(series, each.on, each.chosen, waits=plan.waits, by=by, now=now)
        if each.verdict:
            note_override(made[each.on], each.verdict, override_reason, by=by, channel=series.channel, now=now)
    for each in plan.dates:
        db.session.add(SeriesDate(series_id=series.id, on_date=each.on, booking=made.get(each.on)))
    db.session.flush()
    return list(made.values())


def write_series(facts: SeriesFacts, *, by: Person, now: datetime, **more: Any) -> BookingSeries:
    """A series with these facts, without its dates."""
    reference = f"S-{new_reference()}"
    series = BookingSeries(reference=reference, booked_by=by, made_at=now, changed_at=now, **facts.columns, **more)
    db.session.add(series)
    db.session.flush()
    return series


def clear_the_way(places: Mapping[date, Place], *, now: datetime) -> dict[date, list[Place]]:
    """Put away the overdue requests that still hold time which dates are about to take; what each date freed."""
    ways = {on: actions.make_way(place.room, place.until_cleared, now=now) for on, place in sorted(places.items())}
    return {on: freed for on, freed in ways.items() if freed}


def rooms_named(choices: Mapping[date, str]) -> list[Room]:
    """The rooms that choices of other places speak of."""
    codes = sorted({choice.partition("/")[0] for choice in choices.values() if "/" in choice})
    if not codes:
        return []
    return list(db.session.scalars(select(Room).where(Room.code.in_(codes))).all())


def _find_by_key(by: Person, request_key: str) -> BookingSeries | None:
    query = select(BookingSeries).where(BookingSeries.booked_by_id == by.id, BookingSeries.request_key == request_key)
    return db.session.scalar(query)
