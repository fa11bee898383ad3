"""How long the processor takes to give weekly times to wishes, of one centre and of a hundred, and to check that."""

import random
import time
from dataclasses import dataclass

from center.allocation.matching.acceptance import Bid, blocking_pairs, match
from center.allocation.matching.points import lot_of

SIZES = ((17, 60), (1_700, 6_000))  # wishes and times
MOST = {17: 10.0, 1_700: 2_000.0}  # milliseconds: the aims


@dataclass(frozen=True)
class Matched:
    """One size: how long it took with every time named by every wish, and with all wanting the same ones first."""

    wishes: int
    times: int
    milliseconds: float
    contested: float
    checked: float
    complaints: int

    def told(self) -> str:
        """In a line, with the aim."""
        aim, worst = MOST[self.wishes], max(self.milliseconds, self.contested)
        return (
            f"Allocation of {self.wishes:,} wishes × {self.times:,} times: {self.milliseconds:.1f} ms with all times "
            f"named, {self.contested:.1f} ms where all want the same ones first (aim {aim:g} ms), checked in "
            f"{self.checked:.1f} ms, {self.complaints} with reason to complain: "
            f"{'met' if worst <= aim and not self.complaints else 'MISSED'}."
        )


def allocate() -> list[Matched]:
    """Both sizes, each with wishes that name every time: in an order of their own, and all in the same one."""
    return [_matched(wishes, times) for wishes, times in SIZES]


def _matched(wishes: int, times: int) -> Matched:
    chance = random.Random(1)
    own = [_bid(chance, n, chance.sample(range(times), times)) for n in range(wishes)]
    same = [_bid(chance, n, range(times)) for n in range(wishes)]
    free, given = _timed(own)
    contested, again = _timed(same)
    begun = time.process_time()
    complaints = len(blocking_pairs(own, given)) + len(blocking_pairs(same, again))
    return Matched(wishes, times, free, contested, (time.process_time() - begun) * 1000, complaints)


def _timed(bids: list[Bid]) -> tuple[float, dict[str, int]]:
    begun = time.process_time()
    given = match(bids)
    return (time.process_time() - begun) * 1000, given


def _bid(chance: random.Random, n: int, choices: "list[int] | range") -> Bid:
    wish = f"W-{n:05d}"
    points = chance.randrange(10_000)
    return Bid(
        wish=wish,
        order=1 + n % 2,
        lot=lot_of("bench", wish),
        choices=tuple(choices),
        points=dict.fromkeys(choices, points),
    )


if __name__ == "__main__":
    for each in allocate():
        print(each.told())
