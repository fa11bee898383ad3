"""Closures: time in which a room or the whole centre cannot be used. They stand in the ledger like every other use."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import selectinload

from center.kernel import clock
from center.kernel.acts import Act
from center.kernel.affected_uses import DecideUses
from center.kernel.db import db, lock, must_find
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.kernel.trail import note
from center.people.models import Person
from center.rooms import ledger
from center.rooms.known_rooms import lock_rooms
from center.rooms.ledger import family
from center.rooms.models import Closure, Room, UseKind
from center.rooms.queries import all_rooms
from center.rooms.uses import LiveUse, live_uses, refuse

LONGEST = timedelta(days=366)
FAR = timedelta(days=4000)
IN_THE_WAY = _l("The room is in use then. Choose for each use what becomes of it, or close at other times.")


@dataclass(frozen=True, kw_only=True)
class ClosureFacts:
    """From when until when, and why."""

    starts_at: datetime
    ends_at: datetime
    reason: str
    reason_en: str = ""

    def check(self, *, now: datetime) -> None:
        """Raises RuleBroken for a time that is over, too far away, runs backwards or lasts for more than a year."""
        today = local_date(now)
        clock.check_day(self.starts_at.date(), today=today, field="from_date")
        clock.check_day(self.ends_at.date(), today=today, field="to_date")
        if self.ends_at <= self.starts_at:
            raise RuleBroken(_l("The closure must end after it starts."), field="to_date")
        if self.ends_at <= now:
            raise RuleBroken(_l("This time has passed."), field="to_date")
        if self.ends_at - self.starts_at > LONGEST:
            raise RuleBroken(_l("A closure lasts at most a year. Retire the room if it stays closed."), field="to_date")


@dataclass(frozen=True)
class FileEvent:
    """The event of a calendar file that a closure stands for: its UID, RECURRENCE-ID and SEQUENCE (RFC 5545)."""

    uid: str
    recurrence: str = ""
    sequence: int = 0


# What else is done when a closure is lifted, in the same transaction. Bookings offers the time to whoever waits for it.
after_lifting: list[Callable[[Closure, datetime], None]] = []


def close(
    room: Room | None,
    *,
    starts_at: datetime,
    ends_at: datetime,
    reason: str,
    reason_en: str,
    by: Person,
    now: datetime,
    decide: DecideUses = refuse,
    request_key: str | None = None,
    event: FileEvent | None = None,
) -> Closure:
    """Close a room with its parts, or with None the whole centre, for all time that no other closure has.

    `decide` does with each use in the way what was chosen for it, or raises InUse with the list; the closure takes the
    time around a use that stays. A form sent again returns the closure it made.
    """
    facts = ClosureFacts(starts_at=starts_at, ends_at=ends_at, reason=reason, reason_en=reason_en)
    if request_key and (made := _find_by_key(request_key)):
        return made
    facts.check(now=now)
    rooms = _rooms_of(room)
    lock_rooms(member for each in rooms for member in family(each))
    if request_key and (made := _find_by_key(request_key)):
        return made
    same = find_same(room, starts_at=starts_at, ends_at=ends_at)
    if same is not None and (same.reason, same.reason_en) == (reason, reason_en):
        return same  # such as after Back: closing the very same twice is closing it once
    if not rooms:
        raise RuleBroken(_l("There are no rooms to close yet."))
    ledger.clear_expired([leaf for each in rooms for leaf in each.leaves], Span(max(starts_at, now), ends_at), now=now)
    use = ledger.new_use(UseKind.CLOSURE)
    closure = Closure(use_id=use.id, room_id=room.id if room else None, request_key=request_key)
    _put_in(closure, facts, event, starts_at=max(starts_at, now), now=now)
    _take_time(rooms, now=now)
    decide(_met(rooms, Span(closure.starts_at, ends_at)), IN_THE_WAY, None)
    note(Act.ROOM_CLOSED, room, room=room, by=by, reason=reason)
    return closure


def _put_in(
    closure: Closure, facts: ClosureFacts, event: FileEvent | None, *, starts_at: datetime, now: datetime
) -> None:
    closure.starts_at, closure.ends_at, closure.changed_at = starts_at, facts.ends_at, now
    closure.reason, closure.reason_en = facts.reason, facts.reason_en
    if event is not None:
        closure.file_uid, closure.file_recurrence, closure.file_sequence = event.uid, event.recurrence, event.sequence
    db.session.add(closure)
    db.session.flush()


def change(
    closure: Closure,
    facts: ClosureFacts,
    *,
    by: Person,
    now: datetime,
    decide: DecideUses = refuse,
    event: FileEvent | None = None,
) -> None:
    """Make a closure longer or shorter, or say another reason. One that has begun keeps its beginning.

    `decide` is asked about the uses that it meets now for the first time.
    """
    rooms = _lock_standing(closure, now=now)
    if closure.starts_at <= now and facts.starts_at != closure.starts_at:
        raise RuleBroken(_l("This closure has begun, so its beginning stays as it is."), field="from_date")
    facts.check(now=now)
    before, after = Span(closure.starts_at, closure.ends_at), Span(max(facts.starts_at, now), facts.ends_at)
    ledger.clear_expired([leaf for each in rooms for leaf in each.leaves], after, now=now)
    closure.sequence += 1
    starts_at = facts.starts_at if closure.starts_at <= now else max(facts.starts_at, now)
    _put_in(closure, facts, event, starts_at=starts_at, now=now)
    ledger.release_from(closure.use_id, now)
    _take_time(rooms, now=now)
    decide([use for use in _met(rooms, after) if not use.span.overlaps(before)], IN_THE_WAY, None)
    note(Act.CLOSURE_CHANGED, closure.room, room=closure.room, by=by, reason=facts.reason)


def lift(closure: Closure, *, by: Person, now: datetime) -> None:
    """Open again before the closure ends; its time is free, unless another closure covers it."""
    rooms = _lock_standing(closure, now=now)
    closure.lifted_at = closure.changed_at = now
    closure.sequence += 1
    db.session.flush()
    ledger.release_from(closure.use_id, now)
    _take_time(rooms, now=now)
    for follow_up in after_lifting:
        follow_up(closure, now)
    note(Act.CLOSURE_LIFTED, closure.room, room=closure.room, by=by, reason=closure.reason)


def is_over(closure: Closure, *, now: datetime) -> bool:
    """Whether it has ended or was lifted."""
    return closure.lifted_at is not None or closure.ends_at <= now


def get_closure(closure_id: int) -> Closure:
    """The closure with this id; raises NotFound."""
    return must_find(db.session.get(Closure, closure_id), _l("There is no such closure."))


def closures_ahead(now: datetime, *, until: datetime | None = None, room: Room | None = None) -> Sequence[Closure]:
    """Closures that have not ended, of every room or of one (with its parts and whole), earliest first."""
    query = select(Closure).where(Closure.lifted_at.is_(None), Closure.ends_at > now)
    if until is not None:
        query = query.where(Closure.starts_at < until)
    if room is not None:
        query = query.where(Closure.room_id.is_(None) | Closure.room_id.in_(room.kin_ids))
    return db.session.scalars(query.options(selectinload(Closure.room)).order_by(Closure.starts_at, Closure.id)).all()


def closures_over(now: datetime, *, most: int = 20, skip: int = 0) -> Sequence[Closure]:
    """The closures that ended or were lifted, the latest first."""
    query = (
        select(Closure)
        .where(Closure.lifted_at.is_not(None) | (Closure.ends_at <= now))
        .options(selectinload(Closure.room))
        .order_by(Closure.ends_at.desc(), Closure.id.desc())
        .limit(most)
        .offset(skip)
    )
    return db.session.scalars(query).all()


def find_same(room: Room | None, *, starts_at: datetime, ends_at: datetime) -> Closure | None:
    """A standing closure of the same room (or centre) at exactly this time."""
    here = Closure.room_id == room.id if room else Closure.room_id.is_(None)
    query = select(Closure).where(here, Closure.lifted_at.is_(None), Closure.ends_at == ends_at)
    return db.session.scalar(query.where(Closure.starts_at == starts_at).order_by(Closure.id).limit(1))


def from_file(uids: Iterable[str], now: datetime) -> Sequence[Closure]:
    """The standing closures that these events of calendar files once brought, earliest first."""
    query = select(Closure).where(Closure.file_uid.in_(set(uids)), Closure.lifted_at.is_(None), Closure.ends_at > now)
    return db.session.scalars(query.options(selectinload(Closure.room)).order_by(Closure.starts_at, Closure.id)).all()


def join_closures(room: Room, *, now: datetime) -> None:
    """A room that comes into use, or gets other parts, while it or the whole centre is closed is closed with it."""
    ledger.release_closures_from(room.leaves, now)
    _take_time([room], now=now)


def _take_time(rooms: Iterable[Room], *, now: datetime) -> None:
    """Let the closures of these rooms take what is free."""
    ledger.fill_closures({leaf.id: Span(now, now + FAR) for room in rooms for leaf in room.leaves})


def _rooms_of(room: Room | None) -> list[Room]:
    return [room] if room else [each for each in all_rooms() if each.parent_id is None]


def _met(rooms: Sequence[Room], span: Span) -> list[LiveUse]:
    return live_uses(rooms, after=span.start, before=span.end, with_closures=False)


def _find_by_key(request_key: str) -> Closure | None:
    return db.session.scalar(select(Closure).where(Closure.request_key == request_key))


def _lock_standing(closure: Closure, *, now: datetime) -> list[Room]:
    """Hold a closure with its rooms, which are returned. Raises RuleBroken once it is over."""
    rooms = _rooms_of(closure.room)
    lock_rooms(member for each in rooms for member in family(each))
    lock(closure)
    if is_over(closure, now=now):
        raise RuleBroken(_l("This closure is over already."))
    return rooms
