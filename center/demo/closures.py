"""Closures ahead in the demonstration: a screen is repaired; a floor is polished, and one booking goes on inside it."""

from datetime import timedelta

from sqlalchemy import select

from center.bookings.affected_uses.actions import keep
from center.bookings.models import LIVE, Booking, BookingStatus
from center.demo.scene import Scene
from center.kernel.spans import Span, subtract
from center.rooms import closures, ledger
from center.rooms.models import Closure, UseKind

SCREEN, FLOOR = "R11", "R07"
FROM_NOW = timedelta(days=8)


def polish_floor(scene: Scene) -> None:
    """Close the dance room around the first booking of a day in the week after next; nothing where there is none."""
    room, director, now = scene.rooms[FLOOR], scene.person("director"), scene.now
    query = select(Booking).where(Booking.room_id == room.id, Booking.status.in_(LIVE))
    coming = query.where(Booking.starts_at > now + FROM_NOW).order_by(Booking.starts_at)
    ahead = scene.session.scalars(coming).all()
    kept = next((booking for booking in ahead if booking.status is BookingStatus.CONFIRMED), None)
    if kept is None:
        return
    day = kept.starts_at.astimezone(scene.zone).date()
    hours = Span(scene.at(day, 8), scene.at(day, 20))
    others = [Span(each.starts_at, each.clear_at) for each in ahead if each is not kept and each.starts_at < hours.end]
    around = next(span for span in subtract([hours], others) if span.overlaps(Span(kept.starts_at, kept.clear_at)))
    closures.close(
        room,
        starts_at=around.start,
        ends_at=around.end,
        reason="地板打蜡",
        reason_en="Polishing the floor",
        by=director,
        now=now,
        decide=lambda _uses, _message, _field: keep(kept, reason="打蜡改在你们排练前后进行", by=director, now=now),
    )


def repair_screen(scene: Scene) -> Closure:
    """The council room's screen is repaired next week."""
    room, day = scene.rooms[SCREEN], scene.today + timedelta(days=5)
    starts_at, ends_at = scene.at(day, 14), scene.at(day, 17)
    use = ledger.take(UseKind.CLOSURE, room, starts_at=starts_at, clear_at=ends_at, zone=scene.zone)
    words = {"reason": "电子屏检修", "reason_en": "Repair of the screen"}
    closure = Closure(use_id=use.id, room_id=room.id, starts_at=starts_at, ends_at=ends_at, **words)
    scene.session.add(closure)
    return closure
