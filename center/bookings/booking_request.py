"""What somebody asks of a room, before the rules are asked."""

from dataclasses import dataclass

from center.bookings.changes import Shape
from center.bookings.models import Channel
from center.bookings.rulebook.checks import propose
from center.bookings.rulebook.facts import Party, ProposedUse
from center.kernel.spans import Span
from center.rooms.models import AccessFeature, Room


@dataclass(frozen=True, kw_only=True)
class BookingRequest:
    """What somebody asks for, checked for shape only."""

    span: Span
    people: int
    purpose: str
    request_key: str
    note: str = ""
    set_up: str = ""
    needs: frozenset[AccessFeature] = frozenset()
    channel: Channel = Channel.ONLINE
    purpose_id: int | None = None  # which kind of use it is, where staff keep a list of them
    waits: str | None = None  # what the page said: whether somebody must agree to it

    def shape_in(self, room: Room) -> Shape:
        """What a booking of this room would be."""
        return Shape(
            room=room,
            span=self.span,
            people=self.people,
            purpose=self.purpose,
            purpose_id=self.purpose_id,
            note=self.note,
            set_up=self.set_up,
            needs=self.needs,
        )

    def proposed_in(self, room: Room, party: Party) -> ProposedUse:
        """What the rule book is asked about a booking of this room."""
        purpose_id, set_up, needs = self.purpose_id, self.set_up, self.needs
        return propose(room, self.span, self.people, party, purpose_id=purpose_id, set_up=set_up, needs=needs)
