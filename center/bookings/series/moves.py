"""The change of a series, done: dates move, come and go in one transaction, and a series in progress is split."""

import uuid
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import update

from center.bookings import actions, trail
from center.bookings.actions import Freed
from center.bookings.changing.moving import ready_again
from center.bookings.checks import settle_change
from center.bookings.models import Booking, BookingChange, BookingStatus, Channel
from center.bookings.rulebook.holding import hold_parties, hold_rooms_in_use
from center.bookings.rulebook.overriding import note_override
from center.bookings.rulebook.rules import expiry
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
)
from center.bookings.series.changes import (
    CHANGE,
    KEEP,
    ChangedDate,
    ChangePlan,
    Kind,
    SeriesChange,
    as_request,
    plan_change,
)
from center.bookings.series.models import BookingSeries, SeriesDate
from center.bookings.series.news import SeriesNews
from center.bookings.series.plans import series_refusals
from center.bookings.series.repeats import weekdays_text
from center.bookings.series.shapes import Place, place_of
from center.db import db
from center.errors import RuleBroken, broken_rules
from center.i18n import centre_zone
from center.i18n import lazy_gettext as _l
from center.people.models import Person
from center.rooms import ledger
from center.spans import Span


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

    Where earlier dates keep another time or room, those from the date on become a series of their own. Raises
    DatesRefused, with nothing changed, where something stands against a date as it was chosen.
    """
    hold_parties(series.person, by, series.organisation)
    rooms = [change.room, *rooms_of(series), *rooms_named(choices)]
    hold_rooms_in_use(*rooms)
    hold_dates(series)
    over = clear_the_way(_places_in(change, choices), now=now)
    whose = footing_in(series, as_staff=as_staff)
    if change.room.id != series.room_id and not (only or as_staff):
        broken_rules(series_refusals(as_request(series, change), whose=whose, now=now, instead_of=series))
    plan = plan_change(series, change, choices, from_date=from_date, only=only, whose=whose, as_staff=as_staff, now=now)
    if plan.problems:
        raise DatesRefused(plan)
    if not plan.dates:
        raise RuleBroken(_l("None of these dates can be changed any more."))
    check_reason([notice for each in plan.against_rules for notice in each.notices], override_reason)
    kept = series if only else _split(series, change, from_date=from_date, by=by, now=now)
    _apply(kept, plan, over, by=by, as_staff=as_staff, now=now)
    for each in plan.against_rules:
        if each.booking and each.verdict:
            note_override(each.booking, each.verdict, override_reason, by=by, channel=Channel.DESK, now=now)
    kept.changed_at = now
    db.session.flush()
    ahead = [
        each.booking for each in kept.dates if each.booking and each.booking.is_live and each.booking.ends_at > now
    ]
    gone = [each.booking for each in plan.to_cancel if each.booking]
    news = SeriesNews.CHANGED if ahead else SeriesNews.CANCELLED
    series_news.tell(kept, news, ahead or gone, by=by, now=now, as_staff=as_staff)
    return kept


def _apply(
    series: BookingSeries,
    plan: ChangePlan,
    over: Mapping[date, list[Freed]],
    *,
    by: Person,
    as_staff: bool,
    now: datetime,
) -> None:
    freed: list[tuple[list[Freed], Place]] = []
    for each in plan.to_cancel:
        assert each.booking is not None
        actions.cancel(each.booking, by=by, now=now, as_staff=as_staff, tells=False)
    for each in sorted(plan.to_move, key=lambda each: each.on):
        assert each.chosen is not None
        left = _move(each, as_staff=as_staff, by=by, now=now)
        freed.append(([*over.get(each.on, []), left], each.chosen))
    for each in plan.dates:
        if each.booking is not None and each.choice != KEEP and each.chosen is not None:
            _reword(each.booking, plan.change, by=by, now=now)
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


def _move(each: ChangedDate, *, as_staff: bool, by: Person, now: datetime) -> Freed:
    """Move one booking in the ledger; returns the time it leaves, which is offered when all have moved."""
    booking, to = each.booking, each.chosen
    assert booking is not None
    assert to is not None
    was = trail.Place(booking.room_id, Span(booking.starts_at, booking.ends_at))
    left = Freed(booking.room, Span(booking.starts_at, booking.clear_at))
    clear_at = to.until_cleared.end
    if booking.set_up.strip():
        clear_at += timedelta(minutes=to.room.set_up_minutes)
    ledger.retake(booking.use_id, to.room, starts_at=to.span.start, clear_at=clear_at, zone=centre_zone())
    booking.room, booking.starts_at, booking.ends_at, booking.clear_at = to.room, to.span.start, to.span.end, clear_at
    booking.checked_in_at = booking.moved_by_staff_at = booking.move_agreed_at = None
    settle_change(booking)
    ready_again(booking)
    if each.waits and booking.status is BookingStatus.CONFIRMED:
        actions.change_status(booking, BookingStatus.REQUESTED, now=now)
        booking.decided_at = booking.decided_by = None
    else:
        booking.changed_at = now
        booking.sequence += 1
    if booking.status is BookingStatus.REQUESTED:
        booking.expires_at = expiry(to.span.start, expire_minutes=to.room.expire_minutes, now=now)
    db.session.flush()
    channel = Channel.DESK if as_staff else Channel.ONLINE
    trail.note(booking, BookingChange.MOVED, by=by, channel=channel, now=now, was=was)
    return left


def _places_in(change: SeriesChange, choices: Mapping[date, str]) -> dict[date, Place]:
    found: dict[date, Place] = {}
    for on, choice in choices.items():
        place = Place(change.room, change.span_on(on)) if choice == CHANGE else place_of(choice, on)
        if place is not None:
            found[on] = place
    return found


def _reword(booking: Booking, change: SeriesChange, *, by: Person, now: datetime) -> None:
    """What the date is for, how many come, what the staff should know."""
    now_is = (booking.purpose, booking.people, booking.note)
    if now_is == (change.purpose, change.people, change.note):
        return
    booking.purpose, booking.people, booking.note = change.purpose, change.people, change.note
    booking.changed_at = now
    booking.sequence += 1
    db.session.flush()
    trail.note(booking, BookingChange.EDITED, by=by, now=now)


def _split(series: BookingSeries, change: SeriesChange, *, from_date: date, by: Person, now: datetime) -> BookingSeries:
    """The series of the changed dates: itself, or a new one where earlier dates keep another time or room."""
    differs = (series.room_id, series.starts, series.minutes) != (change.room.id, change.starts, change.minutes)
    earlier = [each for each in series.dates if each.on_date < from_date]
    later = [each for each in series.dates if each.on_date >= from_date]
    if not (differs and earlier):
        _rewrite(series, change)
        return series
    repeat = series.repeat
    last = change.until or repeat.until or max(each.on_date for each in series.dates)
    new = BookingSeries(
        reference=f"S-{actions.new_reference()}",
        room=change.room,
        person=series.person,
        organisation=series.organisation,
        booked_by=by,
        request_key=str(uuid.uuid4()),
        channel=series.channel,
        frequency=repeat.frequency,
        weekdays=weekdays_text(repeat.weekdays),
        nth=repeat.nth,
        first_on=later[0].on_date if later else from_date,
        until_on=last,
        starts=change.starts,
        minutes=change.minutes,
        people=change.people,
        purpose=change.purpose,
        purpose_id=series.purpose_id,
        note=change.note,
        made_at=now,
        changed_at=now,
        split_from=series,
    )
    db.session.add(new)
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
    series.room, series.starts, series.minutes = change.room, change.starts, change.minutes
    series.people, series.purpose, series.note = change.people, change.purpose, change.note
    if change.until is not None:
        series.until_on, series.times = change.until, None
    db.session.flush()
