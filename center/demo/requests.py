"""What makes the queue of requests and the caretaker's list worth looking at: an ask, an answer, rooms to set up."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from center.bookings.models import (
    Booking,
    BookingChange,
    BookingEvent,
    BookingNeed,
    BookingStatus,
    Channel,
    RoomReady,
)
from center.bookings.rulebook.deciding import undecided_until
from center.kernel.spans import day_span
from center.rooms.models import Room

ASKED = "当天下午有消防检查，能改到上午吗？"
ANSWER = "可以，上午九点半也行。"
WISHES = ("椅子围成一圈，中间留一张小桌", "两排桌子拼成长桌，铺白纸", "前排留两个轮椅位，投影打开")
HALL_EXPIRES, HALL_SET_UP = 120, 30


def dress_up(session: Session, rooms: Mapping[str, Room], *, clerk: int, now: datetime, zone: ZoneInfo) -> None:
    """Let requests run out before their start, ask about two of them, and give today's bookings some wishes."""
    halls = [room for room in rooms.values() if room.parts]
    for hall in halls:
        hall.expire_minutes, hall.set_up_minutes = HALL_EXPIRES, HALL_SET_UP
    session.flush()
    waits = select(Booking).where(Booking.status == BookingStatus.REQUESTED, Booking.starts_at > now)
    for booking in session.scalars(waits.order_by(Booking.id)):
        minutes = booking.room.expire_minutes
        booking.expires_at = undecided_until(booking.starts_at, since=now, zone=zone, minutes=minutes)
    _ask(session, clerk=clerk, now=now)
    _set_up_today(session, {room.id for hall in halls for room in (hall, *hall.parts)}, clerk=clerk, now=now, zone=zone)
    session.flush()


def _ask(session: Session, *, clerk: int, now: datetime) -> None:
    coming = select(Booking).where(Booking.status == BookingStatus.REQUESTED, Booking.starts_at > now)
    two = coming.order_by(Booking.starts_at, Booking.id).offset(1).limit(2)
    for number, booking in enumerate(session.scalars(two)):
        asked_at = max(booking.requested_at, now - timedelta(hours=3))
        booking.change_wanted, booking.change_wanted_at = ASKED, asked_at
        booking.changed_at, booking.sequence = asked_at, booking.sequence + 1
        if number:
            booking.change_answer, booking.change_answered_at = ANSWER, now
        session.add(
            BookingEvent(
                booking_id=booking.id,
                at=asked_at,
                by_id=clerk,
                what=BookingChange.CHANGE_ASKED,
                channel=Channel.DESK,
                reason=ASKED,
            )
        )


def _set_up_today(session: Session, not_in: set[int], *, clerk: int, now: datetime, zone: ZoneInfo) -> None:
    """The first is ready where its time has come."""
    today = day_span(now.astimezone(zone).date(), zone)
    query = select(Booking).where(
        Booking.status == BookingStatus.CONFIRMED,
        Booking.starts_at >= today.start,
        Booking.starts_at < today.end,
        Booking.room_id.not_in(not_in),
    )
    found = session.scalars(query.order_by(Booking.starts_at.desc(), Booking.id).limit(len(WISHES))).all()
    for booking, wish in zip(reversed(found), WISHES, strict=False):
        booking.set_up = wish
        if booking.room.features and wish == WISHES[-1]:
            booking.needs = [BookingNeed(need=row.feature) for row in booking.room.features[:2]]
        if wish == WISHES[0]:
            done_at = min(now, booking.starts_at - timedelta(minutes=20))
            session.add(RoomReady(booking_id=booking.id, done_at=done_at, done_by_id=clerk))
