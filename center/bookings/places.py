"""A room and a time in it: where a use is, was, or could be."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from center.bookings.models import Booking
from center.kernel.i18n import centre_zone
from center.kernel.spans import Span
from center.rooms.models import Room
from center.rooms.queries import find_room

FURTHEST = timedelta(days=13)  # from its date, of another day that may be chosen for it


@dataclass(frozen=True)
class Place:
    """A room and a time in it."""

    room: Room
    span: Span

    @property
    def token(self) -> str:
        """How a form says it: R09/2026-11-24T14:30/120."""
        minutes = int(self.span.length.total_seconds() // 60)
        return f"{self.room.code}/{self.span.start.astimezone(centre_zone()):%Y-%m-%dT%H:%M}/{minutes}"

    @property
    def until_cleared(self) -> Span:
        """The time that a use takes with what is cleared up after it."""
        return Span(self.span.start, self.span.end + timedelta(minutes=self.room.buffer_minutes))

    def holds(self, other: "Place") -> bool:
        """Whether the other one is inside it."""
        return self.room == other.room and self.span.covers(other.span)

    def meets(self, other: "Place") -> bool:
        """Whether both take time of one part, clearing up included."""
        parts = {leaf.id for leaf in self.room.leaves} & {leaf.id for leaf in other.room.leaves}
        return bool(parts) and self.until_cleared.overlaps(other.until_cleared)


def place_now(booking: Booking) -> Place:
    """Where and when a booking is now."""
    return Place(booking.room, booking.span)


def place_of(token: str, day: date) -> Place | None:
    """The place a form speaks of, where it is one near that day; None for nonsense."""
    code, _slash, rest = token.partition("/")
    text, _slash, minutes = rest.partition("/")
    try:
        start = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=centre_zone())
        length = timedelta(minutes=int(minutes)) if minutes.isascii() and len(minutes) <= 4 else timedelta(0)
    except ValueError:
        return None
    if abs(start.date() - day) > FURTHEST or not timedelta(0) < length <= timedelta(days=1):
        return None
    room = find_room(code)
    return Place(room, Span(start, start + length)) if room and not room.is_retired else None
