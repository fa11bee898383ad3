"""Volunteers' shifts as pages list them: how each stands, and what can be done with it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any

from flask import request

from center.attendance.hours import queries, rules
from center.attendance.hours.actions import stands
from center.attendance.hours.words import STATE_NAMES, TONES
from center.attendance.models.hours import Shift, ShiftState
from center.kernel import clock
from center.kernel.i18n import local_date
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class HourLine:
    """One shift, as it stands for whoever reads."""

    shift: Shift
    stands: ShiftState
    proposed: datetime | None  # its end, where nobody signed out
    is_long: bool  # more than eight hours on that day in all
    why_not: str  # what keeps the reader from certifying it

    @property
    def words(self) -> Any:
        """How it stands, in words."""
        return STATE_NAMES[self.stands]

    @property
    def tone(self) -> str:
        """The tone of that badge."""
        return TONES.get(self.stands, "quiet")

    @property
    def minutes(self) -> int:
        """How many minutes were given."""
        return rules.minutes_between(self.shift.in_at, self.shift.out_at)

    @property
    def counts(self) -> bool:
        """Whether they are certified."""
        return self.stands is ShiftState.CERTIFIED

    @property
    def to_review(self) -> bool:
        """Whether somebody looks at this long day first."""
        return self.stands is ShiftState.DONE and self.is_long and self.shift.reviewed_by_id is None


@dataclass(frozen=True, kw_only=True)
class LinesOfOne:
    """One volunteer's lines of some time, and what they come to."""

    person: Person
    lines: Sequence[HourLine]

    @property
    def certified(self) -> int:
        """The minutes that count."""
        return sum(each.minutes for each in self.lines if each.counts)

    @property
    def waiting(self) -> int:
        """The minutes that wait for somebody who certifies them."""
        return sum(each.minutes for each in self.lines if each.stands is ShiftState.DONE)

    @property
    def given(self) -> int:
        """All minutes of them, certified or not."""
        return sum(each.minutes for each in self.lines)


@dataclass(frozen=True, kw_only=True)
class Month:
    """Which month a page shows, and the ones beside it."""

    first: date
    last: date
    before: date
    after: date | None  # none that is still to come

    @property
    def value(self) -> str:
        """As an address names it."""
        return f"{self.first:%Y-%m}"


def lines_of(shifts: Sequence[Shift], *, by_id: int, now: datetime) -> list[HourLine]:
    """These shifts, as they stand for whoever reads."""
    long = queries.long_days((each.person_id, each.day) for each in shifts)
    return [_line(each, is_long=(each.person_id, each.day) in long, by_id=by_id, now=now) for each in shifts]


def by_person(lines: Iterable[HourLine]) -> list[LinesOfOne]:
    """The same by whose they are, in the order in which they come."""
    grouped = groupby(lines, key=lambda each: each.shift.person_id)
    found = [list(theirs) for _person_id, theirs in grouped]
    return [LinesOfOne(person=theirs[0].shift.person, lines=theirs) for theirs in found]


def by_day(lines: Iterable[HourLine]) -> list[LinesOfOne]:
    """The same by whose they are and the day, in order."""
    of = sorted(lines, key=lambda each: (each.shift.day, each.shift.person_id, each.shift.in_at))
    grouped = groupby(of, key=lambda each: (each.shift.day, each.shift.person_id))
    found = [list(theirs) for _key, theirs in grouped]
    return [LinesOfOne(person=theirs[0].shift.person, lines=theirs) for theirs in found]


def by_month(lines: Iterable[HourLine]) -> list[tuple[date, list[HourLine]]]:
    """The same by the month of each, in the order in which they come."""
    grouped = groupby(lines, key=lambda each: each.shift.day.replace(day=1))
    return [(first, list(found)) for first, found in grouped]


def asked_month(text: str | None = None) -> Month:
    """The month that the address (or this text) asks for; this one where it asks for none."""
    today = local_date(clock.now())
    asked = request.values.get("month", "") if text is None else text
    try:
        first = date.fromisoformat(f"{asked}-01")
    except ValueError:
        first = today.replace(day=1)
    if not clock.can_be_shown(first) or first > today:
        first = today.replace(day=1)
    following = (first + timedelta(days=32)).replace(day=1)
    return Month(
        first=first,
        last=following - timedelta(days=1),
        before=(first - timedelta(days=1)).replace(day=1),
        after=following if following <= today else None,
    )


def _line(shift: Shift, *, is_long: bool, by_id: int, now: datetime) -> HourLine:
    refusal = rules.why_not_certified(shift, is_long_day=is_long, by_id=by_id)
    return HourLine(
        shift=shift,
        stands=stands(shift, now=now),
        proposed=rules.proposed_end(shift.in_at, ends_at=shift.session.ends_at),
        is_long=is_long,
        why_not=str(refusal.message) if refusal and shift.state is ShiftState.DONE else "",
    )
