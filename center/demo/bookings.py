"""Planned uses as bookings: who booked, when, by which way, and what became of it. Pure, given the source of chance."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from center.bookings.models import LIVE, BookingStatus, Channel
from center.demo.year import ORGANISATIONS_HORIZON, OWN_HORIZON, PlannedUse
from center.kernel.texts import REFERENCE_LETTERS
from center.rooms.models import Approval, Room, UseKind

KEY = "demo-"  # how the request keys of the demonstration begin, by which it is known
REASONS_TO_DECLINE = ("当天有全中心的活动", "人数超过房间容量，请改约多功能厅", "请先交安全预案", "与支部学习时间冲突")
REASONS_TO_CANCEL = ("人凑不齐", "下雨，改天再来", "带队的人生病了", "")
TERM = 60  # days ahead that an organisation may ask for a recurring time
WAITING = 0.25  # of the coming requests that need approval, how many still wait
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Settled:
    """What a booking's room asks for: its id, the ids of its parts, and whether staff must agree."""

    id: int
    leaf_ids: tuple[int, ...]
    always_approved: bool
    approved_from: int | None
    staff_only: bool


def settled(room: Room) -> Settled:
    """What the room asks for."""
    return Settled(
        id=room.id,
        leaf_ids=tuple(leaf.id for leaf in room.leaves),
        always_approved=room.approval is Approval.ALWAYS,
        approved_from=room.approval_from_people if room.approval is Approval.FROM_PEOPLE else None,
        staff_only=not (room.residents_may_book or room.organisations_may_book),
    )


@dataclass(frozen=True)
class Facts:
    """Whom and what the bookings refer to."""

    now: datetime
    zone: ZoneInfo
    rooms: Mapping[str, Settled]
    organisations: Mapping[str, int]
    leads: Mapping[str, int]
    adults: Sequence[int]
    clerk: int
    director: int


@dataclass
class Rows:
    """Rows for the tables, in the order of the uses."""

    uses: list[dict[str, Any]] = field(default_factory=list)
    bookings: list[dict[str, Any]] = field(default_factory=list)
    occupancies: list[dict[str, Any]] = field(default_factory=list)


def rows(planned: Iterable[PlannedUse], facts: Facts, *, first_use_id: int, chance: random.Random) -> Rows:
    """The rows of all planned uses. Live bookings have theirs in the ledger, and no others have.

    Each use has its own source of chance, so that at another hour of the day only what is over by then differs.
    """
    made = Rows()
    references = references_by(chance)
    free_adults = list(facts.adults)
    chance.shuffle(free_adults)
    for number, use in enumerate(planned):
        own_chance = random.Random(chance.getrandbits(64))  # noqa: S311
        person = facts.leads[use.organisation] if use.organisation else _somebody(use, free_adults, facts, own_chance)
        booking = {"reference": next(references), "use_id": first_use_id + number, "request_key": f"{KEY}{number:06d}"}
        booking |= _booking(use, person, facts, own_chance)
        made.uses.append({"id": booking["use_id"], "kind": UseKind.BOOKING})
        made.bookings.append(booking)
        if booking["status"] in LIVE:
            made.occupancies += _ledger_rows(booking, facts.rooms[use.room])
    return made


def _booking(use: PlannedUse, person: int, facts: Facts, chance: random.Random) -> dict[str, Any]:
    room = facts.rooms[use.room]
    midnight = datetime.combine(use.day, time(0), facts.zone).astimezone(UTC)
    starts_at, ends_at, clear_at = (midnight + timedelta(minutes=m) for m in (use.start, use.end, use.clear))
    booking = {
        "room_id": room.id,
        "person_id": person,
        "organisation_id": facts.organisations[use.organisation] if use.organisation else None,
        "purpose": use.purpose,
        "note": "",
        "people": use.people,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "clear_at": clear_at,
        "requested_at": _requested_at(use, starts_at, facts, chance),
    }
    booking |= _way(use, room, person, facts, chance)
    return booking | _outcome(use, room, booking, facts, chance)


def _ledger_rows(booking: Mapping[str, Any], room: Settled) -> list[dict[str, Any]]:
    times = {name: booking[name] for name in ("use_id", "starts_at", "clear_at")}
    return [{"room_id": leaf, **times} for leaf in room.leaf_ids]


def references_by(chance: random.Random) -> Iterator[str]:
    """References without end, each once."""
    seen: set[str] = set()
    while True:
        letters = "".join(chance.choices(REFERENCE_LETTERS, k=8))
        if letters not in seen:
            seen.add(letters)
            yield f"{letters[:4]}-{letters[4:]}"


def _somebody(use: PlannedUse, free_adults: list[int], facts: Facts, chance: random.Random) -> int:
    """An adult; of the coming bookings nobody has more than one, since each may have only two."""
    if use.day >= facts.now.astimezone(facts.zone).date() and free_adults:
        return free_adults.pop()
    return chance.choice(facts.adults)


def _requested_at(use: PlannedUse, starts_at: datetime, facts: Facts, chance: random.Random) -> datetime:
    """When it was asked for: within the horizon, a day before at the latest, not in the future, by day if possible."""
    horizon = TERM if use.is_recurring else ORGANISATIONS_HORIZON if use.organisation else OWN_HORIZON
    earliest = datetime.combine(use.day - timedelta(days=horizon), time(0), facts.zone)
    latest = min(facts.now, starts_at - ONE_DAY)
    if starts_at > facts.now:
        earliest = max(earliest, latest - 4 * ONE_DAY)
    moment = earliest + (latest - earliest) * chance.random()
    awake = moment.astimezone(facts.zone).replace(hour=chance.randint(8, 21))
    return (awake if earliest <= awake <= latest else moment).astimezone(UTC)


def _way(use: PlannedUse, room: Settled, person: int, facts: Facts, chance: random.Random) -> dict[str, Any]:
    """Which way it came, and whose hand typed it in."""
    if room.staff_only:
        return {"channel": Channel.DESK, "booked_by_id": facts.clerk}
    shares = (75, 20, 5) if use.organisation else (35, 35, 30)
    channel = chance.choices((Channel.ONLINE, Channel.DESK, Channel.PHONE), shares)[0]
    return {"channel": channel, "booked_by_id": person if channel is Channel.ONLINE else facts.clerk}


def _outcome(
    use: PlannedUse, room: Settled, booking: Mapping[str, Any], facts: Facts, chance: random.Random
) -> dict[str, Any]:
    """What became of it. Times of decisions lie between the request and now."""
    asked = booking["booked_by_id"] == booking["person_id"]
    asked = asked and (room.always_approved or (room.approved_from is not None and use.people >= room.approved_from))
    requested_at = booking["requested_at"]
    latest = min(facts.now, booking["starts_at"] - timedelta(hours=2))
    later = requested_at + (latest - requested_at) * chance.random()
    row = dict.fromkeys(("decided_at", "decided_by_id", "cancelled_at", "cancelled_by_id"))
    row |= {"decision_reason": "", "cancel_reason": "", "changed_at": requested_at, "sequence": 0}
    row["status"] = _status(use, asked, booking, facts, chance)
    if row["status"] in (
        BookingStatus.CANCELLED,
        BookingStatus.DECLINED,
        BookingStatus.EXPIRED,
        BookingStatus.RELEASED,
    ):
        row |= {"changed_at": later, "sequence": 1}
    if row["status"] is BookingStatus.CANCELLED:
        reason = chance.choice(REASONS_TO_CANCEL)
        row |= {"cancelled_at": later, "cancelled_by_id": booking["booked_by_id"], "cancel_reason": reason}
    elif row["status"] is BookingStatus.DECLINED:
        reason = chance.choice(REASONS_TO_DECLINE)
        row |= {"decided_at": later, "decided_by_id": facts.director, "decision_reason": reason}
    elif row["status"] is BookingStatus.CONFIRMED and asked:
        by = chance.choice((facts.clerk, facts.director))
        row |= {"decided_at": later, "decided_by_id": by, "changed_at": later, "sequence": 1}
    elif row["status"] in (BookingStatus.EXPIRED, BookingStatus.RELEASED):
        row["changed_at"] = booking["starts_at"]
    return row


def _status(
    use: PlannedUse, asked: bool, booking: Mapping[str, Any], facts: Facts, chance: random.Random
) -> BookingStatus:
    is_coming = booking["starts_at"] > facts.now
    luck = chance.random()
    if not use.is_given_up:
        waits = asked and is_coming and not use.is_recurring and luck < WAITING
        return BookingStatus.REQUESTED if waits else BookingStatus.CONFIRMED
    if asked and luck < 0.4:
        return BookingStatus.DECLINED if is_coming or luck < 0.35 else BookingStatus.EXPIRED
    return BookingStatus.CANCELLED if is_coming or luck < 0.9 else BookingStatus.RELEASED
