"""Deferred acceptance of wishes by weekly times: stable, and no wish gains by naming other choices. Pure.

Each wish asks for its best choice; a time keeps whoever comes first by its own order and lets the other ask for its
next choice. With a strict order at every time the result is one and the same, in whatever order wishes are looked at
(Gale and Shapley 1962), and the best that any stable result gives to each wish; so to name one's true choices is best.
"""

import enum
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

Key = tuple[int, int, str, str]
POINTS, ORDER = 24, 56  # where they stand in a key that is one number, above the place by lot


@dataclass(frozen=True, kw_only=True)
class Bid:
    """One wish, as it takes part: its choices by number, best first, with its points at each of them."""

    wish: str
    order: int  # which of its organisation's wishes it is: everybody's first comes before anybody's second
    lot: str
    choices: tuple[int, ...]
    points: Mapping[int, int]

    def key_at(self, slot: int) -> Key:
        """Its place in the order of a time: the smallest comes first."""
        return self.order, -self.points.get(slot, 0), self.lot, self.wish


class Because(enum.StrEnum):
    """What decided between two wishes for one time."""

    LOT = "lot"
    ORDER = "order"
    POINTS = "points"


class Outcome(enum.StrEnum):
    """What became of one choice of a wish."""

    GOT = "got"
    LOST = "lost"
    NOT_ASKED = "not_asked"  # a better choice was had
    OTHERWISE = "otherwise"  # by the rules it would have been had: staff gave it away otherwise, or kept it


@dataclass(frozen=True)
class ChoiceResult:
    """What became of one choice; of one that was lost, to which wish and by what."""

    slot: int
    outcome: Outcome
    to: Bid | None = None
    because: Because | None = None


def match(bids: Iterable[Bid]) -> dict[str, int]:
    """Which time each wish gets, by the wish; a wish that got none of its choices is not in it."""
    known = sorted(bids, key=lambda bid: bid.wish)
    bases = _bases(known)
    waiting, next_choice = list(range(len(known))), [0] * len(known)
    holders: dict[int, tuple[int, int]] = {}  # of each time the key and the number of whoever has it
    while waiting:
        number = waiting.pop()
        bid, base = known[number], bases[number]
        choices, points = bid.choices, bid.points
        n = next_choice[number]
        while n < len(choices):
            slot = choices[n]
            n += 1
            key = base - (points.get(slot, 0) << POINTS)
            held = holders.get(slot)
            if held is None or key < held[0]:
                holders[slot] = (key, number)
                if held is not None:
                    waiting.append(held[1])
                break
        next_choice[number] = n
    return {known[number].wish: slot for slot, (_key, number) in holders.items()}


def blocking_pairs(bids: Sequence[Bid], given: Mapping[str, int]) -> list[tuple[str, int]]:
    """Every wish with a time it likes better than what it has, and to which it comes before whoever has it."""
    bases = _bases(bids)
    holders = {
        slot: base - (bid.points.get(slot, 0) << POINTS)
        for bid, base in zip(bids, bases, strict=True)
        if (slot := given.get(bid.wish)) is not None
    }
    found: list[tuple[str, int]] = []
    for bid, base in zip(bids, bases, strict=True):
        has, points = given.get(bid.wish), bid.points
        for slot in bid.choices:
            if slot == has:
                break
            held = holders.get(slot)
            if held is None or base - (points.get(slot, 0) << POINTS) < held:
                found.append((bid.wish, slot))
    return found


def _bases(bids: Sequence[Bid]) -> list[int]:
    """`Bid.key_at` as one number, but for the points at a time: by order, then by lot."""
    by_lot = sorted(range(len(bids)), key=lambda n: (bids[n].lot, bids[n].wish))
    lots = {n: place for place, n in enumerate(by_lot)}
    return [(bid.order << ORDER) + lots[n] for n, bid in enumerate(bids)]


def answers(bid: Bid, given: Mapping[str, int], holders: Mapping[int, Bid]) -> list[ChoiceResult]:
    """What became of each choice of a wish, in its order. `holders` are who has each time."""
    found: list[ChoiceResult] = []
    has = False
    for slot in bid.choices:
        if given.get(bid.wish) == slot:
            has = True
            found.append(ChoiceResult(slot, Outcome.GOT))
            continue
        holder = holders.get(slot)
        if has:
            found.append(ChoiceResult(slot, Outcome.NOT_ASKED, holder))
        elif holder is None or bid.key_at(slot) < holder.key_at(slot):
            found.append(ChoiceResult(slot, Outcome.OTHERWISE, holder))
        else:
            found.append(ChoiceResult(slot, Outcome.LOST, holder, because(holder, bid, slot)))
    return found


def because(first: Bid, second: Bid, slot: int) -> Because:
    """What lets the first come before the second at a time."""
    if first.order != second.order:
        return Because.ORDER
    return Because.POINTS if first.points.get(slot, 0) != second.points.get(slot, 0) else Because.LOT
