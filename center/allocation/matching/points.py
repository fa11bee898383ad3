"""What a wish has by each published criterion at a time, from nothing to a hundred; and the lot for ties. Pure."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256

FULL = 100
ENOUGH_DATES = 4  # of fewer dates in the past nothing is concluded


class Criterion(enum.StrEnum):
    """What may count when two wishes want the same time. How much is set for each round, and published with it."""

    CHARITY = "charity"
    EQUIPMENT = "equipment"
    KEPT = "kept"
    LESS_LAST_TERM = "less_last_term"
    PEOPLE = "people"


@dataclass(frozen=True, kw_only=True)
class OrganisationFacts:
    """What is known of an organisation when wishes are weighed."""

    is_charity: bool = False
    kept: int = 0  # dates of the last year to which somebody came
    missed: int = 0  # dates that were missed; those for which an elder answers do not count
    asked_last: int = 0  # wishes in the last round
    got_last: int = 0


@dataclass(frozen=True, kw_only=True)
class TimeFacts:
    """What is known of the room of a time."""

    capacity: int
    has: frozenset[str] = frozenset()


def shares(
    people: int, needs: frozenset[str], organisation: OrganisationFacts, time: TimeFacts
) -> dict[Criterion, int]:
    """What a wish has by each criterion at a time, from 0 to 100."""
    return {
        Criterion.CHARITY: FULL if organisation.is_charity else 0,
        Criterion.EQUIPMENT: FULL * len(needs & time.has) // len(needs) if needs else 0,
        Criterion.KEPT: _kept(organisation),
        Criterion.LESS_LAST_TERM: _less(organisation),
        Criterion.PEOPLE: min(FULL, FULL * people // time.capacity),
    }


def points(found: Mapping[Criterion, int], weights: Mapping[Criterion, int]) -> int:
    """The sum of each share times its weight, in whole numbers."""
    return sum(weight * found.get(criterion, 0) for criterion, weight in weights.items())


def _kept(organisation: OrganisationFacts) -> int:
    """The share of dates that were used. Whoever is new has all of it: nobody is behind for having no past."""
    dates = organisation.kept + organisation.missed
    return FULL if dates < ENOUGH_DATES else FULL * organisation.kept // dates


def _less(organisation: OrganisationFacts) -> int:
    """The share of last term's wishes that got nothing."""
    if not organisation.asked_last:
        return 0
    return FULL * (organisation.asked_last - organisation.got_last) // organisation.asked_last


def sum_of(seed: str) -> str:
    """What is shown of a seed before the result: it gives nothing away, and fits no other seed."""
    return sha256(seed.encode()).hexdigest()


def lot_of(seed: str, wish: str) -> str:
    """The lot of a wish; of two the smaller comes first. `printf %s SEED:WISH | sha256sum` says the same."""
    return sha256(f"{seed}:{wish}".encode()).hexdigest()
