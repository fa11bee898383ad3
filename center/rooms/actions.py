"""Writes of what rooms are and how they may be booked."""

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

from sqlalchemy.exc import IntegrityError

from center.kernel.acts import Act
from center.kernel.db import db, is_violation
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person
from center.rooms.closures import join_closures
from center.rooms.known_rooms import lock_rooms
from center.rooms.ledger import family
from center.rooms.models import AccessFeature, BookingWindow, Room, RoomEquipment, RoomFeature
from center.rooms.rules import BookingRules, Equipment, RoomFacts, check_booking_rules, check_code, check_facts
from center.rooms.uses import live_uses, refuse

IN_USE = _l("People still have this room. Move or cancel these first.")
RULE_NAMES = tuple(BookingRules.__dataclass_fields__)


def open_room(code: str, facts: RoomFacts, *, by: Person, now: datetime) -> Room:
    """Enter a new room. It is closed until it gets opening hours; its rules are the usual ones."""
    check_code(code)
    check_facts(facts)
    room = Room(code=code, **asdict(facts))
    db.session.add(room)
    try:
        db.session.flush()
    except IntegrityError as error:
        if is_violation(error, constraint="uq_rooms_code", columns="rooms.code"):
            raise RuleBroken(_l("Another room has this code."), field="code") from error
        raise
    join_closures(room, now=now)
    note(Act.ROOM_OPENED, room, room=room, by=by)
    return room


def change_facts(room: Room, facts: RoomFacts, *, by: Person) -> None:
    """Change what a room is called, where it is and how many it holds."""
    check_facts(facts)
    if facts.capacity < room.min_people:
        raise RuleBroken(_l("The booking rules of this room ask for more people than that."), field="capacity")
    for name, value in asdict(facts).items():
        setattr(room, name, value)
    db.session.flush()
    note(Act.ROOM_FACTS_CHANGED, room, room=room, by=by)


def equip(room: Room, equipment: Sequence[Equipment], features: Collection[AccessFeature], *, by: Person) -> None:
    """Set what stands in a room and what makes it usable by everybody."""
    room.equipment = [
        RoomEquipment(name=each.name, name_en=each.name_en, position=n) for n, each in enumerate(equipment)
    ]
    known = {row.feature: row for row in room.features}
    room.features = [known.get(feature) or RoomFeature(feature=feature) for feature in sorted(features)]
    db.session.flush()
    note(Act.ROOM_EQUIPPED, room, room=room, by=by)


def change_rules(room: Room, rules: BookingRules, *, by: Person) -> None:
    """Change how a room may be booked from now on. Bookings that exist stay as they are."""
    check_booking_rules(rules, capacity=room.capacity)
    for name, value in asdict(rules).items():
        setattr(room, name, value)
    db.session.flush()
    note(Act.ROOM_RULES_CHANGED, room, room=room, by=by)


def copy_rules(room: Room, source: Room, *, by: Person) -> None:
    """Give a room the booking rules and fixed windows of another."""
    rules = BookingRules(**{name: getattr(source, name) for name in RULE_NAMES})
    room.windows = copied_windows(source)
    change_rules(room, rules, by=by)


def copied_windows(source: Room) -> list[BookingWindow]:
    """New windows like those of another room."""
    return [
        BookingWindow(opens=each.opens, closes=each.closes, reason=each.reason, reason_en=each.reason_en)
        for each in source.windows
    ]


def retire(room: Room, *, by: Person, now: datetime) -> None:
    """Take a room, with its parts, out of use. Raises InUse while uses lie ahead."""
    lock_rooms(family(room))
    refuse(live_uses([room], after=now, with_closures=False), IN_USE)
    for each in (room, *room.parts):
        each.is_retired = True
    db.session.flush()
    note(Act.ROOM_RETIRED, room, room=room, by=by)


def unretire(room: Room, *, by: Person, now: datetime) -> None:
    """Put a room, with its parts, back into use."""
    if room.parent and room.parent.is_retired:
        raise RuleBroken(_l("This is a part of a retired room. Put the whole room back into use."))
    lock_rooms(family(room))
    for each in (room, *room.parts):
        each.is_retired = False
    db.session.flush()
    join_closures(room, now=now)
    note(Act.ROOM_UNRETIRED, room, room=room, by=by)
