"""Periods of statements, and what a day of service may say. Pure."""

from dataclasses import dataclass
from datetime import date, timedelta

from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import year_in

HALVES = (1, 2)
LONGEST = timedelta(days=400)  # back, in which a day is still written down
MOST_MINUTES = 720


@dataclass(frozen=True)
class Period:
    """A year (of a unit), or half of one (of somebody who served)."""

    year: int
    half: int | None = None

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.year, 7 if self.half == 2 else 1, 1)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return date(self.year, 6, 30) if self.half == 1 else date(self.year, 12, 31)

    def __str__(self) -> str:
        """As it stands in an address: 2026, or 2026-1."""
        return f"{self.year}-{self.half}" if self.half else str(self.year)


def read_period(text: str, *, has_halves: bool, today: date) -> Period:
    """The period that is written like this; the present one where there is none."""
    year, _sign, half = text.partition("-")
    if (found := year_in(year)) is not None:
        if not has_halves and not half:
            return Period(found)
        if has_halves and half in {"1", "2"}:
            return Period(found, int(half))
    return Period(today.year, 1 if today.month <= 6 else 2) if has_halves else Period(today.year)


def periods_back(today: date, *, has_halves: bool) -> list[Period]:
    """The present period and the ones before it, the latest first."""
    if not has_halves:
        return [Period(today.year - n) for n in range(3)]
    every = [Period(today.year - n, half) for n in range(2) for half in (2, 1)]
    return [each for each in every if each.first_on <= today]


def day_faults(*, on_date: date, reached: int, today: date) -> list[DomainError]:
    """What stands against a day of service as it was written."""
    faults: list[DomainError] = []
    if on_date > today:
        faults.append(RuleBroken(_l("This day has not come yet. Write it down afterwards."), field="on_date"))
    if on_date < today - LONGEST:
        faults.append(RuleBroken(_l("This day is too long ago to be written down."), field="on_date"))
    if reached < 0:
        faults.append(RuleBroken(_l("Please write a number of at least %(min)s.", min=0), field="reached"))
    return faults
