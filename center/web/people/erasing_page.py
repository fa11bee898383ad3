"""What the pages on which somebody is erased, or asks for it, show."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from center.kernel import clock
from center.people.erasing import actions
from center.people.erasing.plan import Plan
from center.people.models import Person


@dataclass(frozen=True)
class Erasing:
    """What the page shows before somebody is erased."""

    plan: Plan
    ahead: Sequence[tuple[Any, int]]
    obstacles: Sequence[actions.Obstacle]


def what_it_does(person: Person) -> Erasing:
    """What goes and stays of somebody, what is ahead of them, and what stands in the way."""
    now = clock.now()
    return Erasing(
        plan=actions.plan_of(person),
        ahead=actions.what_is_ahead(person, now=now),
        obstacles=actions.what_stands_in_the_way(person, now=now),
    )
