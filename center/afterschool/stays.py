"""For which part of a whole day in the holidays a child comes, and whether it eats lunch there. Pure.

Lunch belongs to whichever part it is eaten with: who eats after the morning goes home after lunch, and who eats before
the afternoon is expected for lunch.
"""

from dataclasses import dataclass
from datetime import time

from center.afterschool.models.plans import Stay
from center.afterschool.models.terms import Half


@dataclass(frozen=True)
class Hours:
    """From when until when a child is here, or a half lasts."""

    starts: time
    ends: time


@dataclass(frozen=True, kw_only=True)
class DayHours:
    """The hours of a whole day, which lunch parts in two."""

    opens: time
    lunch_from: time
    lunch_until: time
    closes: time


HALVES: dict[Stay, tuple[Half, ...]] = {
    Stay.AFTERNOON: (Half.AFTERNOON,),
    Stay.AFTERNOON_LUNCH: (Half.AFTERNOON,),
    Stay.MORNING: (Half.MORNING,),
    Stay.MORNING_LUNCH: (Half.MORNING,),
    Stay.WHOLE: (Half.MORNING, Half.AFTERNOON),
    Stay.WHOLE_NO_LUNCH: (Half.MORNING, Half.AFTERNOON),
}
WITH_LUNCH = frozenset({Stay.AFTERNOON_LUNCH, Stay.MORNING_LUNCH, Stay.WHOLE})
IN_ORDER = (*(Stay.WHOLE, Stay.WHOLE_NO_LUNCH, Stay.MORNING_LUNCH, Stay.MORNING, Stay.AFTERNOON_LUNCH, Stay.AFTERNOON),)


def hours_of(stay: Stay, day: DayHours) -> Hours:
    """From when until when a child is here."""
    eats = stay in WITH_LUNCH
    starts, ends = day.opens, day.closes
    if Half.MORNING not in HALVES[stay]:
        starts = day.lunch_from if eats else day.lunch_until
    if Half.AFTERNOON not in HALVES[stay]:
        ends = day.lunch_until if eats else day.lunch_from
    return Hours(starts, ends)


def halves_between(starts: time, ends: time, day: DayHours) -> int:
    """How many halves of a day somebody was here who came and left at these times: lunch alone is none."""
    return int(starts < day.lunch_from) + int(ends > day.lunch_until)
