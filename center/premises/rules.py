"""Pure decisions about the centre's calendar and its facts."""

from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from center.errors import RuleBroken
from center.i18n import lazy_gettext as _l
from center.premises.models import DayKind


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
