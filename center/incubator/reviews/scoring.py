"""Points of a panel: weighted sums, what is flagged as divergent, and the draw of a panel from a seed. Pure."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

MOST_POINTS = 10
WHOLE = 100
LEAST_PANEL = 3
SPREAD_OF_TOTALS = 20.0  # points of a hundred between two reviewers from which a panel is asked to talk
SPREAD_OF_POINTS = 4  # points of ten on one criterion


@dataclass(frozen=True)
class Sheet:
    """What one reviewer gave: points by criterion, and whether they are for it (None: undecided)."""

    reviewer_id: int
    points: Mapping[int, int]
    is_for: bool | None


@dataclass(frozen=True)
class Divergence:
    """Where a panel is far apart."""

    totals: bool
    criteria: tuple[int, ...]
    votes: bool

    @property
    def is_any(self) -> bool:
        """Whether anything is to be talked about."""
        return self.totals or bool(self.criteria) or self.votes


def total(points: Mapping[int, int], weights: Mapping[int, int]) -> float:
    """The weighted sum of one sheet, out of a hundred."""
    return sum(points.get(criterion, 0) * weight for criterion, weight in weights.items()) / MOST_POINTS


def mean(sheets: Sequence[Sheet], weights: Mapping[int, int]) -> float | None:
    """The mean of all sheets, out of a hundred; None where there is none."""
    if not sheets:
        return None
    return sum(total(sheet.points, weights) for sheet in sheets) / len(sheets)


def divergence(sheets: Sequence[Sheet], weights: Mapping[int, int]) -> Divergence:
    """Where reviewers differ so much that a mean would hide it."""
    totals = [total(sheet.points, weights) for sheet in sheets]
    apart = tuple(
        criterion
        for criterion in weights
        if _spread([sheet.points.get(criterion, 0) for sheet in sheets]) >= SPREAD_OF_POINTS
    )
    votes = {sheet.is_for for sheet in sheets if sheet.is_for is not None}
    return Divergence(_spread(totals) >= SPREAD_OF_TOTALS, apart, len(votes) > 1)


def is_whole(weights: Collection[int]) -> bool:
    """Whether weights make up a hundred, each of them something."""
    return bool(weights) and all(weight > 0 for weight in weights) and sum(weights) == WHOLE


def lot_of(seed: str, number: str) -> str:
    """The lot of one in the pool; the smallest is drawn first. `printf %s SEED:NUMBER | sha256sum` says the same."""
    return sha256(f"{seed}:{number}".encode()).hexdigest()


def draw(seed: str, numbers: Collection[str]) -> list[str]:
    """Everybody in the pool in the order drawn: the same seed and pool always give the same."""
    return sorted(set(numbers), key=lambda number: (lot_of(seed, number), number))


def _spread(values: Sequence[float]) -> float:
    return max(values) - min(values) if len(values) > 1 else 0
