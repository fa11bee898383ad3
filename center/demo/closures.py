"""Closures ahead in the demonstration: a screen is repaired; a floor is polished, and one booking goes on inside it."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from center.bookings.affected_uses.actions import keep
from center.bookings.models import LIVE, Booking, BookingStatus
from center.kernel.db import db
from center.kernel.spans import Span, subtract
from center.people.models import Person
from center.rooms import closures, ledger
from center.rooms.models import Closure, Room, UseKind

ROOM = "R07"
FROM_NOW = timedelta(days=8)


def polish_floor(rooms: Mapping[str, Room], *, director_id: int, now: datetime, zone: ZoneInfo) -> None:
    """Close the dance room around the first booking of a day in the week after next; nothing where there is none."""
    query = select(Booking).where(Booking.room_id == rooms[ROOM].id, Booking.status.in_(LIVE))
    ahead = db.session.scalars(query.where(Booking.starts_at > now + FROM_NOW).order_by(Booking.starts_at)).all()
    kept = next((booking for booking in ahead if booking.status is BookingStatus.CONFIRMED), None)
    if kept is None:
        return
    director = db.session.get_one(Person, director_id)
    day = kept.starts_at.astimezone(zone).date()
    hours = Span(datetime.combine(day, time(8), zone), datetime.combine(day, time(20), zone))
    others = [Span(each.starts_at, each.clear_at) for each in ahead if each is not kept and each.starts_at < hours.end]
    around = next(span for span in subtract([hours], others) if span.overlaps(Span(kept.starts_at, kept.clear_at)))
    why, why_en = "地板打蜡", "Polishing the floor"
    closures.close(
        rooms[ROOM],
        starts_at=around.start,
        ends_at=around.end,
        reason=why,
        reason_en=why_en,
        by=director,
        now=now,
        settle=lambda _uses, _message, _field: keep(kept, reason="打蜡改在你们排练前后进行", by=director, now=now),
    )


def repair_screen(session: Session, room: Room, *, today: date, zone: ZoneInfo) -> Closure:
    """The council room's screen is repaired next week."""
    starts_at, ends_at = (datetime.combine(today + timedelta(days=5), time(hour), zone) for hour in (14, 17))
    use = ledger.take(UseKind.CLOSURE, room, starts_at=starts_at, clear_at=ends_at, zone=zone)
    words = {"reason": "电子屏检修", "reason_en": "Repair of the screen"}
    closure = Closure(use_id=use.id, room_id=room.id, starts_at=starts_at, ends_at=ends_at, **words)
    session.add(closure)
    return closure
