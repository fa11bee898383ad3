"""Closures: time in which a room or the whole centre cannot be used. They stand in the ledger like every other use."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from center.db import db, lock
from center.errors import NotFound, RuleBroken
from center.i18n import centre_zone
from center.i18n import lazy_gettext as _l
from center.logs import log
from center.rooms import ledger
from center.rooms.models import Closure, Occupancy, Room, UseKind
from center.rooms.queries import all_rooms
from center.rooms.uses import InUse, family, live_uses, lock_rooms

LONGEST = timedelta(days=366)

# What else is done when a closure is lifted, in the same transaction. Bookings offers the time to whoever waits for it.
after_lifting: list[Callable[[Closure, datetime], None]] = []


def close(
    room: Room | None, *, starts_at: datetime, ends_at: datetime, reason: str, reason_en: str, by: int, now: datetime
) -> Closure:
    """Close a room with its parts, or with None the whole centre. Raises InUse, with the list, where live uses are."""
    if ends_at <= starts_at:
        raise RuleBroken(_l("The closure must end after it starts."), field="to_date")
    if ends_at <= now:
        raise RuleBroken(_l("This time has passed."), field="to_date")
    if ends_at - starts_at > LONGEST:
        raise RuleBroken(_l("A closure lasts at most a year. Retire the room if it stays closed."), field="to_date")
    rooms = [room] if room else [each for each in all_rooms() if each.parent_id is None]
    lock_rooms(member for each in rooms for member in family(each))
    starts_at = max(starts_at, now)
    if uses := live_uses(rooms, after=starts_at, before=ends_at):
        raise InUse(_l("The room is in use then. Move or cancel these first, or close at other times."), uses)
    leaves = [leaf for each in rooms for leaf in each.leaves]
    if not leaves:
        raise RuleBroken(_l("There are no rooms to close yet."))
    use = ledger.take_each(UseKind.CLOSURE, leaves, starts_at=starts_at, clear_at=ends_at, zone=centre_zone())
    closure = Closure(use_id=use.id, starts_at=starts_at, ends_at=ends_at, reason=reason, reason_en=reason_en)
    closure.room_id = room.id if room else None
    closure.changed_at = now
    db.session.add(closure)
    db.session.flush()
    log.info("room_closed", room=room.code if room else None, closure=closure.id, by=by)
    return closure


def lift(closure: Closure, *, by: int, now: datetime) -> None:
    """Open again before the closure ends; what is left of its time is free. Raises RuleBroken once it is over."""
    lock(closure)
    if closure.lifted_at is not None or closure.ends_at <= now:
        raise RuleBroken(_l("This closure is over already."))
    closure.lifted_at = closure.changed_at = now
    ledger.release_from(closure.use_id, now)
    db.session.flush()
    for follow_up in after_lifting:
        follow_up(closure, now)
    log.info("closure_lifted", closure=closure.id, by=by)


def get_closure(closure_id: int) -> Closure:
    """The closure with this id; raises NotFound."""
    closure = db.session.get(Closure, closure_id)
    if closure is None:
        raise NotFound(_l("There is no such closure."))
    return closure


def closures_ahead(now: datetime, *, until: datetime | None = None, room: Room | None = None) -> Sequence[Closure]:
    """Closures that have not ended, of every room or of one (with its parts and whole), earliest first."""
    query = select(Closure).where(Closure.lifted_at.is_(None), Closure.ends_at > now)
    if until is not None:
        query = query.where(Closure.starts_at < until)
    if room is not None:
        ids = [each.id for each in (room, *room.parts)] + ([room.parent_id] if room.parent_id else [])
        query = query.where(Closure.room_id.is_(None) | Closure.room_id.in_(ids))
    return db.session.scalars(query.options(selectinload(Closure.room)).order_by(Closure.starts_at, Closure.id)).all()


def closures_over(now: datetime, *, most: int = 20) -> Sequence[Closure]:
    """The latest closures that ended or were lifted."""
    query = (
        select(Closure)
        .where(Closure.lifted_at.is_not(None) | (Closure.ends_at <= now))
        .options(selectinload(Closure.room))
        .order_by(Closure.ends_at.desc(), Closure.id.desc())
        .limit(most)
    )
    return db.session.scalars(query).all()


def join_centre_closures(room: Room, *, now: datetime) -> None:
    """A room that comes into use while the whole centre is closed is closed with it."""
    query = select(Closure).where(Closure.room_id.is_(None), Closure.lifted_at.is_(None), Closure.ends_at > now)
    for closure in db.session.scalars(query.order_by(Closure.id)).all():
        for leaf in room.leaves:
            here = select(Occupancy.id).where(Occupancy.use_id == closure.use_id, Occupancy.room_id == leaf.id)
            if db.session.scalar(here.limit(1)) is None:
                span = {"starts_at": max(closure.starts_at, now), "clear_at": closure.ends_at}
                ledger.extend_to(closure.use_id, leaf, **span, zone=centre_zone())
