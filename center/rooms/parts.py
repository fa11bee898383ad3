"""Dividing a room into parts and joining it again. The ledger's rows move along, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.kernel.acts import Act
from center.kernel.db import db
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person
from center.rooms import ledger
from center.rooms.actions import RULE_NAMES, copied_windows
from center.rooms.closures import join_closures
from center.rooms.known_rooms import lock_rooms
from center.rooms.ledger import family
from center.rooms.models import Room, RoomEquipment, RoomFeature
from center.rooms.rules import NewPart, check_code
from center.rooms.uses import InUse, live_uses

COPIED = (
    "about",
    "about_en",
    "notice",
    "notice_en",
    "access_note",
    "access_note_en",
    "floor",
    "position",
    "noise",
    "is_confidential",
    *RULE_NAMES,
)


def divide(room: Room, parts: Sequence[NewPart], *, by: Person) -> list[Room]:
    """Divide a room: who has the whole has every part. A former part comes back by its code."""
    lock_rooms(family(room))
    if room.parent_id or room.parts:
        raise RuleBroken(_l("This room is divided already, or is itself a part."))
    if len(parts) < 2:
        raise RuleBroken(_l("A room divides into two parts or more."), field="code_2")
    known = {each.code: each for each in db.session.scalars(select(Room).where(Room.code.in_([p.code for p in parts])))}
    broken_rules([error for part in parts for error in _faults(part, parts, room, known.get(part.code))])
    made = [_make_part(room, part, known.get(part.code)) for part in parts]
    db.session.flush()
    _move_ledger(room, made)
    for part in made:
        part.parent_id = room.id
    db.session.flush()
    db.session.expire(room, ["parts"])
    for part in made:
        db.session.expire(part, ["parent"])
    note(Act.ROOM_DIVIDED, room, room=room, by=by)
    return made


def join(room: Room, *, by: Person, now: datetime) -> None:
    """Join the parts of a room again; they retire. Raises InUse while somebody has a single part."""
    lock_rooms(family(room))
    parts = list(room.parts)
    if not parts:
        raise RuleBroken(_l("This room is not divided."))
    if single := [use for use in live_uses([room], after=now) if use.room.id != room.id]:
        raise InUse(_l("People have single parts of this room. Move or cancel these first."), single)
    for part in parts:
        part.parent_id, part.is_retired = None, True
    db.session.flush()
    db.session.expire(room, ["parts"])
    for part in parts:
        db.session.expire(part, ["parent"])
    ledger.release_closures_from(parts, now)
    ledger.join(room, parts)
    join_closures(room, now=now)
    note(Act.ROOM_JOINED, room, room=room, by=by)


def _faults(part: NewPart, parts: Sequence[NewPart], room: Room, known: Room | None) -> list[DomainError]:
    field = f"code_{part.number}"
    try:
        check_code(part.code)
    except DomainError as error:
        return [RuleBroken(error.message, field=field)]
    if [each.code for each in parts].count(part.code) > 1:
        return [RuleBroken(_l("Each part needs a code of its own."), field=field)]
    if known and (known is room or not known.is_retired or known.parent_id or known.parts):
        return [RuleBroken(_l("Another room has this code."), field=field)]
    if part.capacity > room.capacity:
        return [RuleBroken(_l("A part cannot hold more people than the whole room."), field=f"capacity_{part.number}")]
    return []


def _make_part(room: Room, part: NewPart, former: Room | None) -> Room:
    made = former or Room(code=part.code, **{name: getattr(room, name) for name in COPIED})
    made.name, made.name_en, made.capacity, made.is_retired = part.name, part.name_en, part.capacity, room.is_retired
    made.wheelchair_places = min(room.wheelchair_places, part.capacity)
    made.companion_places = min(room.companion_places, part.capacity - made.wheelchair_places)
    made.min_people = min(made.min_people, part.capacity)
    if former is None:
        made.features = [RoomFeature(feature=row.feature) for row in room.features]
        made.equipment = [
            RoomEquipment(name=row.name, name_en=row.name_en, position=row.position) for row in room.equipment
        ]
        made.windows = copied_windows(room)
        db.session.add(made)
    return made


def _move_ledger(room: Room, parts: Sequence[Room]) -> None:
    try:
        ledger.divide(room, parts)
    except ledger.TimeTaken as error:
        raise Conflict(
            _l("A former part still has times of its own. Use a new code for it."), field="code_1"
        ) from error
