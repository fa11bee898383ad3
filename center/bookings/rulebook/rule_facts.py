"""What staff have set for rooms, and how it stands for one party: read for many rooms at once.

The number of queries depends neither on rooms nor on bookings. Rules of a whole count for its parts where a part has
none of its own; hours kept in a part, and quotas on it, count for its whole, and those of a whole for its parts.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, select

from center.bookings.models import Booking
from center.bookings.rulebook.facts import DayHours, Named, Priority, PurposeTerms, Terms, reserve
from center.bookings.rulebook.quotas import ALL_WEEKDAYS, Asker, Counted, all_quotas, count_quotas, reach
from center.kernel.caching.read_cache import while_settings_stand
from center.kernel.db import db, once
from center.kernel.i18n import centre_zone, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import LocalSpan, Span
from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.premises.queries import calendar_days
from center.rooms.models import PUBLIC_HOLIDAY, Room
from center.rooms.rule_models import (
    ApprovalHours,
    PeopleGroup,
    PeopleGroupMember,
    PriorityWindow,
    Purpose,
    PurposeRule,
    RoomAudience,
    RoomPurpose,
    weekday_set,
)

RoomPurposes = Mapping[tuple[int, int], Any]  # rows of RoomPurpose by the ids of the room and the purpose
SATURDAY = 5


@dataclass(frozen=True)
class Settings:
    """The rules that staff set, by room id, as they are in the database."""

    windows: Mapping[int, Sequence[Any]] = field(default_factory=dict)  # rows of PriorityWindow
    approval_hours: Mapping[int, Sequence[Any]] = field(default_factory=dict)  # rows of ApprovalHours
    audiences: Mapping[int, Sequence[Any]] = field(default_factory=dict)  # rows of PeopleGroup
    purposes: Sequence[Any] = ()  # rows of Purpose
    room_purposes: RoomPurposes = field(default_factory=dict)
    memberships: frozenset[int] = frozenset()


def load_terms(
    rooms: Sequence[Room],
    first: date,
    last: date,
    *,
    asker: Asker,
    now: datetime,
    instead_of: Booking | None = None,
    planned: Sequence[Span] = (),
    at_any_time: bool = False,
) -> dict[int, Terms]:
    """What staff have set for each room, for this party and these days, by room id.

    `instead_of` does not count towards quotas; `planned` uses do. What is asked `at_any_time` is asked of no quota.
    """
    known = _settings(rooms, asker)
    counted = () if at_any_time else count_quotas(asker, first, last, instead_of=instead_of, planned=planned)
    around = reach(first, last, (uses.terms.per for uses, _rooms in counted))
    kinds = kinds_in(calendar_days(*around)) if _asks_for_weekdays(known) else {}
    today = local_date(now)
    return {room.id: terms_for(room, known, counted, kinds, first, last, today=today) for room in rooms}


def terms_for(
    room: Room,
    known: Settings,
    quotas: Sequence[Counted],
    kinds: Mapping[date, int],
    first: date,
    last: date,
    *,
    today: date,
) -> Terms:
    """What staff have set for one room, from what is read already."""

    def kind_of(day: date) -> int:
        return kinds.get(day, day.weekday())

    kept = [
        _priority(each)
        for key in sorted(room.kin_ids)
        for each in known.windows.get(key, ())
        if not _is_ours(each, known)
    ]
    groups = _own_or_whole(known.audiences, room)
    return Terms(
        reserved=tuple(reserve(kept, first, last, today=today, kind_of=kind_of, zone=centre_zone())),
        approval_hours=tuple(_day_hours(each) for each in _own_or_whole(known.approval_hours, room)),
        audience=tuple(Named(group.name, group.name_en) for group in groups),
        is_invited=not groups or bool({group.id for group in groups} & known.memberships),
        purposes=_purposes_in(room, known),
        quotas=tuple(counted for counted, rooms in quotas if rooms is None or room.id in rooms),
        kinds=kinds,
    )


def _settings(rooms: Sequence[Room], asker: Asker) -> Settings:
    ids = tuple(sorted({key for room in rooms for key in sorted(room.kin_ids)}))
    known = while_settings_stand(("rules of rooms", ids), lambda: _settings_of(ids))
    asks_who = known.audiences or any(each.group_id for listed in known.windows.values() for each in listed)
    return replace(known, memberships=groups_of(asker)) if asks_who else known


def _settings_of(ids: Sequence[int]) -> Settings:
    """Rows of tables, not objects: they belong to no session."""
    group = PeopleGroup.__table__.c
    invited = select(RoomAudience.room_id, group.id, group.name, group.name_en)
    invited = invited.join(PeopleGroup, PeopleGroup.id == RoomAudience.group_id)
    purposes, room_purposes = load_purposes(ids)
    return Settings(
        windows=_by_room(select(*PriorityWindow.__table__.c).where(PriorityWindow.room_id.in_(ids))),
        approval_hours=_by_room(select(*ApprovalHours.__table__.c).where(ApprovalHours.room_id.in_(ids))),
        audiences=_by_room(invited.where(RoomAudience.room_id.in_(ids))),
        purposes=purposes,
        room_purposes=room_purposes,
    )


def _by_room(query: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for each in db.session.connection().execute(query.order_by("id")):
        found.setdefault(each.room_id, []).append(each)
    return found


def load_purposes(room_ids: Sequence[int]) -> tuple[Sequence[Any], RoomPurposes]:
    """Every kind of use in order, and how it is ruled otherwise in these rooms, as rows."""
    return while_settings_stand(("purposes", *room_ids), lambda: _read_purposes(room_ids))


def _read_purposes(room_ids: Sequence[int]) -> tuple[Sequence[Any], RoomPurposes]:
    connection = db.session.connection()
    purposes = connection.execute(select(*Purpose.__table__.c).order_by(Purpose.position, Purpose.id)).all()
    own = connection.execute(select(*RoomPurpose.__table__.c).where(RoomPurpose.room_id.in_(room_ids)))
    return purposes, {(row.room_id, row.purpose_id): row for row in own}


def groups_of(asker: Asker) -> frozenset[int]:
    """The groups that the party belongs to: the organisation where it books, else the person."""
    organisations = [asker.organisation] if asker.organisation else asker.may_lead
    if not organisations and asker.person is None:
        return frozenset()
    ids = tuple(sorted(each.id for each in organisations))
    whose: ColumnElement[bool] = PeopleGroupMember.organisation_id.in_(ids)
    if not ids and asker.person is not None:
        whose = PeopleGroupMember.person_id == asker.person.id
    person_id = asker.person.id if asker.person and not ids else None
    query = select(PeopleGroupMember.group_id).where(whose)
    return once(("groups", ids, person_id), lambda: frozenset(db.session.scalars(query)))


def _own_or_whole(by_room: Mapping[int, Sequence[Any]], room: Room) -> Sequence[Any]:
    return by_room.get(room.id) or by_room.get(room.parent_id or 0, ())


def _is_ours(window: Any, known: Settings) -> bool:
    return window.group_id is not None and window.group_id in known.memberships


def _asks_for_weekdays(known: Settings) -> bool:
    """Whether it matters anywhere which days are public holidays; otherwise the calendar need not be read."""
    if any(terms.weekdays != ALL_WEEKDAYS for terms in all_quotas()[0]):
        return True
    rows = [each for listed in (*known.windows.values(), *known.approval_hours.values()) for each in listed]
    return any(weekday_set(row.weekdays) != ALL_WEEKDAYS for row in rows)


def kinds_in(calendar: Mapping[date, NamedDay]) -> dict[date, int]:
    """The days that have other rules than their weekday's: a holiday's, or Monday's on a weekend that is worked."""
    kinds = {}
    for day, named in calendar.items():
        if named.kind is DayKind.HOLIDAY:
            kinds[day] = PUBLIC_HOLIDAY
        elif named.kind is DayKind.WORKING and day.weekday() >= SATURDAY:
            kinds[day] = 0
    return kinds


def _priority(row: Any) -> Priority:
    return Priority(
        name=Named(row.name, row.name_en),
        hours=LocalSpan(row.opens, row.closes),
        weekdays=weekday_set(row.weekdays),
        release_days=row.release_days,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
    )


def _day_hours(row: Any) -> DayHours:
    return DayHours(weekday_set(row.weekdays), LocalSpan(row.opens, row.closes))


def _purposes_in(room: Room, known: Settings) -> Mapping[int, PurposeTerms]:
    """What becomes of each kind of use in this room, by its id."""
    read = lambda: {each.id: purpose_in(room, each, known.room_purposes) for each in known.purposes}  # noqa: E731
    return while_settings_stand(("purposes in", room.id), read)


def purpose_in(room: Room, purpose: Any, own_rules: RoomPurposes) -> PurposeTerms:
    """What becomes of a kind of use in this room: its own rule, else its whole's, else the usual one."""
    keys = [(room.id, purpose.id), *([(room.parent_id, purpose.id)] if room.parent_id else [])]
    own = next((own_rules[key] for key in keys if key in own_rules), None)
    return PurposeTerms(purpose.id, Named(purpose.name, purpose.name_en), own.rule if own else purpose.rule)


def kinds_of_use(room: Room) -> list[tuple[int, str]]:
    """What can be chosen for this room, in order, each saying what becomes of it here; none where there is no list."""
    return list(while_settings_stand(("kinds of use", room.id, in_language("zh", "en")), lambda: _read_kinds(room)))


def _read_kinds(room: Room) -> list[tuple[int, str]]:
    purposes, own = load_purposes(sorted(room.kin_ids))
    offered = []
    for purpose in purposes:
        if not purpose.is_retired:
            name, rule = in_language(purpose.name, purpose.name_en), purpose_in(room, purpose, own).rule
            offered.append((purpose.id, _with_rule(name, rule)))
    return offered


def _with_rule(name: str, rule: PurposeRule) -> str:
    if rule is PurposeRule.NOT_ALLOWED:
        return _("%(purpose)s (not allowed in this room)", purpose=name)
    if rule is PurposeRule.APPROVAL:
        return _("%(purpose)s (the desk must approve)", purpose=name)
    return name
