"""What helps to decide: how the askers kept their bookings so far, and what else is on that day."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import and_, func, or_, select

from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, Channel
from center.bookings.models.visits import Missed, NoShow
from center.bookings.queries import who_booked, with_all
from center.bookings.rulebook.availability import ledger_between, uses_in
from center.bookings.rulebook.facts import Use
from center.bookings.states import is_live_at
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import Span, day_span
from center.rooms.models import Occupancy, UseKind
from center.rooms.queries import LONGEST_ROW

LOOKS_BACK = timedelta(days=365)
LATE = timedelta(hours=24)  # cancelled so short before the start that hardly anybody else could have the room

Party = tuple[bool, int]  # whether it is an organisation, and its id


@dataclass(frozen=True)
class Record:
    """How a person's own bookings, or an organisation's, went within a year."""

    kept: int = 0
    missed: int = 0
    late: int = 0  # cancelled by themselves at less than a day's notice

    @property
    def is_new(self) -> bool:
        """Whether nothing is known of them yet."""
        return not (self.kept or self.missed or self.late)


@dataclass(frozen=True)
class Beside:
    """Something else on the day of a request: when, what, for whom, and its page, where it has one."""

    start: datetime
    end: datetime
    words: str
    reference: str = ""
    is_closed: bool = False
    room: Any = None


@dataclass(frozen=True)
class Day:
    """What else is on the day of a request: in its room, and of its asker."""

    in_room: Sequence[Beside] = ()
    of_asker: Sequence[Beside] = ()


# What higher parts know of these askers on these days: asked with (person ids, organisation ids, days); for each
# party the day, and what there is.
also_of_askers: list[Callable[[Collection[int], Collection[int], Span], Iterable[tuple[Party, Beside]]]] = []


def party(booking: Booking) -> Party:
    """On whose record a booking counts."""
    return _party(booking.organisation_id, booking.person_id)


def is_late(cancelled_at: datetime, starts_at: datetime) -> bool:
    """Whether a booking was cancelled so short before its start that hardly anybody else could have the room."""
    return cancelled_at > starts_at - LATE


def records_of(bookings: Sequence[Booking], *, now: datetime) -> dict[Party, Record]:
    """The record of everybody who asks, in a number of reads that does not depend on how many they are."""
    parties = {party(each) for each in bookings}
    if not parties:
        return {}
    since = now - LOOKS_BACK
    theirs = and_(_of(parties), Booking.starts_at > since, Booking.ends_at > since)  # whichever index is taken
    kept, missed, late = _held(theirs, now), _missed(theirs), _late(theirs)
    return {each: Record(kept.get(each, 0), missed.get(each, 0), late.get(each, 0)) for each in parties}


def days_of(bookings: Sequence[Booking], *, now: datetime) -> dict[int, Day]:
    """What else is on the day of each booking, by its id."""
    if not bookings:
        return {}
    in_rooms, own = _in_rooms(bookings, now=now), _of_askers(bookings, now=now)
    return {
        each.id: Day(
            [one for one in in_rooms.get((each.room_id, _day(each)), ()) if one.reference != each.reference],
            [one for one in own.get((party(each), _day(each)), ()) if one.reference != each.reference],
        )
        for each in bookings
    }


def _party(organisation_id: int | None, person_id: int) -> Party:
    return (True, organisation_id) if organisation_id else (False, person_id)


def _of(parties: Collection[Party]) -> Any:
    organisations = sorted(key for is_organisation, key in parties if is_organisation)
    people = sorted(key for is_organisation, key in parties if not is_organisation)
    own = and_(Booking.person_id.in_(people), Booking.organisation_id.is_(None))
    return or_(own, Booking.organisation_id.in_(organisations))


def _counted(query: Any) -> dict[Party, int]:
    rows = db.session.execute(query.group_by(Booking.organisation_id, Booking.person_id))
    found: dict[Party, int] = {}
    for organisation_id, person_id, number in rows:
        key = _party(organisation_id, person_id)
        found[key] = found.get(key, 0) + number
    return found


def _held(theirs: Any, now: datetime) -> dict[Party, int]:
    came = select(Booking.organisation_id, Booking.person_id, func.count()).where(
        theirs, Booking.status == BookingStatus.CONFIRMED, Booking.ends_at <= now
    )
    return _counted(came.where(~select(NoShow.id).where(NoShow.booking_id == Booking.id).exists()))


def _missed(theirs: Any) -> dict[Party, int]:
    """A missed visit of somebody who lives alone is a reason to call them, and counts for nothing here."""
    query = select(Booking.organisation_id, Booking.person_id, func.count()).join(
        NoShow, NoShow.booking_id == Booking.id
    )
    return _counted(query.where(theirs, NoShow.excused_at.is_(None), NoShow.meaning != Missed.WELFARE))


def _late(theirs: Any) -> dict[Party, int]:
    by_themselves = (
        select(BookingEvent.id)
        .where(BookingEvent.booking_id == Booking.id, BookingEvent.what == BookingChange.CANCELLED)
        .where(BookingEvent.channel == Channel.ONLINE)
    )
    query = select(Booking.organisation_id, Booking.person_id, Booking.cancelled_at, Booking.starts_at).where(
        theirs, Booking.status == BookingStatus.CANCELLED, by_themselves.exists()
    )
    found: dict[Party, int] = {}
    for row in db.session.execute(query):
        if row.cancelled_at and is_late(row.cancelled_at, row.starts_at):
            key = _party(row.organisation_id, row.person_id)
            found[key] = found.get(key, 0) + 1
    return found


def _in_rooms(bookings: Sequence[Booking], *, now: datetime) -> dict[tuple[int, date], list[Beside]]:
    rooms = {each.room_id: each.room for each in bookings}
    wanted = sorted({(each.room_id, _day(each)) for each in bookings})
    spans = {day: day_span(day, centre_zone()) for _room_id, day in wanted}
    first, last = min(span.start for span in spans.values()), max(span.end for span in spans.values())
    these = or_(
        *(
            and_(
                Occupancy.room_id.in_([leaf.id for leaf in rooms[room_id].leaves]),
                Occupancy.starts_at < spans[day].end,
                Occupancy.clear_at > spans[day].start,
            )
            for room_id, day in wanted
        )
    )
    rows = db.session.execute(ledger_between(first, last, last + LONGEST_ROW).where(these)).all()
    uses = uses_in(list(rooms.values()), rows, now=now)
    names = who_booked({use.booking_reference for each in uses.values() for use in each if use.booking_reference})
    return {
        (room_id, day): [_beside(use, names) for use in uses.get(room_id, ()) if use.span.overlaps(spans[day])]
        for room_id, day in wanted
    }


def _beside(use: Use, names: Any) -> Beside:
    words = use.label or names.get(use.booking_reference or "", "")
    return Beside(
        use.span.start, use.ends_at, words, use.booking_reference or "", is_closed=use.kind is UseKind.CLOSURE
    )


def _of_askers(bookings: Sequence[Booking], *, now: datetime) -> dict[tuple[Party, date], list[Beside]]:
    parties, days = {party(each) for each in bookings}, [_day(each) for each in bookings]
    within = Span(day_span(min(days), centre_zone()).start, day_span(max(days), centre_zone()).end)
    query = select(Booking).where(
        _of(parties), is_live_at(now), Booking.ends_at > within.start, Booking.starts_at < within.end
    )
    found: dict[tuple[Party, date], list[Beside]] = {}
    for each in db.session.scalars(with_all(query)).unique():
        beside = Beside(each.starts_at, each.ends_at, each.purpose, each.reference, room=each.room)
        found.setdefault((party(each), _day(each)), []).append(beside)
    people = [key for is_organisation, key in parties if not is_organisation]
    organisations = [key for is_organisation, key in parties if is_organisation]
    for ask in also_of_askers:
        for whose, beside in ask(people, organisations, within):
            found.setdefault((whose, local_date(beside.start)), []).append(beside)
    return {key: sorted(listed, key=lambda one: (one.start, one.reference)) for key, listed in found.items()}


def _day(booking: Booking) -> date:
    return local_date(booking.starts_at)
