"""Planned uses as bookings: who booked, when, by which way, and what became of it, as rows."""

import random
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Any

from center.bookings.models import LIVE, BookingStatus, Channel
from center.demo.scene import Scene
from center.demo.year import ORGANISATIONS_HORIZON, OWN_HORIZON, PlannedUse
from center.kernel.texts import REFERENCE_LETTERS
from center.rooms.models import Approval, Room, UseKind

KEY = "demo-"  # how the request keys of the demonstration begin, by which it is known
REASONS_TO_DECLINE = ("当天有全中心的活动", "人数超过房间容量，请改约多功能厅", "请先交安全预案", "与支部学习时间冲突")
REASONS_TO_CANCEL = ("人凑不齐", "下雨，改天再来", "带队的人生病了", "")
TERM = 60  # days ahead that an organisation may ask for a recurring time
WAITING = 0.25  # of the coming requests that need approval, how many still wait
ONE_DAY = timedelta(days=1)


@dataclass
class Rows:
    """Rows for the tables, in the order of the uses."""

    uses: list[dict[str, Any]] = field(default_factory=list)
    bookings: list[dict[str, Any]] = field(default_factory=list)
    occupancies: list[dict[str, Any]] = field(default_factory=list)


def rows(
    planned: Iterable[PlannedUse], scene: Scene, adults: Sequence[int], *, first_use_id: int, chance: random.Random
) -> Rows:
    """The rows of all planned uses. Live bookings have theirs in the ledger, and no others have.

    Each use has its own source of chance, so that at another hour of the day only what is over by then differs.
    """
    made = Rows()
    references = references_by(chance)
    free_adults = list(adults)
    chance.shuffle(free_adults)
    leaf_ids = {code: [leaf.id for leaf in room.leaves] for code, room in scene.rooms.items()}
    for number, use in enumerate(planned):
        own_chance = random.Random(chance.getrandbits(64))  # noqa: S311
        if use.organisation:
            person = scene.leads[use.organisation]
        elif use.day >= scene.today and free_adults:  # nobody has two coming ones, since each may have only two
            person = free_adults.pop()
        else:
            person = own_chance.choice(adults)
        booking = {"reference": next(references), "use_id": first_use_id + number, "request_key": f"{KEY}{number:06d}"}
        booking |= _booking(use, person, scene, own_chance)
        made.uses.append({"id": booking["use_id"], "kind": UseKind.BOOKING})
        made.bookings.append(booking)
        if booking["status"] in LIVE:
            times = {name: booking[name] for name in ("use_id", "starts_at", "clear_at")}
            made.occupancies += [{"room_id": leaf, **times} for leaf in leaf_ids[use.room]]
    return made


def _booking(use: PlannedUse, person: int, scene: Scene, chance: random.Random) -> dict[str, Any]:
    room = scene.rooms[use.room]
    midnight = datetime.combine(use.day, time(0), scene.zone).astimezone(UTC)
    starts_at, ends_at, clear_at = (midnight + timedelta(minutes=m) for m in (use.start, use.end, use.clear))
    booking = {
        "room_id": room.id,
        "person_id": person,
        "organisation_id": scene.organisations[use.organisation] if use.organisation else None,
        "purpose": use.purpose,
        "note": "",
        "people": use.people,
        "starts_at": starts_at,
        "ends_at": ends_at,
        "clear_at": clear_at,
        "requested_at": _requested_at(use, starts_at, scene, chance),
    }
    booking |= _way(use, room, person, scene, chance)
    return booking | _outcome(use, room, booking, scene, chance)


def references_by(chance: random.Random) -> Iterator[str]:
    """References without end, each once."""
    seen: set[str] = set()
    while True:
        letters = "".join(chance.choices(REFERENCE_LETTERS, k=8))
        if letters not in seen:
            seen.add(letters)
            yield f"{letters[:4]}-{letters[4:]}"


def _requested_at(use: PlannedUse, starts_at: datetime, scene: Scene, chance: random.Random) -> datetime:
    """When it was asked for: within the horizon, a day before at the latest, not in the future, by day if possible."""
    horizon = TERM if use.is_recurring else ORGANISATIONS_HORIZON if use.organisation else OWN_HORIZON
    earliest = datetime.combine(use.day - timedelta(days=horizon), time(0), scene.zone)
    latest = min(scene.now, starts_at - ONE_DAY)
    if starts_at > scene.now:
        earliest = max(earliest, latest - 4 * ONE_DAY)
    moment = earliest + (latest - earliest) * chance.random()
    awake = moment.astimezone(scene.zone).replace(hour=chance.randint(8, 21))
    return (awake if earliest <= awake <= latest else moment).astimezone(UTC)


def _way(use: PlannedUse, room: Room, person: int, scene: Scene, chance: random.Random) -> dict[str, Any]:
    """Which way it came, and whose hand typed it in."""
    if not (room.residents_may_book or room.organisations_may_book):
        return {"channel": Channel.DESK, "booked_by_id": scene.cast["clerk"]}
    shares = (75, 20, 5) if use.organisation else (35, 35, 30)
    channel = chance.choices((Channel.ONLINE, Channel.DESK, Channel.PHONE), shares)[0]
    return {"channel": channel, "booked_by_id": person if channel is Channel.ONLINE else scene.cast["clerk"]}


def _outcome(
    use: PlannedUse, room: Room, booking: Mapping[str, Any], scene: Scene, chance: random.Random
) -> dict[str, Any]:
    """What became of it. Times of decisions lie between the request and now."""
    is_many = room.approval is Approval.FROM_PEOPLE and use.people >= room.approval_from_people
    asked = booking["booked_by_id"] == booking["person_id"] and (is_many or room.approval is Approval.ALWAYS)
    requested_at = booking["requested_at"]
    latest = min(scene.now, booking["starts_at"] - timedelta(hours=2))
    later = requested_at + (latest - requested_at) * chance.random()
    row = dict.fromkeys(("decided_at", "decided_by_id", "cancelled_at", "cancelled_by_id"))
    row |= {"decision_reason": "", "cancel_reason": "", "changed_at": later, "sequence": 1}
    row["status"] = _status(use, asked, booking, scene, chance)
    if row["status"] is BookingStatus.CANCELLED:
        reason = chance.choice(REASONS_TO_CANCEL)
        row |= {"cancelled_at": later, "cancelled_by_id": booking["booked_by_id"], "cancel_reason": reason}
    elif row["status"] is BookingStatus.DECLINED:
        reason = chance.choice(REASONS_TO_DECLINE)
        row |= {"decided_at": later, "decided_by_id": scene.cast["director"], "decision_reason": reason}
    elif row["status"] is BookingStatus.CONFIRMED and asked:
        row |= {"decided_at": later, "decided_by_id": chance.choice((scene.cast["clerk"], scene.cast["director"]))}
    elif row["status"] in LIVE:
        row |= {"changed_at": requested_at, "sequence": 0}
    else:
        row["changed_at"] = booking["starts_at"]
    return row


def _status(
    use: PlannedUse, asked: bool, booking: Mapping[str, Any], scene: Scene, chance: random.Random
) -> BookingStatus:
    is_coming = booking["starts_at"] > scene.now
    luck = chance.random()
    if not use.is_given_up:
        waits = asked and is_coming and not use.is_recurring and luck < WAITING
        return BookingStatus.REQUESTED if waits else BookingStatus.CONFIRMED
    if asked and luck < 0.4:
        return BookingStatus.DECLINED if is_coming or luck < 0.35 else BookingStatus.EXPIRED
    return BookingStatus.CANCELLED if is_coming or luck < 0.9 else BookingStatus.RELEASED
