"""How long an entry counts, when it is to be renewed, and which quarter is to be reported by when. Pure."""

import enum
from dataclasses import dataclass
from datetime import date, timedelta

from dateutil.relativedelta import relativedelta

from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import year_in

LASTS = relativedelta(years=3)
RENEWED_BEFORE = timedelta(days=15)
WARNED_BEFORE = timedelta(days=60)  # of the last day: time to gather the papers
LEAST_FOUNDERS, LEAST_MEMBERS = 2, 10
REPORT_DAY = 20  # of the month after a quarter
REMINDED_FROM_DAY = 10


class Validity(enum.StrEnum):
    """How an entry in the register stands on a day."""

    ENDED = "ended"  # taken off before its time
    LAPSED = "lapsed"
    RENEW = "renew"  # still valid, and to be renewed now
    VALID = "valid"


@dataclass(frozen=True, order=True)
class Quarter:
    """Three months of a year."""

    year: int
    number: int

    @property
    def first_on(self) -> date:
        """Its first day."""
        return date(self.year, self.number * 3 - 2, 1)

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.next.first_on - timedelta(days=1)

    @property
    def next(self) -> "Quarter":
        """The one that follows."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def before(self) -> "Quarter":
        """The one before it."""
        return quarter_of(self.first_on - timedelta(days=1))

    @property
    def due_on(self) -> date:
        """The last day on which it is reported in time."""
        return self.next.first_on.replace(day=REPORT_DAY)

    def __str__(self) -> str:
        """As it stands in an address: 2026-q4."""
        return f"{self.year}-q{self.number}"


def quarter_of(day: date) -> Quarter:
    """The quarter in which a day lies."""
    return Quarter(day.year, (day.month + 2) // 3)


def read_quarter(text: str) -> Quarter | None:
    """The quarter that is written like this (2026-q4), if there is one."""
    year, sign, number = text.partition("-q")
    found = year_in(year)
    return Quarter(found, int(number)) if sign and found and number in {"1", "2", "3", "4"} else None


def to_report(today: date) -> Quarter:
    """The quarter that is over last."""
    return quarter_of(today).before


def last_day(starts_on: date) -> date:
    """The last day of an entry that begins on this one."""
    return starts_on + LASTS - timedelta(days=1)


def renew_by(valid_until: date) -> date:
    """The last day on which a renewal is in time."""
    return valid_until - RENEWED_BEFORE


def validity_of(valid_until: date, ended_on: date | None, today: date) -> Validity:
    """How an entry stands on a day."""
    if ended_on is not None and today >= ended_on:
        return Validity.ENDED
    if today > valid_until:
        return Validity.LAPSED
    return Validity.RENEW if today >= valid_until - WARNED_BEFORE else Validity.VALID


def entry_faults(*, starts_on: date, founders: int, members: int, last: date | None, today: date) -> list[DomainError]:
    """What stands against an entry; `last` is the last day of the one before it."""
    faults: list[DomainError] = []
    if founders < LEAST_FOUNDERS:
        faults.append(RuleBroken(_l("At least %(n)d founders, please.", n=LEAST_FOUNDERS), field="founders"))
    if members < LEAST_MEMBERS:
        faults.append(RuleBroken(_l("At least %(n)d members, please.", n=LEAST_MEMBERS), field="members"))
    if last is not None and starts_on <= last:
        words = _l("The entry before it counts until %(day)s. The new one begins after that.", day=last.isoformat())
        faults.append(RuleBroken(words, field="starts_on"))
    if starts_on > today + WARNED_BEFORE:
        words = _l("An entry is made at most %(n)d days before it begins.", n=WARNED_BEFORE.days)
        faults.append(RuleBroken(words, field="starts_on"))
    return faults
