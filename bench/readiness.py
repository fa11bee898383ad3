"""How long it takes to say which of forty pieces can be played, and who is missing, with sixty members."""

import random
import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass

from center.troupes.performances.readiness import Answer, Cast, Lineup, Stands, all_readiness

PIECES, MEMBERS, PARTS, ROUNDS = 40, 60, 6, 50
MOST = 50.0  # milliseconds: the aim


@dataclass(frozen=True)
class Played:
    """The rounds, in milliseconds, and how many pieces could be played."""

    milliseconds: Sequence[float]
    ready: int

    def told(self) -> str:
        """In a line, with the aim."""
        worst = max(self.milliseconds)
        return (
            f"Readiness of {PIECES} pieces × {MEMBERS} members: p50 {statistics.median(self.milliseconds):.1f} ms, "
            f"worst of {ROUNDS} {worst:.1f} ms (aim {MOST:g} ms), {self.ready} can be played: "
            f"{'met' if worst <= MOST else 'MISSED'}."
        )


def play() -> Played:
    """Everybody is down for every piece, in up to three parts, a fifth of them as stand-ins; a quarter say nothing."""
    chance = random.Random(1)
    lineups = [_lineup(chance, item_id) for item_id in range(PIECES)]
    answers = {member: chance.choice(list(Answer)) for member in range(MEMBERS) if member % 4}
    taken, found = [], []
    for _round in range(ROUNDS):
        begun = time.perf_counter()
        found = all_readiness(lineups, answers, frozenset({3, 7}))
        taken.append((time.perf_counter() - begun) * 1000)
    return Played(taken, sum(each.stands is not Stands.SHORT for each in found))


def _lineup(chance: random.Random, item_id: int) -> Lineup:
    cast = [
        Cast(member, tuple(chance.sample(range(PARTS), chance.choice((1, 2, 3)))), is_stand_in=member % 5 == 0)
        for member in range(MEMBERS)
    ]
    return Lineup(item_id, {part: chance.randint(4, 9) for part in range(PARTS)}, cast)
