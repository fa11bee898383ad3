"""A plan of rehearsals that calls only those whom a piece needs ("day out of days"). Pure.

Pieces are spread over the rehearsals so that each person comes to few of them, in an order in which nobody waits
long between two pieces.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

LEAST = 15  # minutes that a piece is rehearsed at least


@dataclass(frozen=True)
class Piece:
    """What is to be rehearsed, for how many minutes, and who is in it."""

    item_id: int
    minutes: int
    members: frozenset[int]


@dataclass(frozen=True)
class Slot:
    """A piece within a rehearsal: after how many minutes it begins."""

    piece: Piece
    starts: int

    @property
    def ends(self) -> int:
        """After how many minutes it ends."""
        return self.starts + self.piece.minutes


@dataclass(frozen=True)
class Rehearsal:
    """One rehearsal: what is played in which order."""

    session_id: int
    minutes: int
    slots: tuple[Slot, ...] = ()

    @property
    def called(self) -> dict[int, tuple[int, int]]:
        """From when until when each person is needed, in minutes after its start."""
        calls: dict[int, tuple[int, int]] = {}
        for slot in self.slots:
            for member_id in slot.piece.members:
                begins, ends = calls.get(member_id, (slot.starts, slot.ends))
                calls[member_id] = (min(begins, slot.starts), max(ends, slot.ends))
        return calls


@dataclass(frozen=True)
class Plan:
    """All rehearsals before a performance, and the pieces for which no time is left."""

    rehearsals: tuple[Rehearsal, ...]
    left_out: tuple[Piece, ...] = ()

    def calls_of(self, member_id: int) -> dict[int, tuple[int, int]]:
        """When one person is called, by rehearsal; those where they need not come are not in it."""
        return {each.session_id: each.called[member_id] for each in self.rehearsals if member_id in each.called}

    def spared(self, members: Collection[int]) -> int:
        """How many rehearsals these people need not come to, all together."""
        return sum(len(self.rehearsals) - len(self.calls_of(member_id)) for member_id in members)


def minutes_for(seconds: int) -> int:
    """How long a piece is rehearsed: three times its length, in steps of five minutes."""
    return max(LEAST, -(-seconds * 3 // 300) * 5)


def plan(pieces: Sequence[Piece], rooms: Mapping[int, int]) -> Plan:
    """Spread pieces over rehearsals (`rooms`: minutes of each, in order); what fits nowhere is left out.

    The longest come first; each goes where most of its people are called already, else where most time is left.
    """
    held: dict[int, list[Piece]] = {session_id: [] for session_id in rooms}
    left = dict(rooms)
    left_out = []
    for piece in sorted(pieces, key=lambda each: (-len(each.members), -each.minutes, each.item_id)):
        fitting = [session_id for session_id in rooms if left[session_id] >= piece.minutes]
        if not fitting:
            left_out.append(piece)
            continue
        best = max(fitting, key=lambda session_id: (_known(held[session_id], piece), left[session_id], -session_id))
        held[best].append(piece)
        left[best] -= piece.minutes
    rehearsals = tuple(
        Rehearsal(session_id, minutes, in_order(held[session_id])) for session_id, minutes in rooms.items()
    )
    return Plan(rehearsals, tuple(left_out))


def in_order(pieces: Sequence[Piece]) -> tuple[Slot, ...]:
    """The pieces of a rehearsal one after the other: the largest first, then what shares most people with the last."""
    waiting = sorted(pieces, key=lambda each: (-len(each.members), each.item_id))
    slots: list[Slot] = []
    at = 0
    while waiting:
        last = slots[-1].piece.members if slots else frozenset()
        chosen = max(waiting, key=lambda each: (len(each.members & last), len(each.members), -each.item_id))
        waiting.remove(chosen)
        slots.append(Slot(chosen, at))
        at += chosen.minutes
    return tuple(slots)


def laid(pieces: Sequence[Piece], session_id: int, minutes: int) -> Rehearsal:
    """A rehearsal in the order that was written down."""
    slots, at = [], 0
    for piece in pieces:
        slots.append(Slot(piece, at))
        at += piece.minutes
    return Rehearsal(session_id, minutes, tuple(slots))


def _known(held: Sequence[Piece], piece: Piece) -> int:
    called = frozenset[int]().union(*(each.members for each in held))
    return len(called & piece.members)
