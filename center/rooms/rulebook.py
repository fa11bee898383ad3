"""Ordered reads of what staff have set beside rooms' own rules, for the pages that show and edit it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, TypeVar

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload, selectinload

from center.kernel.db import db, must_find
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import Approval, Room
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
    RoomGroupRoom,
    RoomPurpose,
)
from center.rooms.rule_sentences import (
    approval_hours_words,
    audience_sentence,
    priority_sentence,
    purpose_sentence,
    sentence_of,
)
from center.rooms.sentences import rule_sentences

Row = TypeVar("Row")


@dataclass(frozen=True)
class RoomBook:
    """What staff have set for one room; of what a part has none of, its whole's counts (`is_inherited`)."""

    audience: Sequence[PeopleGroup]
    windows: Sequence[PriorityWindow]
    approval_hours: Sequence[ApprovalHours]
    purposes: Sequence[tuple[Purpose, PurposeRule]]
    quotas: Sequence[Quota]
    own_purposes: dict[int, PurposeRule] = field(default_factory=dict)


def room_book(room: Room) -> RoomBook:
    """Everything staff have set that concerns bookings of this room, in a fixed number of queries."""
    own = [room.id, *([room.parent_id] if room.parent_id else [])]
    return RoomBook(
        audience=_first_of(own, audiences_of(own)),
        windows=priority_windows([*own, *(part.id for part in room.parts)]),
        approval_hours=_first_of(own, approval_hours_of(own)),
        purposes=[(purpose, rule) for purpose, rule in _purposes_in(own)],
        quotas=quotas_on(room),
        own_purposes=own_purposes(room),
    )


def book_sentences(room: Room, book: RoomBook) -> list[str]:
    """How the room is booked, all of it, each rule as one plain sentence that no other contradicts."""
    own = rule_sentences(
        room,
        who=audience_sentence(_name(each) for each in book.audience) if book.audience else "",
        hours_at_once=approval_hours_words(book.approval_hours),
        asks_for_some_uses=any(rule is PurposeRule.APPROVAL for _purpose, rule in book.purposes),
    )
    approves = {PurposeRule.NOT_ALLOWED, PurposeRule.APPROVAL} - (
        {PurposeRule.APPROVAL} if room.approval is Approval.ALWAYS else set()
    )
    said = [purpose_sentence(_name(each), rule) for each, rule in book.purposes if rule in approves]
    kept = [priority_sentence(each) for each in book.windows]
    return [*own, *said, *kept, *(sentence_of(each) for each in book.quotas)]


def all_quotas() -> Sequence[Quota]:
    """Every quota, in the order in which they were set."""
    query = select(Quota).options(joinedload(Quota.room), joinedload(Quota.room_group)).order_by(Quota.id)
    return db.session.scalars(query).all()


def quotas_on(room: Room) -> Sequence[Quota]:
    """The quotas that count bookings of this room, its whole or its parts."""
    groups = select(RoomGroupRoom.group_id).where(RoomGroupRoom.room_id.in_(room.kin_ids))
    everywhere = Quota.room_id.is_(None) & Quota.room_group_id.is_(None)
    query = select(Quota).where(or_(Quota.room_id.in_(room.kin_ids), Quota.room_group_id.in_(groups), everywhere))
    with_places = query.options(joinedload(Quota.room), joinedload(Quota.room_group))
    return db.session.scalars(with_places.order_by(Quota.id)).all()


def all_room_groups() -> Sequence[RoomGroup]:
    """Every group of rooms with its rooms, by name."""
    query = select(RoomGroup).options(selectinload(RoomGroup.rooms)).order_by(RoomGroup.name, RoomGroup.id)
    return db.session.scalars(query).all()


def all_people_groups() -> Sequence[PeopleGroup]:
    """Every group of people with its members, by name."""
    members = selectinload(PeopleGroup.members)
    with_members = (members.joinedload(PeopleGroupMember.person), members.joinedload(PeopleGroupMember.organisation))
    query = select(PeopleGroup).options(*with_members).order_by(PeopleGroup.name, PeopleGroup.id)
    return db.session.scalars(query).all()


def all_purposes(*, with_retired: bool = True) -> Sequence[Purpose]:
    """Every kind of use, in the order in which it is offered."""
    query = select(Purpose).order_by(Purpose.position, Purpose.id)
    return db.session.scalars(query if with_retired else query.where(Purpose.is_retired.is_(False))).all()


def priority_windows(room_ids: Sequence[int]) -> Sequence[PriorityWindow]:
    """The kept hours of these rooms, by room and time."""
    query = select(PriorityWindow).where(PriorityWindow.room_id.in_(room_ids))
    with_group = query.options(joinedload(PriorityWindow.group), joinedload(PriorityWindow.room))
    order = (PriorityWindow.room_id, PriorityWindow.opens, PriorityWindow.id)
    return db.session.scalars(with_group.order_by(*order)).all()


def approval_hours_of(room_ids: Sequence[int]) -> dict[int, list[ApprovalHours]]:
    """The hours without approval, by room."""
    query = select(ApprovalHours).where(ApprovalHours.room_id.in_(room_ids))
    return _by(db.session.scalars(query.order_by(ApprovalHours.opens, ApprovalHours.id)), lambda row: row.room_id)


def audiences_of(room_ids: Sequence[int]) -> dict[int, list[PeopleGroup]]:
    """The groups of people that each of these rooms is for."""
    query = select(RoomAudience.room_id, PeopleGroup).join(PeopleGroup, PeopleGroup.id == RoomAudience.group_id)
    rows = db.session.execute(
        query.where(RoomAudience.room_id.in_(room_ids)).order_by(PeopleGroup.name, PeopleGroup.id)
    )
    found: dict[int, list[PeopleGroup]] = {}
    for room_id, group in rows:
        found.setdefault(room_id, []).append(group)
    return found


def own_purposes(room: Room) -> dict[int, PurposeRule]:
    """How this room rules kinds of use otherwise than usual, by purpose id."""
    query = select(RoomPurpose).where(RoomPurpose.room_id == room.id).order_by(RoomPurpose.purpose_id)
    return {row.purpose_id: row.rule for row in db.session.scalars(query)}


def get_row(model: type[Row], row_id: int) -> Row:
    """One of the things that staff set; raises NotFound where it is gone."""
    return must_find(db.session.get(model, row_id), _l("This is not there any more."))


def _purposes_in(own: Sequence[int]) -> list[tuple[Purpose, PurposeRule]]:
    """What is offered, and what becomes of it in the first of these rooms that has a rule of its own."""
    query = select(RoomPurpose).where(RoomPurpose.room_id.in_(own))
    ruled = {(row.room_id, row.purpose_id): row.rule for row in db.session.scalars(query)}
    listed = []
    for purpose in all_purposes(with_retired=False):
        rules = [ruled[room_id, purpose.id] for room_id in own if (room_id, purpose.id) in ruled]
        listed.append((purpose, rules[0] if rules else purpose.rule))
    return listed


def _first_of(keys: Sequence[int], found: dict[int, list[Any]]) -> list[Any]:
    return next((found[key] for key in keys if key in found), [])


def _by(rows: Any, key: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for row in rows:
        found.setdefault(key(row), []).append(row)
    return found


def _name(named: Any) -> str:
    return in_language(named.name, named.name_en)
