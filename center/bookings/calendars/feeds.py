"""What the calendars hold, each read in a number of queries that does not depend on how many bookings there are."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, select

from center.bookings.calendars.entries import (
    Address,
    Entry,
    closure_entry,
    end_of,
    is_hidden,
    own_entry,
    public_entry,
    public_words,
)
from center.bookings.models import LIVE, Booking
from center.bookings.policy import belongs_to
from center.bookings.states import state_at
from center.kernel.db import db
from center.kernel.i18n import centre_zone, in_language, local_date
from center.kernel.spans import Span, day_span
from center.organisations.models import Organisation
from center.organisations.queries import organisations_led_by
from center.rooms.models import Closure, Room
from center.rooms.queries import all_rooms, rooms_on_boards

BACK, AHEAD = timedelta(days=60), timedelta(days=400)
JUST_BACK = timedelta(days=14)  # of the whole centre's calendar, unless more is asked for
GONE_STAY = timedelta(days=30)  # how long a person's calendar still says that a booking is off


@dataclass(frozen=True)
class Feed:
    """A calendar: its entries by time, and when any of it last changed."""

    entries: tuple[Entry, ...]
    changed_at: datetime


def joined(*feeds: Feed | None) -> Feed:
    """Several calendars as one, by time; those that have nothing to say are None."""
    some = [feed for feed in feeds if feed is not None]
    entries = sorted((entry for feed in some for entry in feed.entries), key=lambda entry: (entry.starts_at, entry.uid))
    return Feed(tuple(entries), max(feed.changed_at for feed in some))


def feed_span(now: datetime, *, back: timedelta = BACK) -> Span:
    """The days that calendars hold: whole ones, so that a calendar stays the same all day."""
    today, zone = local_date(now), centre_zone()
    return Span(day_span(today - back, zone).start, day_span(today + AHEAD, zone).end)


def centre_feed(*, now: datetime, room_address: Address, centre_address: str, back: timedelta = JUST_BACK) -> Feed:
    """Every room's bookings, and all closures."""
    return _feed_of(rooms_on_boards(), feed_span(now, back=back), room_address, centre_address, now=now)


def room_feed(room: Room, *, now: datetime, room_address: Address, centre_address: str) -> Feed:
    """What takes time of one room: its own bookings, those of its whole or its parts, and closures."""
    return _feed_of(room.kin, feed_span(now), room_address, centre_address, now=now, hide_all=is_hidden(room))


def _feed_of(
    listed: Iterable[Room],
    within: Span,
    room_address: Address,
    centre_address: str,
    *,
    now: datetime,
    hide_all: bool = False,
) -> Feed:
    rooms = {room.id: room for room in listed}
    rows = _bookings(Booking.room_id.in_(sorted(rooms)), within, now)
    entries = _public(rows, rooms, room_address=room_address, hide_all=hide_all)
    closures = _closures(within, Closure.room_id.is_(None) | Closure.room_id.in_(sorted(rooms)))
    shut = _closed(closures, rooms, room_address, centre_address, hide_all=hide_all)
    return _feed([*entries, *shut], rows, closures, now=now)


def organisation_feed(organisation: Organisation, *, now: datetime, room_address: Address) -> Feed:
    """An organisation's bookings in all rooms."""
    rooms = {room.id: room for room in all_rooms(with_retired=True)}
    rows = _bookings(Booking.organisation_id == organisation.id, feed_span(now), now)
    shown = [row for row in rows if not is_hidden(rooms[row.room_id])]
    return _feed(_public(shown, rooms, room_address=room_address), rows, (), now=now)


def own_feed(person_id: int, *, now: datetime, booking_address: Address) -> Feed:
    """A person's bookings and those of the organisations they lead now; what is off stays for a while, marked so."""
    rooms = {room.id: room for room in all_rooms(with_retired=True)}
    led = [each.id for each in organisations_led_by(person_id, local_date(now))]
    within = feed_span(now)
    rows = _bookings(belongs_to(Booking, person_id, led), within, now)
    gone_since = _midnight(now) - GONE_STAY
    shown = [row for row in rows if row.status in LIVE or row.changed_at >= gone_since]
    entries = [own_entry(row, rooms[row.room_id], address_of=booking_address) for row in shown]
    return _feed(entries, rows, (), now=now)


def _public(
    rows: Iterable[Any], rooms: dict[int, Room], *, room_address: Address, hide_all: bool = False
) -> Iterator[Entry]:
    words = {
        room.id: public_words(room, is_hidden=hide_all or is_hidden(room), address_of=room_address)
        for room in rooms.values()
    }
    called = cache(in_language)
    for row in rows:
        if row.status in LIVE:
            organisation = called(row.organisation_name, row.organisation_name_en) if row.organisation_name else ""
            yield public_entry(row, words[row.room_id], organisation=organisation)


def _closed(
    closures: Iterable[Closure],
    rooms: dict[int, Room],
    room_address: Callable[[str], str],
    centre_address: str,
    *,
    hide_all: bool = False,
) -> Iterator[Entry]:
    for closure in closures:
        room = rooms[closure.room_id] if closure.room_id else None
        hidden = room is not None and (hide_all or is_hidden(room))
        if end_of(closure) > closure.starts_at:
            address = room_address(room.code) if room else centre_address
            yield closure_entry(closure, room, is_hidden=hidden, address=address)


def _bookings(whose: ColumnElement[bool], within: Span, now: datetime) -> Sequence[Any]:
    """Bookings of every standing that start within the span, by time."""
    query = (
        select(
            Booking.reference,
            Booking.room_id,
            state_at(now).label("status"),
            Booking.purpose,
            Booking.starts_at,
            Booking.ends_at,
            Booking.requested_at,
            Booking.changed_at,
            Booking.sequence,
            Organisation.name.label("organisation_name"),
            Organisation.name_en.label("organisation_name_en"),
        )
        .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
        .where(whose, Booking.starts_at >= within.start, Booking.starts_at < within.end, Booking.ends_at > within.start)
        .order_by(Booking.starts_at, Booking.id)
    )
    return db.session.execute(query).all()


def _closures(within: Span, where: ColumnElement[bool]) -> Sequence[Closure]:
    query = select(Closure).where(where, Closure.ends_at > within.start, Closure.starts_at < within.end)
    return db.session.scalars(query.order_by(Closure.starts_at, Closure.id)).all()


def _feed(entries: Iterable[Entry], rows: Iterable[Any], closures: Iterable[Closure], *, now: datetime) -> Feed:
    """Bookings that are off count for when it changed, although they may not be shown: their leaving is a change."""
    ordered = sorted(entries, key=lambda entry: (entry.starts_at, entry.uid))
    changes = [_midnight(now), *(row.changed_at for row in rows), *(c.changed_at for c in closures if c.changed_at)]
    return Feed(tuple(ordered), max(moment for moment in changes if moment <= now))


def _midnight(now: datetime) -> datetime:
    return day_span(local_date(now), centre_zone()).start
