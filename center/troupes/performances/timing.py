"""How long a programme lasts against its slot, and who has little time between two pieces. Pure."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

TIGHT = 180  # seconds: whoever has less between two pieces can hardly change costume


@dataclass(frozen=True)
class Turn:
    """One place of the programme: how long it lasts, the change of the stage after it, and who is on."""

    item_id: int
    seconds: int
    change: int = 0
    members: Collection[int] = ()


@dataclass(frozen=True)
class Length:
    """How long a programme lasts, changes between its pieces included, and the slot it has."""

    seconds: int
    slot: int

    @property
    def left(self) -> int:
        """Seconds of the slot that are left; below zero: by how much it is too long."""
        return self.slot - self.seconds

    @property
    def fits(self) -> bool:
        """Whether it is no longer than its slot."""
        return self.left >= 0


@dataclass(frozen=True)
class QuickChange:
    """Somebody who is on in two pieces with little between them."""

    member_id: int
    before_id: int
    after_id: int
    seconds: int
    is_tight: bool


def length_of(turns: Sequence[Turn], *, slot: int) -> Length:
    """The length of a programme: after the last piece nothing is changed any more."""
    changes = sum(each.change for each in turns[:-1])
    return Length(sum(each.seconds for each in turns) + changes, slot)


def starts_of(turns: Sequence[Turn]) -> list[int]:
    """After how many seconds each piece begins."""
    starts, at = [], 0
    for turn in turns:
        starts.append(at)
        at += turn.seconds + turn.change
    return starts


def quick_changes(turns: Sequence[Turn], *, tight: int = TIGHT) -> list[QuickChange]:
    """Who is on twice running or with less than `tight` seconds between, in the order of the programme."""
    last: dict[int, tuple[int, int]] = {}  # where somebody was on last: the place, and when it ended
    found = []
    for n, (turn, start) in enumerate(zip(turns, starts_of(turns), strict=True)):
        for member_id in sorted(turn.members):
            if member_id in last:
                place, ended = last[member_id]
                between = start - ended
                if place == n - 1 or between < tight:
                    before_id = turns[place].item_id
                    found.append(QuickChange(member_id, before_id, turn.item_id, between, between < tight))
            last[member_id] = (n, start + turn.seconds)
    return found


def clock(seconds: int) -> str:
    """A length as it is read on a stage: minutes and seconds."""
    return f"{seconds // 60}:{seconds % 60:02d}"
