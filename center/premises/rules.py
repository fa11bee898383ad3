"""Pure decisions about the centre's calendar and its facts."""

import re
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import takewhile
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.premises.models import DayKind

SATURDAY = 5
A_DAY = timedelta(days=1)
_SAYS_A_DATE = re.compile(r"\d{4}-\d\d-\d\d")  # "休息日（由 2026-02-14 调休）" names one moved day and no other


@dataclass(frozen=True)
class NamedDay:
    """A day that differs from its weekday, and what it is called. A make-up working day may have no name."""

    kind: DayKind
    name: str = ""
    name_en: str = ""


def day_kind(day: date, *, override: DayKind | None, library: DayKind | None) -> DayKind:
    """What a day is: what staff say of it, else what the holidays library says, else an ordinary day."""
    return override or library or DayKind.ORDINARY


def combine_days(library: dict[date, NamedDay], staff: dict[date, NamedDay]) -> dict[date, NamedDay]:
    """The days that differ from their weekday, in order: staff's over the library's; a name staff left out is kept."""
    combined: dict[date, NamedDay] = {}
    for day in sorted({*library, *staff}):
        ours, theirs = staff.get(day), library.get(day)
        kind = day_kind(day, override=ours.kind if ours else None, library=theirs.kind if theirs else None)
        if kind is DayKind.ORDINARY:
            continue
        named = ours or theirs
        if ours and theirs and not ours.name and ours.kind is theirs.kind:
            named = theirs
        assert named is not None
        combined[day] = named
    return combined


def with_weekends_between(counts: Mapping[date, NamedDay], *, by_hand: Container[date] = ()) -> dict[date, NamedDay]:
    """The same days, and with them each weekend day that lies between two holidays: it is one of the holiday too.

    The public calendar leaves these out, since nobody moved them. What staff said of a day by hand stays as it is, and
    a make-up working day is no weekend day.
    """
    filled = dict(counts)
    for last_before, gap in _weekends_between(counts):
        name, name_en = _name_of_holiday(last_before, counts)
        filled.update((day, NamedDay(DayKind.HOLIDAY, name, name_en)) for day in gap if day not in by_hand)
    return dict(sorted(filled.items()))


def _weekends_between(counts: Mapping[date, NamedDay]) -> Iterator[tuple[date, list[date]]]:
    """Each holiday that is followed by weekend days and then by another holiday, with the weekend days."""
    for day in counts:
        following = (day + n * A_DAY for n in range(1, 4))
        gap = list(takewhile(lambda each: each.weekday() >= SATURDAY and each not in counts, following))
        if gap and _is_holiday(day, counts) and _is_holiday(gap[-1] + A_DAY, counts):
            yield day, gap


def _name_of_holiday(day: date, counts: Mapping[date, NamedDay]) -> tuple[str, str]:
    """The latest name of the holiday up to this day; a name that speaks of another day is passed over."""
    while _is_holiday(day, counts):
        if counts[day].name and not _SAYS_A_DATE.search(counts[day].name):
            return counts[day].name, counts[day].name_en
        day -= A_DAY
    return "", ""


def _is_holiday(day: date, counts: Mapping[date, NamedDay]) -> bool:
    return day in counts and counts[day].kind is DayKind.HOLIDAY


def unknown_years(first: date, last: date, *, last_known_year: int) -> list[int]:
    """The years between two dates whose make-up working days nobody has published yet."""
    return [year for year in range(first.year, last.year + 1) if year > last_known_year]


def check_zone(name: str) -> ZoneInfo:
    """The time zone with this name; raises RuleBroken on the field zone_name."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise RuleBroken(
            _l("There is no time zone with this name. Write it like Asia/Shanghai."), field="zone_name"
        ) from None
