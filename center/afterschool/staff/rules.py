"""What whoever looks after children has to show, and when there are enough of them. Pure."""

import enum
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from center.afterschool.models.staff import CareDuty, CheckKind, DutyRole
from center.afterschool.models.terms import Half, TermMode
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l

WARNED_BEFORE = timedelta(days=30)
LASTS_YEARS = {CheckKind.RECORD: 1, CheckKind.FIRST_AID: 3}
ADULT_AGE = 18
WITH_FIRST_AID = (DutyRole.RESPONSIBLE, DutyRole.TEACHER)
OWNERS = (DutyRole.RESPONSIBLE, DutyRole.TEACHER)
ROLES = (DutyRole.RESPONSIBLE, DutyRole.TEACHER, DutyRole.VOLUNTEER, DutyRole.GUARD)  # as a roster lists them


class Check(Protocol):
    """What somebody has shown."""

    @property
    def kind(self) -> CheckKind:
        """What it is."""

    @property
    def made_on(self) -> date:
        """The first day on which it counts."""

    @property
    def valid_until(self) -> date:
        """The last day on which it counts."""

    @property
    def revoked_at(self) -> object:
        """When it was taken back; None: it was not."""


class CheckState(enum.StrEnum):
    """How somebody stands with one kind of check on a day."""

    MISSING = "missing"
    OVER = "over"
    RUNS_OUT = "runs_out"  # within 30 days
    VALID = "valid"


class Quota(Protocol):
    """How many of each role a class needs."""

    @property
    def responsible(self) -> int:
        """负责人."""

    @property
    def teachers(self) -> int:
        """班主任."""

    @property
    def volunteers(self) -> int:
        """志愿者."""

    @property
    def guards(self) -> int:
        """安保."""


@dataclass(frozen=True)
class Shortage:
    """What is missing in a class: how many of each role, and how many adults for so many children."""

    roles: Mapping[DutyRole, int] = field(default_factory=dict)
    adults: int = 0

    def __bool__(self) -> bool:
        return bool(self.roles or self.adults)


def last_day(kind: CheckKind, made_on: date) -> date:
    """The last day on which a check of this kind, made that day, can count."""
    year = made_on.year + LASTS_YEARS[kind]
    try:
        return made_on.replace(year=year) - timedelta(days=1)
    except ValueError:  # made on a 29 February
        return date(year, 2, 28)


def check_dates(kind: CheckKind, made_on: date, valid_until: date, consented_on: date | None, *, today: date) -> None:
    """Raises RuleBroken where a check cannot be so."""
    if made_on > today:
        raise RuleBroken(_l("This day is still to come."), field="made_on")
    if valid_until < made_on:
        raise RuleBroken(_l("The last day is before the first day."), field="valid_until")
    if valid_until > last_day(kind, made_on):
        if kind is CheckKind.RECORD:
            raise RuleBroken(
                _l("A record check counts for a year at most: it is made every year."), field="valid_until"
            )
        raise RuleBroken(_l("First aid counts for three years at most."), field="valid_until")
    if kind is CheckKind.RECORD and consented_on is None:
        raise RuleBroken(
            _l("Nobody's record is checked without their consent: say when they gave it."), field="consented_on"
        )
    if consented_on is not None and consented_on > made_on:
        raise RuleBroken(_l("They have to agree before their record is checked."), field="consented_on")


def counts_on(check: Check, on: date) -> bool:
    """Whether a check counts on this day."""
    return check.revoked_at is None and check.made_on <= on <= check.valid_until


def last_valid(checks: Iterable[Check], kind: CheckKind) -> date | None:
    """Until when somebody's checks of this kind count; None where none was made, or all were taken back."""
    return max((each.valid_until for each in checks if each.kind is kind and each.revoked_at is None), default=None)


def state_of(checks: Iterable[Check], kind: CheckKind, *, today: date) -> CheckState:
    """How somebody stands with one kind of check."""
    until = last_valid(checks, kind)
    if until is None:
        return CheckState.MISSING
    if until < today:
        return CheckState.OVER
    return CheckState.RUNS_OUT if until <= today + WARNED_BEFORE else CheckState.VALID


def needed(role: DutyRole, *, needs_first_aid: bool) -> tuple[CheckKind, ...]:
    """What whoever is on duty in this role has to show: guards and volunteers as well."""
    if needs_first_aid and role in WITH_FIRST_AID:
        return (CheckKind.RECORD, CheckKind.FIRST_AID)
    return (CheckKind.RECORD,)


def missing_on(checks: Iterable[Check], role: DutyRole, on: date, *, needs_first_aid: bool) -> list[CheckKind]:
    """What somebody lacks for a role on this day."""
    valid = {each.kind for each in checks if counts_on(each, on)}
    return [kind for kind in needed(role, needs_first_aid=needs_first_aid) if kind not in valid]


def is_adult(birth_year: int | None, on: date) -> bool:
    """Whether somebody counts as an adult, as far as is known."""
    return birth_year is None or on.year - birth_year >= ADULT_AGE


def wanted(quota: Quota) -> dict[DutyRole, int]:
    """How many of each role a class needs."""
    return {
        DutyRole.RESPONSIBLE: quota.responsible,
        DutyRole.TEACHER: quota.teachers,
        DutyRole.VOLUNTEER: quota.volunteers,
        DutyRole.GUARD: quota.guards,
    }


def adults_of(present: Counter[DutyRole]) -> int:
    """How many look after the children: all but the guards."""
    return sum(count for role, count in present.items() if role is not DutyRole.GUARD)


def shortage(quota: Quota, present: Counter[DutyRole], children: int, *, children_per_adult: int) -> Shortage:
    """What is missing while this many children are in the room; nothing while there are none."""
    if children == 0:
        return Shortage()
    roles = {role: n - present[role] for role, n in wanted(quota).items() if n > present[role]}
    adults = max(0, -(-children // children_per_adult) - adults_of(present))
    return Shortage(roles, adults)


def planned_shortage(quota: Quota, planned: Counter[DutyRole]) -> Shortage:
    """What a roster of a day lacks, whoever comes."""
    return Shortage({role: n - planned[role] for role, n in wanted(quota).items() if n > planned[role]})


def in_half(half: Half | None, duties: Iterable[CareDuty]) -> list[CareDuty]:
    """Who of these is on duty in a half of a day: also whoever is there all day. With None: everybody."""
    return [each for each in duties if half is None or each.half in {None, half}]


def planned_shortages(quota: Quota, duties: Sequence[CareDuty], mode: TermMode) -> dict[Half | None, Shortage]:
    """What a roster lacks, under None where that is so as long as the day lasts, else by its halves."""
    parts = list(Half) if mode is TermMode.FULL_DAY else [None]
    found = {half: planned_shortage(quota, Counter(each.role for each in in_half(half, duties))) for half in parts}
    first, *others = found.values()
    if all(each == first for each in others):
        found = {None: first}
    return {half: each for half, each in found.items() if each}
