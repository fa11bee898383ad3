"""Ordered reads of bookings."""

from collections.abc import Collection, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from center.bookings.models import LIVE, Booking, BookingChange, BookingEvent
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.policy import answered_by, belongs_to
from center.bookings.states import awaits_answer_at, is_live_at, is_waiting_at
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import day_span
from center.people.models import Person, erased_name
from center.rooms.models import Room


def get_booking(reference: str) -> Booking:
    """The booking with this reference, with its room and people; raises NotFound."""
    query = with_all(select(Booking).where(Booking.reference == reference.upper()))
    return must_find(db.session.scalar(query), _l("There is no booking with this reference."))


def bookings_of_person(
    person_id: int, *, upcoming: bool, now: datetime, led_ids: Collection[int] = (), limit: int = 50
) -> Sequence[Booking]:
    """What a person answers for: live bookings that have not ended, soonest first; or all others, latest first."""
    ahead = (Booking.ends_at > now) & is_live_at(now)
    query = select(Booking).where(answered_by(Booking, person_id, led_ids), ahead if upcoming else ~ahead)
    order = (Booking.starts_at, Booking.id) if upcoming else (Booking.ends_at.desc(), Booking.id.desc())
    return db.session.scalars(with_all(query).order_by(*order).limit(limit)).all()


def bookings_of_organisations(organisation_ids: Sequence[int], *, now: datetime, limit: int = 50) -> Sequence[Booking]:
    """Coming live bookings of these organisations, soonest first."""
    query = select(Booking).where(Booking.organisation_id.in_(organisation_ids), Booking.ends_at > now, is_live_at(now))
    return db.session.scalars(with_all(query).order_by(Booking.starts_at, Booking.id).limit(limit)).all()


def count_waiting_requests(now: datetime) -> int:
    """How many requests wait for a decision."""
    return db.session.scalar(select(func.count()).where(is_waiting_at(now))) or 0


def bookings_on(day: date, *where: ColumnElement[bool], zone: ZoneInfo, now: datetime) -> Sequence[Booking]:
    """The live bookings that start on a day (of these), by time and room."""
    whole_day = day_span(day, zone)
    is_then = (Booking.starts_at >= whole_day.start) & (Booking.starts_at < whole_day.end)
    query = select(Booking).where(is_live_at(now), is_then, *where)
    return db.session.scalars(with_all(query).order_by(Booking.starts_at, Booking.room_id, Booking.id)).all()


def awaiting_answer(person_id: int, *, led_ids: Collection[int], now: datetime) -> Sequence[Booking]:
    """What waits for a word of a person, also for organisations they lead: staff moved it or want it changed."""
    query = select(Booking).where(belongs_to(Booking, person_id, led_ids), awaits_answer_at(now))
    return db.session.scalars(with_all(query).order_by(Booking.starts_at, Booking.id)).all()


def moves_of(bookings: Collection[Booking]) -> dict[int, BookingEvent]:
    """The last move of each of these bookings that was moved, by its id: where and when it was before."""
    query = select(BookingEvent).where(
        BookingEvent.booking_id.in_(sorted(each.id for each in bookings)), BookingEvent.what == BookingChange.MOVED
    )
    found = db.session.scalars(query.options(joinedload(BookingEvent.was_room)).order_by(BookingEvent.id))
    return {event.booking_id: event for event in found}


def latest_move(history: Sequence[BookingEvent]) -> BookingEvent | None:
    """The last event of a booking's history that moved it."""
    return next((event for event in reversed(history) if event.what is BookingChange.MOVED), None)


def who_booked(references: Collection[str]) -> dict[str, str]:
    """The name of the person of each of these bookings, by reference; for pages of staff only."""
    query = select(Booking.reference, Person.name).join(Booking.person)
    rows = db.session.execute(query.where(Booking.reference.in_(sorted(references))))
    return {row.reference: row.name or erased_name() for row in rows}


def with_all(query: Select[Any]) -> Select[Any]:
    """A query of bookings that brings along what a page of them shows."""
    return query.options(
        joinedload(Booking.room).selectinload(Room.features),
        joinedload(Booking.room).selectinload(Room.parent),
        joinedload(Booking.person).options(joinedload(Person.building), selectinload(Person.grants)),
        joinedload(Booking.organisation),
        joinedload(Booking.booked_by),
        selectinload(Booking.needs),
    )


def references_between(
    person_id: int, organisation_ids: Sequence[int], start: datetime, end: datetime
) -> frozenset[str]:
    """The references of a person's own live bookings and of these organisations', that touch this time."""
    theirs = belongs_to(Booking, person_id, organisation_ids)
    query = select(Booking.reference).where(theirs, Booking.ends_at > start, Booking.starts_at < end)
    return frozenset(db.session.scalars(query.where(Booking.status.in_(LIVE))))


def find_series_of(booking: Booking) -> BookingSeries | None:
    """The series that a booking is one date of, if it is."""
    query = select(BookingSeries).join(SeriesDate, SeriesDate.series_id == BookingSeries.id)
    return db.session.scalar(query.where(SeriesDate.booking_id == booking.id))
