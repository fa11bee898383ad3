"""The quotas that staff set, whose bookings each adds up, and the uses that count towards them."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import contains_eager, joinedload

from center.bookings.models import LIVE, Booking, BookingStatus
from center.bookings.rulebook.quotas import QuotaTerms, moment_range
from center.kernel.db import db, once
from center.kernel.i18n import centre_zone
from center.kernel.spans import LocalSpan, Span
from center.organisations.models import Organisation
from center.people import households
from center.people.models import Person
from center.rooms.models import Room
from center.rooms.rule_models import Quota, RoomGroup, RoomGroupRoom, Whose, weekday_set

COUNTED = (*LIVE, BookingStatus.RELEASED)
QuotaRooms = Mapping[int, frozenset[int]]  # by quota: the rooms it counts; one that is not in it counts all


@dataclass(frozen=True)
class Asker:
    """Who asks: a person for themselves, or for an organisation; nobody yet known where neither is given.

    `may_lead` are the organisations that somebody may turn out to book for.
    """

    person: Person | None = None
    organisation: Organisation | None = None
    may_lead: Sequence[Organisation] = ()


NOBODY = Asker()


def kin(room: Room) -> set[int]:
    """The room, its whole and its parts: a use of one takes or leaves time of the others."""
    return {room.id, *({room.parent_id} if room.parent_id else ()), *(part.id for part in room.parts)}


def load_quotas() -> tuple[Sequence[Quota], QuotaRooms]:
    """All quotas, and the rooms that each counts with their parts and wholes."""
    return once("quotas", _read_quotas)


def _read_quotas() -> tuple[Sequence[Quota], QuotaRooms]:
    query = (
        select(Quota, Room)
        .outerjoin(RoomGroup, RoomGroup.id == Quota.room_group_id)
        .outerjoin(RoomGroupRoom, RoomGroupRoom.group_id == RoomGroup.id)
        .outerjoin(Room, or_(Room.id == Quota.room_id, Room.id == RoomGroupRoom.room_id))
        .options(contains_eager(Quota.room_group), joinedload(Quota.room))
        .order_by(Quota.id, Room.id)
    )
    named: dict[int, set[int]] = {}
    quotas: dict[int, Quota] = {}
    for quota, room in db.session.execute(query):
        quotas[quota.id] = quota
        if quota.room_id is not None or quota.room_group_id is not None:
            kin = named.setdefault(quota.id, set())
            if room is not None:
                kin |= {room.id, *({room.parent_id} if room.parent_id else ())}
    parts = _parts_of({key for rooms in named.values() for key in rooms}) if named else {}
    reached = {key: frozenset(ids | {p for one in ids for p in parts.get(one, ())}) for key, ids in named.items()}
    return list(quotas.values()), reached


def concerns(quota: Quota, asker: Asker) -> bool:
    """Whether the party's use can count towards the quota."""
    if quota.whose is Whose.EVERYBODY:
        return True
    if quota.whose is Whose.ORGANISATION:
        return asker.organisation is not None
    return asker.person is not None and asker.organisation is None and not asker.may_lead


def uses_that_count(
    quotas: Sequence[Quota],
    quota_rooms: QuotaRooms,
    asker: Asker,
    first: date,
    last: date,
    *,
    instead_of: Booking | None,
) -> dict[int, list[Span]]:
    """The uses that count towards each of the quotas, by its id; one query for all."""
    found: dict[int, list[Span]] = {quota.id: [] for quota in quotas}
    if not quotas:
        return found
    begin, end = moment_range(first, last, centre_zone())
    whose, household = _whose(quotas, quota_rooms, asker)
    query = select(
        Booking.id, Booking.room_id, Booking.person_id, Booking.organisation_id, Booking.starts_at, Booking.ends_at
    ).where(Booking.ends_at > begin, Booking.starts_at < end, Booking.status.in_(COUNTED), whose)
    parties = (asker.person and asker.person.id, asker.organisation and asker.organisation.id)
    key = ("uses that count", *(quota.id for quota in quotas), *parties, first, last)
    for row in once(key, lambda: db.session.execute(query.order_by(Booking.starts_at, Booking.id)).all()):
        if instead_of is not None and row.id == instead_of.id:
            continue
        for quota in quotas:
            rooms = quota_rooms.get(quota.id)
            if (rooms is None or row.room_id in rooms) and _is_by(row, quota.whose, asker, household):
                found[quota.id].append(Span(row.starts_at, row.ends_at))
    return found


def terms_of(row: Quota) -> QuotaTerms:
    """What a quota says, as plain values."""
    place = row.room_group or row.room
    return QuotaTerms(
        id=row.id,
        whose=row.whose,
        per=row.per,
        most_bookings=row.most_bookings,
        most_minutes=row.most_minutes,
        weekdays=weekday_set(row.weekdays),
        hours=LocalSpan(row.opens, row.closes) if row.opens is not None and row.closes is not None else None,
        place=place.name if place else "",
        place_en=place.name_en if place else "",
    )


def _parts_of(ids: Iterable[int]) -> dict[int, list[int]]:
    query = select(Room.parent_id, Room.id).where(Room.parent_id.in_(sorted(ids)))
    rows: Iterable[Any] = db.session.execute(query.order_by(Room.id))
    found: dict[int, list[int]] = {}
    for parent_id, part_id in rows:
        found.setdefault(parent_id, []).append(part_id)
    return found


def _whose(
    quotas: Sequence[Quota], quota_rooms: QuotaRooms, asker: Asker
) -> tuple[ColumnElement[bool], frozenset[int]]:
    """Which bookings are asked for, and who lives in the person's household."""
    kinds = {quota.whose for quota in quotas}
    asked: list[ColumnElement[bool]] = []
    household: frozenset[int] = frozenset()
    if Whose.EVERYBODY in kinds:
        shared = [quota_rooms.get(quota.id) for quota in quotas if quota.whose is Whose.EVERYBODY]
        rooms = [room for room in shared if room is not None]
        every = len(rooms) < len(shared)
        asked.append(Booking.id.is_not(None) if every else Booking.room_id.in_(sorted(frozenset().union(*rooms))))
    if Whose.ORGANISATION in kinds and asker.organisation:
        asked.append(Booking.organisation_id == asker.organisation.id)
    if asker.person and kinds & {Whose.PERSON, Whose.HOUSEHOLD}:
        if Whose.HOUSEHOLD in kinds:
            household = _household(asker.person)
        asked.append(Booking.person_id.in_(sorted(household | {asker.person.id})) & Booking.organisation_id.is_(None))
    return or_(*asked), household


def _household(person: Person) -> frozenset[int]:
    """The ids of everybody who is known to live behind the same door, the person included; else they alone."""
    if not households.is_verified(person):
        return frozenset({person.id})
    query = select(Person.id).where(households.lives_with(person))
    return once(("household", person.id), lambda: frozenset(db.session.scalars(query)))


def _is_by(row: Any, whose: Whose, asker: Asker, household: frozenset[int]) -> bool:
    match whose:
        case Whose.EVERYBODY:
            return True
        case Whose.ORGANISATION:
            return asker.organisation is not None and row.organisation_id == asker.organisation.id
        case Whose.HOUSEHOLD:
            return row.organisation_id is None and row.person_id in household
    return asker.person is not None and row.organisation_id is None and row.person_id == asker.person.id
