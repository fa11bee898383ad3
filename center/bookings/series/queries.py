"""Ordered reads of series and their dates."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Exists, Select, exists, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.bookings.models import Booking, BookingStatus
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.policy import belongs_to
from center.bookings.states import is_live_at
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import Room


def get_series(reference: str) -> BookingSeries:
    """The series with this reference, with its dates and their bookings; raises NotFound."""
    query = _with_all(select(BookingSeries).where(BookingSeries.reference == reference.upper()))
    return must_find(db.session.scalar(query), _l("There is no series with this reference."))


def series_by_booking(booking_ids: Collection[int]) -> dict[int, BookingSeries]:
    """The series of each of these bookings that is one date of one, by the booking's id."""
    query = (
        select(SeriesDate)
        .where(SeriesDate.booking_id.in_(sorted(booking_ids)))
        .options(joinedload(SeriesDate.series).options(*_its_people()))
        .order_by(SeriesDate.id)
    )
    return {each.booking_id: each.series for each in db.session.scalars(query) if each.booking_id is not None}


def live_series(
    *, person_id: int | None = None, organisation_ids: Collection[int] = (), now: datetime
) -> Sequence[BookingSeries]:
    """The series of a person or of organisations that have a date ahead, by room and first day."""
    whose = belongs_to(BookingSeries, person_id, organisation_ids)
    query = select(BookingSeries).where(whose, is_ahead(now)).order_by(BookingSeries.first_on, BookingSeries.id)
    return db.session.scalars(_with_all(query)).all()


def is_ahead(now: datetime) -> Exists:
    """Of a series in a query: whether it has a date that stands and is not over."""
    return exists().where(
        SeriesDate.series_id == BookingSeries.id,
        Booking.id == SeriesDate.booking_id,
        Booking.ends_at > now,
        is_live_at(now),
    )


def changeable(dates: Iterable[SeriesDate], from_date: date, *, only: bool, now: datetime) -> list[SeriesDate]:
    """The dates that a change from one date on speaks of: live ones that have not begun."""
    asked = (each for each in dates if (each.on_date == from_date if only else each.on_date >= from_date))
    return [each for each in asked if each.is_to_come(now)]


def followers_of(series: BookingSeries) -> Sequence[BookingSeries]:
    """The series that were split from this one, in order."""
    query = select(BookingSeries).where(BookingSeries.split_from_id == series.id)
    return db.session.scalars(query.order_by(BookingSeries.first_on, BookingSeries.id)).all()


def waiting_dates(series: BookingSeries, *, now: datetime) -> list[SeriesDate]:
    """The dates of a series that wait for a decision."""
    return [each for each in series.dates if each.booking and each.booking.state_at(now) is BookingStatus.REQUESTED]


def _its_people() -> tuple[_AbstractLoad, ...]:
    return (
        joinedload(BookingSeries.room).selectinload(Room.parent),
        joinedload(BookingSeries.person),
        joinedload(BookingSeries.organisation),
    )


def _with_all(query: Select[Any]) -> Select[Any]:
    return query.options(
        joinedload(BookingSeries.room).options(selectinload(Room.parent), selectinload(Room.parts)),
        joinedload(BookingSeries.person),
        joinedload(BookingSeries.organisation),
        joinedload(BookingSeries.booked_by),
        joinedload(BookingSeries.split_from),
        selectinload(BookingSeries.dates)
        .joinedload(SeriesDate.booking)
        .joinedload(Booking.room)
        .selectinload(Room.parent),
    )
