"""Why each wish got what it got: which time went to whom by which criterion, and which times are left."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from center.allocation.matching.acceptance import Bid, ChoiceResult, answers, blocking_pairs, match
from center.allocation.models import Adjustment, AllocationRound, Award, TermWish, WeeklyTime
from center.allocation.publishing.queries import adjustments_of, awards_of
from center.allocation.publishing.weighing import bids_of
from center.allocation.rounds.queries import times_of
from center.allocation.wishes.queries import wishes_of
from center.allocation.wishes.suiting import Use, unsuited


@dataclass(frozen=True, kw_only=True)
class Result:
    """A round with its result, as everything about it is read."""

    found: AllocationRound
    times: Mapping[int, WeeklyTime]
    wishes: Mapping[str, TermWish]
    bids: Mapping[str, Bid]
    awards: Sequence[Award]
    adjustments: Sequence[Adjustment]
    given: Mapping[str, int]

    @property
    def holders(self) -> dict[int, Bid]:
        """Which wish has each time, by its id."""
        return {slot: self.bids[wish] for wish, slot in self.given.items()}

    def award_of(self, wish: TermWish) -> Award | None:
        """What a wish got."""
        return next((each for each in self.awards if each.wish_id == wish.id), None)

    def adjustment_of(self, wish: TermWish) -> Adjustment | None:
        """What staff changed about a wish last."""
        return next((each for each in reversed(self.adjustments) if each.wish_id == wish.id), None)

    def answers_of(self, wish: TermWish) -> list[ChoiceResult]:
        """What became of each choice of a wish."""
        return answers(self.bids[wish.reference], self.given, self.holders)

    @property
    def by_the_rules(self) -> dict[str, int]:
        """What the criteria and the seed alone give, worked out anew."""
        return match(self.bids.values())

    @property
    def is_repeatable(self) -> bool:
        """Whether the result is what the rules give, but for what staff changed with a reason."""
        given = self.by_the_rules
        for each in self.adjustments:
            reference = self.reference_of[each.wish_id]
            given.pop(reference, None)
            if each.to_time_id is not None:
                given[reference] = each.to_time_id
        return given == dict(self.given)

    @property
    def reference_of(self) -> dict[int, str]:
        """The number of each wish, by its id."""
        return {wish.id: reference for reference, wish in self.wishes.items()}

    @property
    def passed_over(self) -> list[tuple[TermWish, WeeklyTime]]:
        """Wishes that would have a better time by the rules alone: only adjustments leave any."""
        pairs = blocking_pairs(list(self.bids.values()), self.given)
        return [(self.wishes[wish], self.times[slot]) for wish, slot in pairs]

    @property
    def left(self) -> list[WeeklyTime]:
        """The times that nobody has."""
        taken = set(self.given.values())
        return [each for each in self.times.values() if each.id not in taken]


def result_of(found: AllocationRound) -> Result:
    """Read a round with its result."""
    wishes = {each.reference: each for each in wishes_of(found)}
    awards = awards_of(found)
    numbers = {wish.id: reference for reference, wish in wishes.items()}
    return Result(
        found=found,
        times={each.id: each for each in times_of(found)},
        wishes=wishes,
        bids={each.wish: each for each in bids_of(found, list(wishes.values()))},
        awards=awards,
        adjustments=adjustments_of(found),
        given={numbers[each.wish_id]: each.time_id for each in awards},
    )


def left_for(result: Result, wish: TermWish, *, now: datetime) -> list[WeeklyTime]:
    """The times that nobody has and that suit a wish: they can be asked for."""
    use = Use(people=wish.people, purpose_id=wish.purpose_id, organisation=wish.organisation, person=wish.person)
    left = result.left
    against = unsuited(result.found, left, use, now=now)
    return [each for each in left if each.id not in against]
