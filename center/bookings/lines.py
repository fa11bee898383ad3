"""Bookings as lines of a list: plain rows of what a line says, so that a list that was drawn from them can be kept."""

from collections.abc import Collection
from datetime import date, datetime
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Integer, Select, bindparam, or_, select
from sqlalchemy.orm import aliased

from center.bookings.models import Booking, BookingStatus, standing_at
from center.bookings.rulebook.facts import Named
from center.bookings.states import is_live_at
from center.kernel.db import UtcDateTime, db
from center.kernel.i18n import centre_zone, in_language
from center.kernel.spans import day_span
from center.organisations.models import Organisation
from center.people.models import Person
from center.rooms.models import Room, with_whole

COMING_SHOWN = 50  # of one list; calendars and the workspace have all


class LineRoom(NamedTuple):
    """The room of a line, and its whole where it is a part."""

    name: str
    name_en: str
    whole: str | None
    whole_en: str | None
    cancel_minutes: int

    @property
    def full_name(self) -> str:
        """Its name in the reader's language, like that of a room."""
        whole = in_language(self.whole, self.whole_en) if self.whole else ""
        return with_whole(in_language(self.name, self.name_en), whole)


class BookingLine(NamedTuple):
    """A booking as a list shows it, with the names that the booking itself has."""

    id: int
    reference: str
    person_id: int
    status: BookingStatus
    purpose: str
    people: int
    starts_at: datetime
    ends_at: datetime
    expires_at: datetime | None
    moved_by_staff_at: datetime | None
    checked_in_at: datetime | None
    decision_reason: str
    room: LineRoom
    organisation: Named | None
    person: Named

    def state_at(self, now: datetime) -> BookingStatus:
        """Where it stands at a moment."""
        return standing_at(self, now)


def lines_of_person(
    person_id: int, *, upcoming: bool, now: datetime, led_ids: Collection[int] = (), limit: int = COMING_SHOWN
) -> tuple[BookingLine, ...]:
    """What a person answers for, like `queries.bookings_of_person`."""
    return _lines(_of_person(upcoming=upcoming), me=person_id, led=sorted(led_ids), now=now, limit=limit)


def lines_of_organisations(
    organisation_ids: Collection[int], *, now: datetime, limit: int = COMING_SHOWN
) -> tuple[BookingLine, ...]:
    """Coming live bookings of these organisations, like `queries.bookings_of_organisations`."""
    return _lines(_of_organisations(), led=sorted(organisation_ids), now=now, limit=limit)


def lines_on(day: date, *, now: datetime) -> tuple[BookingLine, ...]:
    """The live bookings that start on a day, like `queries.bookings_on`."""
    whole_day = day_span(day, centre_zone())
    return _lines(_of_day(), start=whole_day.start, end=whole_day.end, now=now)


_NOW: Any = bindparam("now", type_=UtcDateTime())
_LED = bindparam("led", type_=Integer, expanding=True)
_LIMIT = bindparam("limit", type_=Integer)
_WHOLE = aliased(Room)
_OF_BOOKING = BookingLine._fields[: BookingLine._fields.index("room")]
_LINE = (
    select(
        *(Booking.__table__.c[name] for name in _OF_BOOKING),
        *(Room.name, Room.name_en, _WHOLE.name, _WHOLE.name_en, Room.cancel_minutes),
        *(Organisation.name, Organisation.name_en, Person.name),
    )
    .join(Room, Room.id == Booking.room_id)
    .outerjoin(_WHOLE, _WHOLE.id == Room.parent_id)
    .outerjoin(Organisation, Organisation.id == Booking.organisation_id)
    .join(Person, Person.id == Booking.person_id)
)


@cache
def _of_person(*, upcoming: bool) -> Select[*tuple[Any, ...]]:
    theirs = (
        Booking.person_id == bindparam("me", type_=Integer),
        or_(Booking.organisation_id.is_(None), Booking.organisation_id.in_(_LED)),
    )
    ahead = (Booking.ends_at > _NOW) & is_live_at(_NOW)
    order = (Booking.starts_at, Booking.id) if upcoming else (Booking.ends_at.desc(), Booking.id.desc())
    return _LINE.where(*theirs, ahead if upcoming else ~ahead).order_by(*order).limit(_LIMIT)


@cache
def _of_organisations() -> Select[*tuple[Any, ...]]:
    coming = (Booking.organisation_id.in_(_LED), Booking.ends_at > _NOW, is_live_at(_NOW))
    return _LINE.where(*coming).order_by(Booking.starts_at, Booking.id).limit(_LIMIT)


@cache
def _of_day() -> Select[*tuple[Any, ...]]:
    start, end = (bindparam(name, type_=UtcDateTime()) for name in ("start", "end"))
    then = (is_live_at(_NOW), Booking.starts_at >= start, Booking.starts_at < end)
    return _LINE.where(*then).order_by(Booking.starts_at, Booking.room_id, Booking.id)


def _lines(query: Select[*tuple[Any, ...]], **asked: Any) -> tuple[BookingLine, ...]:
    return tuple(_line(row) for row in db.session.connection().execute(query, asked))


def line_of(booking: Booking) -> BookingLine:
    """The line of a booking that was read already, with its room and whoever it is for."""
    room, whose = booking.room, booking.organisation
    named = LineRoom(
        room.name,
        room.name_en,
        room.parent.name if room.parent else None,
        room.parent.name_en if room.parent else None,
        room.cancel_minutes,
    )
    facts = (getattr(booking, name) for name in _OF_BOOKING)
    return BookingLine._make(
        (*facts, named, Named(whose.name, whose.name_en or "") if whose else None, Named(booking.person.name))
    )


def _line(row: Any) -> BookingLine:
    n = len(_OF_BOOKING)
    organisation, organisation_en, person = row[-3:]
    for_whom = Named(organisation, organisation_en or "") if organisation else None
    return BookingLine._make((*row[:n], LineRoom(*row[n:-3]), for_whom, Named(person)))
