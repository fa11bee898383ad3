"""Who has come and who waits, in the demonstration: a case to decide, a call to make, a wish and an open offer."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.models.visits import Missed, NoShow, PresenceSettings, WelfareCall
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.availability import room_days
from center.bookings.rulebook.deciding import offer_ends
from center.rooms import ledger
from center.rooms.models import Room

MISSED = 3  # visits of one person, as many as propose a limit
OFFER_MINUTES = 240  # so that whoever looks at the demonstration finds the offer still open
LENGTH = timedelta(hours=1)
APART = timedelta(days=8)


@dataclass(frozen=True)
class Parts:
    """Who is in it: somebody who missed visits, somebody alone who did, who waits, and who notes it at the desk."""

    forgetful: int
    alone: int
    waiting: int
    clerk: int


def cast_bookings(bookings: Sequence[dict[str, Any]], room_ids: Iterable[int], parts: Parts, *, now: datetime) -> None:
    """Give past bookings of these rooms, before they are written, to those who did not come to them."""
    rooms = set(room_ids)
    taken = {parts.forgetful, parts.alone, parts.waiting}
    own = [b for b in bookings if b["room_id"] in rooms and _is_own_and_past(b, now) and b["person_id"] not in taken]
    own.sort(key=lambda b: (b["starts_at"], b["reference"]))
    for booking, person in zip(_spread(reversed(own)), [parts.alone, *[parts.forgetful] * MISSED], strict=False):
        if booking["booked_by_id"] == booking["person_id"]:
            booking["booked_by_id"] = person
        booking["person_id"] = person


def note_visits(session: Session, rooms: Sequence[Room], parts: Parts, *, now: datetime) -> None:
    """Write who came and who did not, before the history is told from it."""
    session.add(PresenceSettings(id=1, offer_minutes=OFFER_MINUTES))
    _check_in_lately(session, rooms, now=now)
    query = select(Booking).where(Booking.ends_at <= now, Booking.status == BookingStatus.CONFIRMED)
    for person_id in (parts.forgetful, parts.alone):
        of_person = query.where(Booking.person_id == person_id, Booking.starts_at > now - timedelta(days=90))
        for booking in session.scalars(of_person.order_by(Booking.starts_at, Booking.id)).all():
            _miss(session, booking, parts.clerk, lives_alone=person_id == parts.alone)
    session.flush()


def add_wishes(session: Session, room: Room, parts: Parts, *, now: datetime, zone: ZoneInfo) -> None:
    """Let somebody wait for a taken time of the room, and offer them a free one."""
    _wait_for_a_taken_time(session, room, parts.waiting, now=now)
    _offer_a_free_time(session, room, parts.waiting, now=now, zone=zone)
    session.flush()


def _is_own_and_past(booking: dict[str, Any], now: datetime) -> bool:
    is_own = booking["organisation_id"] is None and booking["status"] == BookingStatus.CONFIRMED
    return is_own and now - timedelta(days=60) < booking["starts_at"] and booking["ends_at"] < now - timedelta(days=1)


def _spread(latest_first: Iterable[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    """Some of them, a week or more apart."""
    last: datetime | None = None
    for booking in latest_first:
        if last is None or last - booking["starts_at"] >= APART:
            last = booking["starts_at"]
            yield booking


def _check_in_lately(session: Session, rooms: Sequence[Room], *, now: datetime) -> None:
    """Whoever is in a room now that is given to others if unclaimed has been checked in."""
    claimed = [room.id for room in rooms if room.release_minutes]
    query = select(Booking).where(
        Booking.room_id.in_(claimed),
        Booking.status == BookingStatus.CONFIRMED,
        Booking.starts_at <= now,
        Booking.ends_at > now - timedelta(hours=12),
    )
    for booking in session.scalars(query.order_by(Booking.starts_at, Booking.id)).all():
        booking.checked_in_at = booking.starts_at


def _miss(session: Session, booking: Booking, clerk_id: int, *, lives_alone: bool) -> None:
    noted = booking.ends_at
    meaning = Missed.WELFARE if lives_alone else Missed.COUNTS
    facts = {"missed_at": booking.starts_at, "recorded_at": noted, "recorded_by_id": clerk_id}
    session.add(NoShow(booking_id=booking.id, person_id=booking.person_id, meaning=meaning, **facts))
    if lives_alone:
        session.add(WelfareCall(booking_id=booking.id, person_id=booking.person_id, opened_at=noted))


def _wait_for_a_taken_time(session: Session, room: Room, person_id: int, *, now: datetime) -> None:
    """The first time of the coming days that somebody else has."""
    query = select(Booking).where(
        Booking.room_id == room.id,
        Booking.status == BookingStatus.CONFIRMED,
        Booking.person_id != person_id,
        Booking.starts_at > now + timedelta(days=3),
    )
    wanted = session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(1)).first()
    if wanted is not None:
        times = {"starts_at": wanted.starts_at, "ends_at": wanted.ends_at, "asked_at": now - timedelta(hours=20)}
        session.add(_wish(room, person_id, **times))


def _offer_a_free_time(session: Session, room: Room, person_id: int, *, now: datetime, zone: ZoneInfo) -> None:
    """A free hour of the coming days, held for whoever waited for it."""
    today = now.astimezone(zone).date()
    days = room_days([room], today + timedelta(days=2), today + timedelta(days=6), now=now)
    start = next((start for day in days for start in day.free_starts(60)), None)
    ends_at = start and offer_ends(now, start, zone=zone, lasts=timedelta(minutes=OFFER_MINUTES))
    if start is None or ends_at is None:
        return
    clear_at = start + LENGTH + timedelta(minutes=room.buffer_minutes)
    use = ledger.hold(room, starts_at=start, clear_at=clear_at, held_until=ends_at, zone=zone)
    wish = _wish(room, person_id, starts_at=start, ends_at=start + LENGTH, asked_at=now - timedelta(days=1))
    wish.state, wish.use_id, wish.clear_at = WishState.OFFERED, use.id, clear_at
    wish.offered_at, wish.offer_ends_at = now, ends_at
    session.add(wish)


def _wish(room: Room, person_id: int, **times: datetime) -> SlotWish:
    return SlotWish(
        room_id=room.id,
        person_id=person_id,
        asked_by_id=person_id,
        channel=Channel.ONLINE,
        state=WishState.WAITING,
        purpose="亲子书法",
        people=4,
        **times,
    )
