"""The change of a series, done: dates move, come and go in one transaction, and a series in progress is split."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy import update

from center.bookings import actions
from center.bookings.changing.effects import Change
from center.bookings.changing.moving import carry
from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.places import Place
from center.bookings.rulebook.availability import rules_of
from center.bookings.rulebook.facts import Party
from center.bookings.series import news as series_news
from center.bookings.series.actions import (
    DatesRefused,
    book_date,
    check_reason,
    clear_the_way,
    footing_in,
    hold_dates,
    rooms_named,
    rooms_of,
    write_series,
)
from center.bookings.series.date_plans import Kind, PlannedDate
from center.bookings.series.planning import ChangePlan, SeriesChange, limit_refusals, plan_change
from center.bookings.writing import hold_parties, hold_rooms_in_use, note_override, shape_of
from center.kernel.db import db
from center.kernel.errors import RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_same
from center.people.models import Person


def change_series(
    series: BookingSeries,
    change: SeriesChange,
    choices: Mapping[date, str],
    *,
    from_date: date,
    only: bool,
    by: Person,
    as_staff: bool,
    now: datetime,
    override_reason: str = "",
) -> BookingSeries:
    """Change one date (`only`), or all from a date on that have not begun; returns the series they then belong to.

    A new one where earlier dates keep another time or room. Raises DatesRefused where something is against a date.
    """
    hold_parties(series.person, by, series.organisation)
    hold_rooms_in_use(change.room, *rooms_of(series), *rooms_named(choices))
    hold_dates(series)
    over = clear_the_way(change.places(choices), now=now)
    whose = footing_in(series, as_staff=as_staff)
    if change.room.id != series.room_id and not (only or as_staff):
        broken_rules(limit_refusals(change.room, whose.organisation, now=now, but=series))
    plan = plan_change(series, change, choices, from_date=from_date, only=only, whose=whose, as_staff=as_staff, now=now)
    if plan.problems:
        raise DatesRefused(plan)
    if not plan.dates:
        raise RuleBroken(_l("None of these dates can be changed any more."))
    refuse_unless_same(change.waits, str(plan.waits))
    check_reason([notice for each in plan.against_rules for notice in each.notices], override_reason)
    kept = series if only else _split(series, change, from_date=from_date, by=by, now=now)
    _apply(kept, plan, over, by=by, as_staff=as_staff, now=now)
    for each in plan.against_rules:
        if each.booking and each.verdict:
            note_override(each.booking, each.verdict, override_reason, by=by, channel=Channel.DESK, now=now)
    kept.changed_at = now
    db.session.flush()
    _tell(kept, plan, by=by, as_staff=as_staff, now=now)
    return kept


def _tell(series: BookingSeries, plan: ChangePlan, *, by: Person, as_staff: bool, now: datetime) -> None:
    """Say what is ahead now; where nothing is, what was cancelled."""
    booked = [each.booking for each in series.dates if each.booking]
    ahead = [booking for booking in booked if booking.is_live and booking.ends_at > now]
    gone = [each.booking for each in plan.to_cancel if each.booking]
    kind = series_news.CHANGED if ahead else series_news.CANCELLED
    series_news.tell(series, kind, ahead or gone, by=by, now=now, as_staff=as_staff)


def _apply(
    series: BookingSeries,
    plan: ChangePlan,
    over: Mapping[date, list[Place]],
    *,
    by: Person,
    as_staff: bool,
    now: datetime,
) -> None:
    freed: list[tuple[list[Place], Place]] = []
    for each in plan.to_cancel:
        assert each.booking is not None
        actions.cancel(each.booking, by=by, now=now, as_staff=as_staff, tells=False)
    for each in plan.taken:
        if each.booking and each.chosen:
            left = Place(each.booking.room, each.booking.until_cleared)
            if each.chosen != each.was:
                freed.append(([*over.get(each.on, []), left], each.chosen))
            _carry(each.booking, each, plan.change, as_staff=as_staff, by=by, now=now)
    for each in plan.dates:
        if each.kind is Kind.COMES:
            made = book_date(series, each.on, each.chosen, waits=plan.waits, by=by, now=now) if each.chosen else None
            db.session.add(SeriesDate(series_id=series.id, on_date=each.on, booking=made))
            if each.chosen:
                freed.append((over.get(each.on, []), each.chosen))
    db.session.flush()
    db.session.refresh(series, ["dates"])
    for left_there, place in freed:
        actions.offer_rest(left_there, place.room, place.until_cleared, now=now)


def _carry(
    booking: Booking, each: PlannedDate[Place], wanted: SeriesChange, *, as_staff: bool, by: Person, now: datetime
) -> None:
    """Change one booking as a single one is; the time it leaves is offered when all have moved."""
    assert each.chosen is not None
    was = shape_of(booking)
    to = replace(was, room=each.chosen.room, span=each.chosen.span, people=wanted.people)
    to = replace(to, purpose=wanted.purpose, note=wanted.note)
    if to == was:
        return
    change = Change(was, to)
    proposed = to.proposed(Party.STAFF)
    is_blocked = bool(each.verdict and each.verdict.is_blocked)
    status = BookingStatus.REQUESTED if each.waits else booking.status
    carry(
        booking,
        change,
        clear_at=change.clear_at(
            proposed.until_cleared(rules_of(to.room)).end, had=booking.clear_at, is_blocked=is_blocked
        ),
        status=status,
        by=by,
        channel=Channel.DESK if as_staff else Channel.ONLINE,
        now=now,
    )


def _split(series: BookingSeries, change: SeriesChange, *, from_date: date, by: Person, now: datetime) -> BookingSeries:
    """The series of the changed dates: itself, or a new one where earlier dates keep another time or room."""
    differs = (series.room_id, series.starts, series.minutes) != (change.room.id, change.starts, change.minutes)
    earlier = [each for each in series.dates if each.on_date < from_date]
    later = [each for each in series.dates if each.on_date >= from_date]
    if not (differs and earlier):
        _rewrite(series, change)
        return series
    until = change.until or series.until_on or max(each.on_date for each in series.dates)
    first_on = later[0].on_date if later else from_date
    new = write_series(
        change,
        person=series.person,
        organisation=series.organisation,
        request_key=str(uuid.uuid4()),
        channel=series.channel,
        repeat=replace(series.repeat, first_on=first_on, until=until, count=None),
        purpose_id=series.purpose_id,
        split_from=series,
        by=by,
        now=now,
    )
    series.until_on, series.times = from_date - timedelta(days=1), None
    series.changed_at = now
    db.session.flush()
    db.session.execute(
        update(SeriesDate).where(SeriesDate.id.in_([each.id for each in later])).values(series_id=new.id)
    )
    for each in (series, new):
        db.session.refresh(each, ["dates"])
    return new


def _rewrite(series: BookingSeries, change: SeriesChange) -> None:
    for name, value in change.columns.items():
        setattr(series, name, value)
    if change.until is not None:
        series.until_on, series.times = change.until, None
    db.session.flush()
