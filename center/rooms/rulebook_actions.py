"""Writes of what staff set beside rooms' own rules. Bookings that exist stay as they are."""

from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from center.kernel.acts import Act
from center.kernel.db import Base, db, is_violation
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.trail import note
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.rule_models import (
    ApprovalHours,
    PeopleGroup,
    PeopleGroupMember,
    PriorityWindow,
    Purpose,
    PurposeRule,
    Quota,
    RoomAudience,
    RoomGroup,
    RoomPurpose,
)

TWICE = _l("There is exactly this rule already.")


def set_quota(quota: Quota | None, values: Mapping[str, Any], *, by: Person) -> None:
    """Set a new quota, or change one. The same twice is refused."""
    _set(quota or Quota(), values, by=by)


def set_kept_hours(window: PriorityWindow | None, room: Room, values: Mapping[str, Any], *, by: Person) -> None:
    """Keep hours of a room for a group of people, or change such hours."""
    _set(window or PriorityWindow(), {**values, "room_id": room.id}, by=by)


def set_approval_hours(row: ApprovalHours | None, room: Room, values: Mapping[str, Any], *, by: Person) -> None:
    """Say inside which hours a room's bookings need no approval, or change such hours."""
    _set(row or ApprovalHours(), {**values, "room_id": room.id}, by=by)


def set_purpose(purpose: Purpose | None, values: Mapping[str, Any], *, by: Person) -> None:
    """Enter a kind of use, or change one."""
    _named(purpose or Purpose(), values, by=by)


def set_room_group(group: RoomGroup | None, values: Mapping[str, Any], rooms: Collection[int], *, by: Person) -> None:
    """Enter a group of rooms, or change one."""
    group = group or RoomGroup()
    group.rooms = list(db.session.scalars(select(Room).where(Room.id.in_(rooms)).order_by(Room.id)))
    _named(group, values, by=by)


def set_people_group(
    group: PeopleGroup | None, values: Mapping[str, Any], organisations: Collection[int], *, by: Person
) -> PeopleGroup:
    """Enter a group of people, or change its name and the organisations that belong to it."""
    group = group or PeopleGroup()
    kept = [each for each in group.members if each.person_id or each.organisation_id in organisations]
    known = {each.organisation_id for each in kept}
    new = [PeopleGroupMember(organisation_id=each) for each in sorted(organisations) if each not in known]
    group.members = [*kept, *new]
    _named(group, values, by=by)
    return group


def add_to_group(group: PeopleGroup, person: Person, *, by: Person) -> None:
    """Let a person belong to a group; adding twice is adding once."""
    if any(each.person_id == person.id for each in group.members):
        return
    group.members.append(PeopleGroupMember(person_id=person.id))
    db.session.flush()
    note(Act.PEOPLE_GROUP_JOINED, group, person_id=person.id, by=by)


def take_from_group(member: PeopleGroupMember, *, by: Person) -> None:
    """Let somebody belong to a group no longer."""
    group, person_id = db.session.get_one(PeopleGroup, member.group_id), member.person_id
    db.session.delete(member)
    note(Act.PEOPLE_GROUP_LEFT, group, person_id=person_id, by=by)


def set_audience(room: Room, groups: Collection[int], *, by: Person) -> None:
    """Say for which groups of people a room is; none means for everybody its rules name."""
    _replace(RoomAudience, room, [RoomAudience(room_id=room.id, group_id=each) for each in sorted(groups)])
    note(Act.ROOM_AUDIENCE_SET, room, room=room, by=by)


def set_room_purposes(room: Room, rules: Mapping[int, PurposeRule], *, by: Person) -> None:
    """Say which kinds of use are ruled otherwise in a room than in others."""
    rows = [RoomPurpose(room_id=room.id, purpose_id=each, rule=rule) for each, rule in sorted(rules.items())]
    _replace(RoomPurpose, room, rows)
    note(Act.ROOM_PURPOSES_SET, room, room=room, by=by)


def remove(row: Base, *, by: Person) -> None:
    """Remove a rule or a group. Raises RuleBroken while something else rests on it."""
    if isinstance(row, PeopleGroup) and _is_audience(row):
        raise RuleBroken(_l("A room is for this group. Change the room first."))
    db.session.delete(row)
    try:
        db.session.flush()
    except IntegrityError as error:
        raise RuleBroken(_in_use(row)) from error
    note(Act.RULE_REMOVED, row, room=_room_of(row), by=by)


def _set(row: Any, values: Mapping[str, Any], *, by: Person) -> None:
    kind = type(row)
    same = select(kind.id).where(*(getattr(kind, name) == value for name, value in values.items()))
    if db.session.scalar(same.where(kind.id != row.id if row.id else kind.id.is_not(None)).limit(1)) is not None:
        raise RuleBroken(TWICE)
    _write(row, values, by=by)


def _named(row: Any, values: Mapping[str, Any], *, by: Person) -> None:
    table = row.__tablename__
    try:
        _write(row, values, by=by)
    except IntegrityError as error:
        if is_violation(error, constraint=f"uq_{table}_name", columns=f"{table}.name"):
            raise RuleBroken(_l("Something else has this name already."), field="name") from error
        raise


def _write(row: Any, values: Mapping[str, Any], *, by: Person) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    db.session.add(row)
    db.session.flush()
    note(Act.RULE_SET, row, room=_room_of(row), by=by)


def _room_of(row: Any) -> Room | None:
    return db.session.get(Room, room_id) if (room_id := getattr(row, "room_id", None)) else None


def _replace(kind: Any, room: Room, rows: Collection[Base]) -> None:
    for old in db.session.scalars(select(kind).where(kind.room_id == room.id)).all():
        db.session.delete(old)
    db.session.flush()
    db.session.add_all(rows)
    db.session.flush()


def _is_audience(group: PeopleGroup) -> bool:
    return db.session.scalar(select(RoomAudience.room_id).where(RoomAudience.group_id == group.id).limit(1)) is not None


def _in_use(row: Base) -> Any:
    if isinstance(row, RoomGroup):
        return _l("A quota counts this group. Remove the quota first.")
    if isinstance(row, PeopleGroup):
        return _l("Hours of a room are kept for this group. Change those first.")
    return _l("Bookings were made for it, so it stays in their history. Mark it as no longer offered instead.")
