"""A booking as it is beside what it should become: which rules that asks again. Pure."""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from center.bookings.models import Booking
from center.bookings.models.waiting import SlotWish
from center.bookings.rulebook.facts import Party, ProposedUse, Rule, propose
from center.kernel.spans import Span
from center.rooms.models import AccessFeature, Room


@dataclass(frozen=True, kw_only=True)
class Shape:
    """What is asked of a room, and of a booking can be changed."""

    room: Room
    span: Span
    people: int
    purpose: str
    purpose_id: int | None = None  # which kind of use it is, where staff keep a list of them
    note: str = ""
    set_up: str = ""
    needs: frozenset[AccessFeature] = frozenset()

    def proposed(self, party: Party) -> ProposedUse:
        """What the rule book is asked about it."""
        purpose_id, set_up, needs = self.purpose_id, self.set_up, self.needs
        return propose(self.room, self.span, self.people, party, purpose_id=purpose_id, set_up=set_up, needs=needs)


def shape_of(kept: Booking | SlotWish) -> Shape:
    """A booking, or what somebody waits for, as it is."""
    return Shape(
        room=kept.room,
        span=Span(kept.starts_at, kept.ends_at),
        people=kept.people,
        purpose=kept.purpose,
        purpose_id=kept.purpose_id,
        note=kept.note,
        set_up=kept.set_up,
        needs=kept.needed,
    )


@dataclass(frozen=True)
class Change:
    """From one shape to another."""

    was: Shape
    to: Shape

    @property
    def is_moved(self) -> bool:
        """Whether it is at another time or in another room, so that calendars and doors must know."""
        return (self.was.room.id, self.was.span) != (self.to.room.id, self.to.span)

    @cached_property
    def is_within(self) -> bool:
        """Whether it takes nothing that it does not have: same room, time inside the old time."""
        return self.was.room.id == self.to.room.id and self.was.span.covers(self.to.span)

    @property
    def asks_approval(self) -> bool:
        """Whether a member of staff must agree anew, where the room asks for that: not to less of the same."""
        is_less = self.is_within and self.to.people <= self.was.people
        return not is_less or self._is_for_something_else

    @property
    def _is_for_something_else(self) -> bool:
        return (self.was.purpose, self.was.purpose_id) != (self.to.purpose, self.to.purpose_id)

    def clear_at(self, cleared_at: datetime, *, had: datetime, is_blocked: bool) -> datetime:
        """Until when the room is cleared after the change, where clearing up would last until `cleared_at` now.

        Where a use stays or only gives time back it is not refused for the clearing up that it `had`: that grows with
        the room's rules where a change of time leaves space for it (`is_blocked` says that there is none), else not.
        """
        gains_set_up = bool(self.to.set_up.strip() and not self.was.set_up.strip())
        if not self.is_within or gains_set_up or not (is_blocked or self.to.span == self.was.span):
            return cleared_at
        return max(min(cleared_at, had), self.to.span.end)

    @property
    def needs_setting_up(self) -> bool:
        """Whether what was made ready no longer fits."""
        return self.is_moved or (self.was.set_up, self.was.needs) != (self.to.set_up, self.to.needs)

    def asks(self, rule: Rule | None, *, is_longer: bool = False) -> bool:
        """Whether the rule is asked again: every rule when time is taken anew, else those of what has changed.

        `is_longer` says that clearing up takes longer than it did.
        """
        if not self.is_within:
            return True
        asked: set[str] = set()
        if self.to.span != self.was.span:
            asked |= {Rule.SHORTEST, Rule.STEP}
        if self.to.people != self.was.people:
            asked |= {Rule.CAPACITY, Rule.MIN_PEOPLE}
        if self.to.purpose_id != self.was.purpose_id:
            asked.add(Rule.PURPOSE)
        if self.to.needs - self.was.needs:
            asked.add(Rule.NEEDS)
        if is_longer:
            asked |= {Rule.CLOSED, Rule.FREE, Rule.OWN}
        return rule in asked
