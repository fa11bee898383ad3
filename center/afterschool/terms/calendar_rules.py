"""On which days a term takes place by the centre's calendar, and where that differs from its days. Pure."""

import enum
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from center.kernel.spans import days
from center.premises.library import NamedDay
from center.premises.models import DayKind

SATURDAY = 5
OFF = "off"  # what the calendar says of a day on which the term would not take place


class Off(enum.StrEnum):
    """Why a term does not take place on a day on which it might."""

    HOLIDAY = "holiday"
    NO_SCHOOL = "no_school"  # none of its schools has school
    NOT_SAID = "not_said"  # a make-up working day of which nobody says as which weekday it counts


@dataclass(frozen=True, kw_only=True)
class PlannedDay:
    """A day of a term by the calendar: as which weekday it counts, or why it is left out.

    Not `is_sure` in a year whose moved days nobody has published: then nobody knows whether it is a school day.
    """

    on: date
    counts_as: int | None
    off: Off | None = None
    name: str = ""  # of the holiday
    name_en: str = ""
    is_sure: bool = True

    @property
    def takes_place(self) -> bool:
        """Whether the term takes place by the calendar."""
        return self.off is None

    @property
    def says(self) -> str:
        """What the calendar says of the day, in a word that is kept."""
        return OFF if self.off is not None else str(self.counts_as)


@dataclass(frozen=True, kw_only=True)
class DayDifference:
    """A day on which the calendar and the term differ: as it is in the term, and as the calendar has it now.

    None: it does not take place.
    """

    on: date
    is_now: int | None
    planned: PlannedDay | None
    counts_as: int | None

    @property
    def says(self) -> str:
        """What the calendar says of the day, in a word that is kept."""
        return OFF if self.counts_as is None else str(self.counts_as)


def planned_days(
    first: date,
    last: date,
    *,
    calendar: Mapping[date, NamedDay],
    weekdays: Collection[int],
    no_school: Collection[date] = (),
    unknown_years: Collection[int] = (),
) -> list[PlannedDay]:
    """The days between two dates on which a term of these weekdays takes place, and those that are left out of it.

    A weekend is neither: only what would be a day of the term is named as left out.
    """
    found = []
    for day in days(first, last):
        planned = _planned(day, calendar.get(day), weekdays, is_off=day in no_school)
        if planned is not None:
            found.append(_unsure(planned) if day.year in unknown_years else planned)
    return found


def _planned(day: date, named: NamedDay | None, weekdays: Collection[int], *, is_off: bool) -> PlannedDay | None:
    kind = named.kind if named else DayKind.ORDINARY
    is_weekend = day.weekday() >= SATURDAY
    if kind is DayKind.HOLIDAY and named:
        if day.weekday() not in weekdays:
            return None
        return PlannedDay(on=day, counts_as=None, off=Off.HOLIDAY, name=named.name, name_en=named.name_en)
    is_make_up = kind is DayKind.WORKING and is_weekend
    counts_as = named.counts_as if named and kind is DayKind.WORKING else None
    if is_make_up and counts_as is None:
        return PlannedDay(on=day, counts_as=None, off=Off.NOT_SAID)
    weekday = day.weekday() if counts_as is None else counts_as
    if weekday not in weekdays:
        return None
    off = Off.NO_SCHOOL if is_off else None
    return PlannedDay(on=day, counts_as=weekday, off=off)


def _unsure(planned: PlannedDay) -> PlannedDay:
    return PlannedDay(**{**vars(planned), "is_sure": False})


def differences_of(
    planned: Iterable[PlannedDay],
    held: Mapping[date, int],
    *,
    called_off: Collection[date],
    decided: Collection[tuple[date, str]],
    after: date,
) -> list[DayDifference]:
    """Where the calendar says otherwise of a day after a date than the term has it, and nobody has decided it yet.

    `held` says as which weekday each day counts, `called_off` are days that staff called off. Of days in a year that
    is not known yet nothing is said.
    """
    by_day = {each.on: each for each in planned}
    found = []
    for on in sorted({*by_day, *held}):
        each = by_day.get(on)
        says = each.counts_as if each and each.takes_place else None
        is_unknown = each is not None and not each.is_sure
        if on <= after or on in called_off or is_unknown or held.get(on) == says:
            continue
        difference = DayDifference(on=on, is_now=held.get(on), planned=each, counts_as=says)
        if (on, difference.says) not in decided:
            found.append(difference)
    return found
