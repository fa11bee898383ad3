"""The two halves of a whole day in the holidays: how many children are to come, and who is on duty for them."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from center.afterschool.models.plans import Stay
from center.afterschool.models.staff import CareDuty
from center.afterschool.models.terms import Half, TermDay, TermMode
from center.afterschool.plans import day_plans
from center.afterschool.staff import queries, rules
from center.afterschool.stays import HALVES


@dataclass(frozen=True, kw_only=True)
class HalfNow:
    """How many children are to come for a half of a day, how many adults they need, and who is on duty."""

    half: Half
    children: int
    adults: int
    duties: Sequence[CareDuty] = ()

    @property
    def on_duty(self) -> int:
        """How many are on duty to look after the children: all but the guards."""
        return rules.adults_of(Counter(each.role for each in self.duties))

    @property
    def lacks(self) -> int:
        """How many adults more the children need."""
        return max(0, self.adults - self.on_duty)


def halves_of(day: TermDay, stays: Iterable[Stay], duties: Iterable[CareDuty]) -> list[HalfNow]:
    """Both halves, by what the children come for; nothing of a day after school."""
    if day.term.mode is not TermMode.FULL_DAY:
        return []
    counts, per_adult = Counter(half for stay in stays for half in HALVES[stay]), day.term.children_per_adult
    there = list(duties)
    return [
        HalfNow(
            half=half,
            children=counts[half],
            adults=-(-counts[half] // per_adult),
            duties=rules.in_half(half, there),
        )
        for half in Half
    ]


def halves_on(day: TermDay) -> list[HalfNow]:
    """The same, read for a day."""
    if day.term.mode is not TermMode.FULL_DAY:
        return []
    stays = [each.stay for each in day_plans.listed_on(day) if each.stay]
    return halves_of(day, stays, queries.duties_on([day.id]))
