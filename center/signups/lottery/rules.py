"""Drawing lots: the same seed and the same people always give the same order, whoever repeats it. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from center.signups.models import Mode
from center.signups.rules import Window, assignment, closing_time, shut_because


@dataclass(frozen=True, kw_only=True)
class Entry:
    """Somebody in a draw, by the number of their sign-up only."""

    reference: str
    unit: str  # friends who stay together share it: the first of their references
    fits: tuple[int, ...]  # the pools that may give them a place, best first
    wants_companion: bool = False
    precedence: int = 0  # whoever has a higher one is drawn before all with a lower one; among equals the lot decides


@dataclass(frozen=True)
class Drawn:
    """What an entry drew: a place of a pool, or none."""

    entry: Entry
    pool_id: int | None


@dataclass
class _Free:
    """A pool while lots are drawn."""

    id: int
    left: int


def sum_of(seed: str) -> str:
    """What is shown of a seed before the draw: it gives nothing away, and fits no other seed."""
    return sha256(seed.encode()).hexdigest()


def lot_of(seed: str, unit: str) -> str:
    """The lot of one person or group; the smallest is drawn first. `printf %s SEED:UNIT | sha256sum` says the same."""
    return sha256(f"{seed}:{unit}".encode()).hexdigest()


def unit_of(references: Iterable[str]) -> str:
    """What stands for friends who stay together, whoever of them is named first."""
    return min(references)


def in_order(entries: Iterable[Entry], seed: str) -> list[list[Entry]]:
    """Who is drawn first, second and so on, groups in one piece; in whatever order the entries are given.

    By precedence, then by lot. A group comes with the least of its precedences.
    """
    units: dict[str, list[Entry]] = {}
    for entry in sorted(entries, key=lambda each: each.reference):
        units.setdefault(entry.unit, []).append(entry)
    before = {unit: -min(each.precedence for each in entries) for unit, entries in units.items()}
    return [units[unit] for unit in sorted(units, key=lambda each: (before[each], lot_of(seed, each), each))]


def draw(entries: Iterable[Entry], *, seed: str, left: Mapping[int, int], beside: Collection[int] = ()) -> list[Drawn]:
    """Everybody in the order drawn, with the pool that gives each a place.

    `left` are the free places of each pool, of which `beside` are companion seats. Places kept for somebody are taken
    before those for all. All of a group have places or none; where too few are left for it, they go to the next.
    """
    free = {pool_id: _Free(pool_id, left[pool_id]) for pool_id in sorted(left)}
    seats = [pool for pool in free.values() if pool.id in beside]
    drawn: list[Drawn] = []
    for unit in in_order(entries, seed):
        usable = [[free[pool_id] for pool_id in entry.fits if pool_id in free] for entry in unit]
        picked = assignment(usable, [entry.wants_companion for entry in unit], seats, together=True)
        for entry, pool in zip(unit, picked, strict=True):
            _take(pool, seats if entry.wants_companion else ())
            drawn.append(Drawn(entry, pool.id if pool else None))
    return drawn


def is_due(window: Window, *, is_drawn: bool, now: datetime) -> bool:
    """Whether a lottery is to be drawn: sign-up has closed, and the activity still takes place."""
    if window.mode is not Mode.LOTTERY or is_drawn or shut_because(window, now=now, as_staff=True) is not None:
        return False
    return now >= closing_time(window)


def _take(pool: _Free | None, seats: Sequence[_Free]) -> None:
    if pool is None:
        return
    pool.left -= 1
    if seat := next((each for each in seats if each.left > 0), None):
        seat.left -= 1
