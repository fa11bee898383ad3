"""What the desk reads off a day: what each room is doing now and next, and what was typed about somebody new. Pure."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from center.bookings.rulebook.availability import RoomDay, Segment, SegmentState
from center.people.search_terms import Characters, Digits, Door, Letters, pieces

IN_USE = (SegmentState.BOOKED, SegmentState.CLOSED, SegmentState.HELD)
PHONE_LENGTH = 7  # fewer digits are part of a number
AGES = (14, 18, 60, 70, 80)


class RoomState(enum.StrEnum):
    """What a room is doing at a moment."""

    CLEARING = "clearing"
    CLOSED = "closed"
    CLOSED_TODAY = "closed_today"
    FREE = "free"
    HELD = "held"
    IN_USE = "in_use"
    NOT_YET = "not_yet"
    OVER = "over"
    SHUT = "shut"


STATES = {
    SegmentState.BOOKED: RoomState.IN_USE,
    SegmentState.CLEARING: RoomState.CLEARING,
    SegmentState.CLOSED: RoomState.CLOSED,
    SegmentState.FREE: RoomState.FREE,
    SegmentState.HELD: RoomState.HELD,
    SegmentState.PAST: RoomState.FREE,
    SegmentState.SHUT: RoomState.SHUT,
}


@dataclass(frozen=True)
class RoomNow:
    """A room at a moment: its state, until when, the use that goes on and the next one today."""

    day: RoomDay
    state: RoomState
    until: datetime | None = None
    current: Segment | None = None
    next: Segment | None = None

    @property
    def is_free(self) -> bool:
        """Whether somebody who stands at the desk could have it now."""
        return self.state is RoomState.FREE

    @property
    def is_idle(self) -> bool:
        """Whether the room is open today and nobody uses it all day."""
        return bool(self.day.segments) and not any(each.state in IN_USE for each in self.day.segments)


def room_now(day: RoomDay, now: datetime) -> RoomNow:
    """What a room is doing at this moment of its day."""
    if not day.segments:
        return RoomNow(day, RoomState.CLOSED_TODAY)
    following = next((each for each in day.segments if each.start > now and each.state in IN_USE), None)
    if now < day.segments[0].start:
        return RoomNow(day, RoomState.NOT_YET, until=day.segments[0].start, next=following)
    here = next((each for each in day.segments if each.start <= now < each.end), None)
    if here is None:
        return RoomNow(day, RoomState.OVER)
    current = here if here.state in IN_USE else None
    return RoomNow(day, STATES[here.state], until=here.end, current=current, next=following)


def is_over(ends_at: datetime, now: datetime) -> bool:
    """Whether a booking of today is over."""
    return ends_at <= now


def age_band(birth_year: int | None, today: date) -> tuple[int, int | None] | None:
    """The band of ages somebody born in this year is in, as (from, until or None); ages by year only."""
    if birth_year is None:
        return None
    age = today.year - birth_year
    starts = (0, *AGES)
    low = max(start for start in starts if start <= max(age, 0))
    higher = [start for start in starts if start > low]
    return low, (higher[0] - 1 if higher else None)


def usual_minutes(min_minutes: int, max_minutes: int) -> int:
    """How long a use the desk looks for when nobody has said: an hour, or what the room allows."""
    return max(min_minutes, min(60, max_minutes))


def prefilled(text: str, building_ids: Mapping[str, int]) -> dict[str, Any]:
    """What a search that found nobody says of the new person. `building_ids` are by the number people say."""
    known: dict[str, Any] = {}
    for piece in pieces(text):
        if isinstance(piece, Door) and piece.building in building_ids:
            known |= {"building_id": building_ids[piece.building], "unit": piece.unit, "door": piece.door}
        elif isinstance(piece, Digits) and len(piece.digits) >= PHONE_LENGTH:
            known["phone"] = piece.digits
        elif isinstance(piece, Characters):
            known["name"] = piece.text
        elif isinstance(piece, Letters) and " " in text.strip() and not _has_other(pieces(text)):
            known["name"] = " ".join(text.split())[:60]
    return known


def _has_other(found: Sequence[object]) -> bool:
    return any(not isinstance(piece, Letters) for piece in found)
