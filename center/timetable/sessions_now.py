"""Sessions of a day as the desk sees them: what is on, what is next, and how many are here. Pure: facts come in."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.segments import Segment, SegmentState
from center.signups.models import Mode
from center.signups.public.cards import Card

SOON = timedelta(hours=1)


class Standing(enum.StrEnum):
    """Where a session stands at a moment."""

    LATER = "later"
    NEXT = "next"  # of those to come it is among the first, or begins within the hour
    ON = "on"
    OVER = "over"


@dataclass(frozen=True, slots=True)
class SessionNow:
    """A session at a moment. `here` is how many are here; None where nobody counts them."""

    card: Card
    standing: Standing
    here: int | None = None

    @property
    def taken(self) -> int | None:
        """How many places are taken; None where nobody signs up."""
        return None if self._is_without_places else self.card.taken or 0

    @property
    def free(self) -> int | None:
        """How many places nobody has; None where there are none to be had."""
        return None if self._is_without_places else max((self.card.capacity or 0) - (self.card.taken or 0), 0)

    @property
    def is_walk_in(self) -> bool:
        """Whether people come without having signed up."""
        return self.card.mode is Mode.WALK_IN

    @property
    def _is_without_places(self) -> bool:
        return self.card.roster_id is None


def sessions_now(cards: Sequence[Card], *, now: datetime, here: Mapping[int, int] | None = None) -> list[SessionNow]:
    """These sessions, given soonest first, as they stand now; `here` says how many are, by the id of a session."""
    ahead = [card.starts_at for card in cards if card.starts_at > now]
    next_until = max(min(ahead), now + SOON) if ahead else now
    return [
        SessionNow(each, _standing(each, now, next_until), None if here is None else here.get(each.id, 0))
        for each in cards
    ]


def _standing(card: Card, now: datetime, next_until: datetime) -> Standing:
    if card.ends_at <= now:
        return Standing.OVER
    if card.starts_at <= now:
        return Standing.ON
    return Standing.NEXT if card.starts_at <= next_until else Standing.LATER


def session_in(cards: Sequence[Card], day: RoomDay, segment: Segment, wholes: Mapping[int, int | None]) -> Card | None:
    """The session that uses a room in a piece of its day: its own, its whole's, or that of one of its parts.

    `wholes` says of which room another is a part.
    """
    if segment.state is not SegmentState.BOOKED or segment.booking_reference is not None:
        return None
    mine = {day.room.id, day.room.parent_id} - {None}
    for card in cards:
        is_here = card.room_id is not None and (card.room_id in mine or wholes.get(card.room_id) == day.room.id)
        if is_here and card.starts_at <= segment.start < card.ends_at:
            return card
    return None
