"""What a year is to have, and how far a troupe is. Pure. A troupe stands beside its targets, never beside another."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from math import ceil

from center.kernel.i18n import lazy_gettext as _l
from center.troupes.models.yearly import Counted

# What the district's rules of star ratings and yearly checks ask for, until the director sets another number.
RULES = {
    Counted.MEMBERS: (15, _l("Haidian: at least 15 members")),
    Counted.ACTIVITIES: (52, _l("Haidian: at least 52 activities a year")),
    Counted.BRAND_EVENTS: (4, _l("Minhang: at least four public events a year")),
    Counted.HOURS: (104, _l("Two hours a week, as the activities ask for")),
    Counted.PHOTOGRAPHS: (12, _l("One a month, as proof that it took place")),
}


@dataclass(frozen=True, kw_only=True)
class Target:
    """How many there are to be in a year, and which rule says so."""

    counted: Counted
    least: int
    source: object


@dataclass(frozen=True, kw_only=True)
class Progress:
    """How far a troupe is with one target."""

    target: Target
    count: int
    still: int  # how many are missing
    a_month: int  # so many a month from now on would do

    @property
    def is_met(self) -> bool:
        """Whether there are enough."""
        return self.still == 0


def months_left(year: int, today: date) -> int:
    """How many months of a year are left, the present one too; none of a past one."""
    if today.year > year:
        return 0
    return 12 if today.year < year else 13 - today.month


def progress_of(target: Target, count: int, *, year: int, today: date) -> Progress:
    """How far a troupe is, and what it would take in the rest of the year. Members are not made by the month."""
    still, left = max(0, target.least - count), months_left(year, today)
    a_month = ceil(still / left) if still and left and target.counted is not Counted.MEMBERS else 0
    return Progress(target=target, count=count, still=still, a_month=a_month)


def targets_of(set_by_staff: Mapping[Counted, tuple[int, str]]) -> list[Target]:
    """All targets, those of the rules where staff have set nothing else. None is left out."""
    found = []
    for counted, (least, source) in RULES.items():
        mine = set_by_staff.get(counted)
        found.append(
            Target(counted=counted, least=mine[0] if mine else least, source=mine[1] if mine and mine[1] else source)
        )
    return found
