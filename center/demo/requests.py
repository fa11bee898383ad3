"""What makes the queue of requests and the caretaker's list worth looking at: an ask, an answer, rooms to set up."""

from datetime import timedelta

from sqlalchemy import select

from center.bookings.actions import answer, ask_for_change
from center.bookings.models import Booking, BookingNeed, BookingStatus, RoomReady
from center.bookings.rulebook.deciding import undecided_until
from center.demo.scene import Scene
from center.kernel.spans import day_span

ASKED = "当天下午有消防检查，能改到上午吗？"
ANSWER = "可以，上午九点半也行。"
WISHES = ("椅子围成一圈，中间留一张小桌", "两排桌子拼成长桌，铺白纸", "前排留两个轮椅位，投影打开")
HALL_EXPIRES, HALL_SET_UP = 120, 30


def dress_up(scene: Scene) -> None:
    """Let requests run out before their start, ask about two of them, and give today's bookings some wishes."""
    halls = [room for room in scene.rooms.values() if room.parts]
    for hall in halls:
        hall.expire_minutes, hall.set_up_minutes = HALL_EXPIRES, HALL_SET_UP
    scene.session.flush()
    waits = select(Booking).where(Booking.status == BookingStatus.REQUESTED, Booking.starts_at > scene.now)
    waiting = scene.session.scalars(waits.order_by(Booking.starts_at, Booking.id)).all()
    for booking in waiting:
        minutes = booking.room.expire_minutes
        booking.expires_at = undecided_until(booking.starts_at, since=scene.now, zone=scene.zone, minutes=minutes)
    scene.session.flush()
    for number, booking in enumerate(waiting[1:3]):
        asked_at = max(booking.requested_at, scene.now - timedelta(hours=3))
        ask_for_change(booking, ASKED, by=scene.person("clerk"), now=asked_at)
        if number:
            answer(booking, ANSWER, by=booking.person, now=scene.now)
    _set_up_today(scene, {room.id for hall in halls for room in (hall, *hall.parts)})
    scene.session.flush()


def _set_up_today(scene: Scene, not_in: set[int]) -> None:
    """The first is ready where its time has come."""
    today = day_span(scene.today, scene.zone)
    query = select(Booking).where(
        Booking.status == BookingStatus.CONFIRMED,
        Booking.starts_at >= today.start,
        Booking.starts_at < today.end,
        Booking.room_id.not_in(not_in),
    )
    found = scene.session.scalars(query.order_by(Booking.starts_at.desc(), Booking.id).limit(len(WISHES))).all()
    for booking, wish in zip(reversed(found), WISHES, strict=False):
        booking.set_up = wish
        if booking.room.features and wish == WISHES[-1]:
            booking.needs = [BookingNeed(need=row.feature) for row in booking.room.features[:2]]
        if wish == WISHES[0]:
            done_at = min(scene.now, booking.starts_at - timedelta(minutes=20))
            scene.session.add(RoomReady(booking_id=booking.id, done_at=done_at, done_by_id=scene.cast["clerk"]))
