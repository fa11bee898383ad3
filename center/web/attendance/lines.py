"""The lines of a roll as a page shows them: names, ages in bands and needs, and what may be pressed. Never doors."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from center.activities.models import Session
from center.attendance import queries
from center.attendance.models import AttendanceEvent, Status
from center.attendance.queries import RegisterLine
from center.attendance.taking import Press
from center.kernel import undoing
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.signups.attendee_lists.sheet import ages_in_words
from center.signups.models import SignUp

# What may be pressed of somebody, the most likely first.
PRESSES: Mapping[Status, Sequence[Press]] = {
    Status.EXPECTED: (Press.HERE, Press.LATE, Press.LEAVE),
    Status.PRESENT: (Press.LEFT,),
    Status.LATE: (Press.LEFT,),
    Status.ON_LEAVE: (Press.HERE, Press.LATE),
    Status.LEFT: (Press.HERE,),
}


@dataclass(frozen=True, kw_only=True)
class RollLine:
    """One person on the roll."""

    person: Person
    ages: str
    needs: Sequence[tuple[str, str]]  # an icon and a word
    status: Status
    arrived_at: datetime | None
    left_at: datetime | None
    is_walk_in: bool
    allowed_by: str  # who let them in without a place, and why
    presses: Sequence[Press]
    undo_id: int | None
    undo_until: datetime | None

    @property
    def waits(self) -> bool:
        """Whether nothing was said of them yet."""
        return self.status is Status.EXPECTED


@dataclass(frozen=True)
class Counts:
    """How many of a roll stand how, counted from its lines."""

    expected: int
    waiting: int
    here: int
    left: int
    on_leave: int
    absent: int


def lines_of(session: Session, *, is_open: bool, is_early: bool, now: datetime) -> list[RollLine]:
    """The roll of a session, by name."""
    said = queries.last_said(session, since=now - undoing.UNDONE_WITHIN) if is_open else {}
    presses = _presses(is_open=is_open, is_early=is_early)
    return [_line(each, said.get(each.person.id), presses, now=now) for each in queries.roll_of(session)]


def count(lines: Sequence[RollLine]) -> Counts:
    """How many stand how."""

    def of(*statuses: Status) -> int:
        return sum(each.status in statuses for each in lines)

    here = of(Status.PRESENT, Status.LATE)
    return Counts(
        len(lines), of(Status.EXPECTED), here, of(Status.LEFT), of(Status.ON_LEAVE), of(Status.ABSENT)
    )  # fmt: skip


def needs_of(sign_up: SignUp | None) -> list[tuple[str, str]]:
    """What somebody needs, as they said when they signed up."""
    if sign_up is None:
        return []
    needs = [
        (sign_up.uses_wheelchair, "wheelchair", _("Wheelchair")),
        (sign_up.wants_companion, "group", _("Companion")),
        (sign_up.wants_pick_up, "home", _("Pick-up")),
    ]
    return [(icon, words) for is_so, icon, words in needs if is_so]


def _presses(*, is_open: bool, is_early: bool) -> Mapping[Status, Sequence[Press]]:
    if not is_open:
        return {}
    return {Status.EXPECTED: (Press.LEAVE,)} if is_early else PRESSES


def _line(
    line: RegisterLine, said: AttendanceEvent | None, presses: Mapping[Status, Sequence[Press]], *, now: datetime
) -> RollLine:
    row, allowed = line.row, line.admission
    may_undo = said is not None and undoing.may_undo(said.recorded_at, now=now)
    return RollLine(
        person=line.person,
        ages=ages_in_words(line.person.birth_year, now=now),
        needs=needs_of(line.sign_up),
        status=line.status,
        arrived_at=row.arrived_at if row else None,
        left_at=row.left_at if row else None,
        is_walk_in=line.is_walk_in,
        allowed_by=_allowed(allowed),
        presses=presses.get(line.status, ()),
        undo_id=said.id if said and may_undo else None,
        undo_until=undoing.undo_until(said.recorded_at) if said and may_undo else None,
    )


def _allowed(admission: Any) -> str:
    if admission is None or not admission.reason:
        return ""
    return _("Let in by %(name)s: %(reason)s", name=admission.by.name, reason=admission.reason)
