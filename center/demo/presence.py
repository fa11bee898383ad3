"""Who has come and who waits, in the demonstration: a case to decide, a call to make, a wish and an open offer."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select

from center.bookings.models import Booking, BookingStatus, Channel
from center.bookings.models.visits import Missed, NoShow, PresenceSettings, WelfareCall
from center.bookings.models.waiting import SlotWish, WishState
from center.bookings.rulebook.availability import room_days
from center.bookings.rulebook.deciding import offer_ends
from center.demo.scene import Scene
from center.rooms import ledger

ROOMS, WISHED = ("R02", "R03"), "R02"  # rooms that people book for themselves
MISSED = 3  # visits of one person, as many as propose a limit
OFFER_MINUTES = 240  # so that whoever looks at the demonstration finds the offer still open
LENGTH = timedelta(hours=1)
APART = timedelta(days=8)


def cast_bookings(bookings: Sequence[dict[str, Any]], scene: Scene) -> None:
    """Give past bookings of people's rooms, before they are written, to those who did not come to them."""
    rooms, alone, forgetful = _room_ids(scene), scene.cast["elder"], _forgetful(scene)
    taken = {forgetful, alone, scene.cast["resident"]}
    past = [b for b in bookings if b["room_id"] in rooms and _is_own_and_past(b, scene.now)]
    own = [b for b in past if b["person_id"] not in taken]
    own.sort(key=lambda b: (b["starts_at"], b["reference"]))
    for booking, person in zip(_spread(reversed(own)), [alone, *[forgetful] * MISSED], strict=False):
        if booking["booked_by_id"] == booking["person_id"]:
            booking["booked_by_id"] = person
        booking["person_id"] = person


def note_visits(scene: Scene) -> None:
    """Write who came and who did not, before the history is told from it."""
    scene.session.add(PresenceSettings(id=1, offer_minutes=OFFER_MINUTES))
    _check_in_lately(scene)
    query = select(Booking).where(Booking.ends_at <= scene.now, Booking.status == BookingStatus.CONFIRMED)
    for person_id in (_forgetful(scene), scene.cast["elder"]):
        of_person = query.where(Booking.person_id == person_id, Booking.starts_at > scene.now - timedelta(days=90))
        for booking in scene.session.scalars(of_person.order_by(Booking.starts_at, Booking.id)).all():
            _miss(scene, booking)
    scene.session.flush()


def add_wishes(scene: Scene) -> None:
    """Let somebody wait for a taken time of the room, and offer them a free one."""
    _wait_for_a_taken_time(scene)
    _offer_a_free_time(scene)
    scene.session.flush()


def _room_ids(scene: Scene) -> list[int]:
    return [scene.rooms[code].id for code in ROOMS]


def _forgetful(scene: Scene) -> int:
    """Somebody without another part, who misses visits."""
    busy = {*scene.cast.values(), *scene.leads.values()}
    return next(r.id for r in scene.everybody if 30 <= r.age < 60 and not r.lives_alone and r.id not in busy)


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


def _check_in_lately(scene: Scene) -> None:
    """Whoever is in a room now that is given to others if unclaimed has been checked in."""
    claimed = [scene.rooms[code].id for code in ROOMS if scene.rooms[code].release_minutes]
    query = select(Booking).where(
        Booking.room_id.in_(claimed),
        Booking.status == BookingStatus.CONFIRMED,
        Booking.starts_at <= scene.now,
        Booking.ends_at > scene.now - timedelta(hours=12),
    )
    for booking in scene.session.scalars(query.order_by(Booking.starts_at, Booking.id)):
        booking.checked_in_at = booking.starts_at


def _miss(scene: Scene, booking: Booking) -> None:
    lives_alone = booking.person_id == scene.cast["elder"]
    whose = {"booking_id": booking.id, "person_id": booking.person_id}
    meaning = Missed.WELFARE if lives_alone else Missed.COUNTS
    facts = {"missed_at": booking.starts_at, "recorded_at": booking.ends_at, "recorded_by_id": scene.cast["clerk"]}
    scene.session.add(NoShow(**whose, meaning=meaning, **facts))
    if lives_alone:
        scene.session.add(WelfareCall(**whose, opened_at=booking.ends_at))


def _wait_for_a_taken_time(scene: Scene) -> None:
    """The first time of the coming days that somebody else has."""
    query = select(Booking).where(
        Booking.room_id == scene.rooms[WISHED].id,
        Booking.status == BookingStatus.CONFIRMED,
        Booking.person_id != scene.cast["resident"],
        Booking.starts_at > scene.now + timedelta(days=3),
    )
    wanted = scene.session.scalars(query.order_by(Booking.starts_at, Booking.id).limit(1)).first()
    if wanted is not None:
        asked_at = scene.now - timedelta(hours=20)
        scene.session.add(_wish(scene, starts_at=wanted.starts_at, ends_at=wanted.ends_at, asked_at=asked_at))


def _offer_a_free_time(scene: Scene) -> None:
    """A free hour of the coming days, held for whoever waited for it."""
    room, now = scene.rooms[WISHED], scene.now
    days = room_days([room], scene.today + timedelta(days=2), scene.today + timedelta(days=6), now=now)
    start = next((start for day in days for start in day.free_starts(60)), None)
    ends_at = start and offer_ends(now, start, zone=scene.zone, lasts=timedelta(minutes=OFFER_MINUTES))
    if start is None or ends_at is None:
        return
    clear_at = start + LENGTH + timedelta(minutes=room.buffer_minutes)
    use = ledger.hold(room, starts_at=start, clear_at=clear_at, held_until=ends_at, zone=scene.zone)
    wish = _wish(scene, starts_at=start, ends_at=start + LENGTH, asked_at=now - timedelta(days=1))
    wish.state, wish.use_id, wish.clear_at = WishState.OFFERED, use.id, clear_at
    wish.offered_at, wish.offer_ends_at = now, ends_at
    scene.session.add(wish)


def _wish(scene: Scene, **times: datetime) -> SlotWish:
    return SlotWish(
        room_id=scene.rooms[WISHED].id,
        person_id=scene.cast["resident"],
        asked_by_id=scene.cast["resident"],
        channel=Channel.ONLINE,
        state=WishState.WAITING,
        purpose="亲子书法",
        people=4,
        **times,
    )
