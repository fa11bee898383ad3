"""Booking many series at once that the centre gives out: planned before, written in statements that do not grow.

What a party may book by itself does not count here, and nobody is told: whoever gives them out says so.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import insert, inspect, select

from center.bookings import actions, history
from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.places import Place
from center.bookings.series.actions import clear_the_way, shape_in
from center.bookings.series.date_checks import OnBehalf
from center.bookings.series.date_plans import PlannedDate
from center.bookings.series.planning import SeriesPlan
from center.bookings.states import is_waiting_at
from center.bookings.writing import booking_of, hold_all_parties, hold_rooms_in_use
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.kernel.spans import Span
from center.kernel.texts import new_reference
from center.people.models import Person
from center.rooms import ledger
from center.rooms.models import Room, UseKind


@dataclass(frozen=True)
class Given:
    """A series that is given to somebody, as it was planned."""

    plan: SeriesPlan
    whose: OnBehalf

    @property
    def places(self) -> list[tuple[PlannedDate[Place], Place]]:
        """The dates that are booked, each with where, in the order of time."""
        found = [(each, each.chosen) for each in self.plan.to_book if each.chosen]
        return sorted(found, key=lambda one: one[1].span)


def give_series(given: Sequence[Given], *, by: Person, now: datetime) -> list[BookingSeries]:
    """Book all of them, or none, in their order. They were planned in this transaction, which holds the line.

    Raises TimeTaken where somebody has one of the times after all.
    """
    hold_all_parties([(each.whose.person, each.whose.organisation) for each in given], by)
    hold_rooms_in_use(*{each.plan.request.room for each in given})
    places = [place for each in given for _planned, place in each.places]
    _clear_the_way(given, places, now=now)
    made = [_series(each, by=by, now=now) for each in given]
    db.session.add_all(made)
    db.session.flush()
    takings = [(place.room, place.until_cleared) for place in places]
    uses = iter(ledger.take_all(UseKind.BOOKING, takings, zone=centre_zone()))
    rows = [
        (series, each.on, _row(_booking(series, each, place, next(uses), by=by, now=now)))
        for series, one in zip(made, given, strict=True)
        for each, place in one.places
    ]
    ids = _insert([row for _series, _day, row in rows])
    _date(made, given, {(series.id, day): ids[row["reference"]] for series, day, row in rows})
    history.note_new(list(ids.values()), channel=Channel.DESK, by=by, now=now)
    return made


def _row(booking: Booking) -> dict[str, Any]:
    """A booking that is not written yet, as a row to be written with many others."""
    plain = {each.key: vars(booking)[each.key] for each in inspect(Booking).column_attrs if each.key in vars(booking)}
    return {
        **plain,
        "room_id": booking.room.id,
        "person_id": booking.person.id,
        "organisation_id": booking.organisation.id if booking.organisation else None,
        "booked_by_id": booking.booked_by.id if booking.booked_by else None,
    }


def _date(made: Sequence[BookingSeries], given: Sequence[Given], booked: Mapping[tuple[int, date], int]) -> None:
    """Write every date of the rules: those that are booked, and those that are left out."""
    days = [(series.id, each.on) for series, one in zip(made, given, strict=True) for each in one.plan.dates]
    rows = [{"series_id": key, "on_date": day, "booking_id": booked.get((key, day))} for key, day in days]
    if rows:
        db.session.execute(insert(SeriesDate), rows)


def _insert(rows: Sequence[dict[str, Any]]) -> dict[str, int]:
    """Write bookings by one statement; their ids by their references, as the database gives them in no order."""
    if not rows:
        return {}
    found = db.session.execute(insert(Booking).returning(Booking.id, Booking.reference), rows)
    return {row.reference: row.id for row in found}


def _clear_the_way(given: Sequence[Given], places: Sequence[Place], *, now: datetime) -> None:
    """Put away overdue requests in the way, date by date: mostly there are none, which one look tells."""
    if not places or not _has_overdue({place.room for place in places}, _around(places), now=now):
        return
    for each in given:
        chosen = {planned.on: place for planned, place in each.places}
        for on, freed in clear_the_way(chosen, now=now).items():
            actions.offer_rest(freed, chosen[on].room, chosen[on].until_cleared, now=now)


def _around(places: Iterable[Place]) -> Span:
    spans = [place.until_cleared for place in places]
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def _has_overdue(rooms: Iterable[Room], span: Span, *, now: datetime) -> bool:
    ids = {each.id for room in rooms for each in ledger.family(room)}
    query = select(Booking.id).where(
        Booking.room_id.in_(sorted(ids)),
        Booking.clear_at > span.start,
        Booking.starts_at < span.end,
        Booking.status == BookingStatus.REQUESTED,
        ~is_waiting_at(now),
    )
    return db.session.scalar(query.limit(1)) is not None


def _series(each: Given, *, by: Person, now: datetime) -> BookingSeries:
    return BookingSeries(
        reference=f"S-{new_reference()}",
        booked_by=by,
        made_at=now,
        changed_at=now,
        person=each.whose.person,
        organisation=each.whose.organisation,
        **each.plan.request.columns,
    )


def _booking(
    series: BookingSeries, each: PlannedDate[Place], place: Place, use_id: int, *, by: Person, now: datetime
) -> Booking:
    key = uuid.uuid5(uuid.UUID(series.request_key), f"{series.id} {each.on.isoformat()}")
    return booking_of(
        use_id,
        shape_in(series, place),
        clear_at=place.until_cleared.end,
        waits=False,
        person=series.person,
        organisation=series.organisation,
        by=by,
        channel=series.channel,
        request_key=str(key),
        now=now,
    )
