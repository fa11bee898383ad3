"""A roll that was taken on paper, entered at once: all of it, or nothing. Never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from center.activities.models import Session
from center.attendance import roll_actions, taking
from center.attendance.known import Known
from center.attendance.models import CAME, How
from center.attendance.taking import Press
from center.kernel.db import lock
from center.kernel.errors import DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


@dataclass(frozen=True, kw_only=True)
class PaperLine:
    """What the sheet says of one person; without a press and without times it says nothing."""

    person: Person
    press: Press | None = None
    arrived_at: datetime | None = None
    left_at: datetime | None = None
    is_absent: bool = False  # it says that they were not there
    is_walk_in: bool = False
    field: str = ""  # where on the page it was typed

    @property
    def says_something(self) -> bool:
        """Whether anything was typed of them."""
        return bool(self.press or self.is_absent or self.is_walk_in or self.arrived_at or self.left_at)

    @property
    def came(self) -> bool:
        """Whether the sheet says that they were there."""
        return self.press in {Press.HERE, Press.LATE} or self.is_walk_in


def enter(session: Session, lines: Sequence[PaperLine], *, by: Person, now: datetime) -> int:
    """Write down what the sheet says; returns of how many people. Who stands there as absent is so once it is closed.

    Raises what is wrong, each at its line.
    """
    wrong: list[DomainError] = []
    said = [each for each in lines if each.says_something]
    lock(session)
    known = Known.of(session, [each.person.id for each in said])
    for each in said:
        try:
            _enter(session, each, known, by=by, now=now)
        except DomainError as error:
            error.field = each.field
            wrong.append(error)
    broken_rules(wrong)
    known.write()
    return len(said)


def _enter(session: Session, line: PaperLine, known: Known, *, by: Person, now: datetime) -> None:
    _check(line, now=now)
    if line.is_absent:
        _row, standing = known.presence_of(session, line.person.id)
        if standing.status in CAME:
            raise RuleBroken(_l("They are written down as here. Undo that first, or put it right once it is closed."))
        return
    if line.press is Press.LEAVE:
        roll_actions.put_on_leave(session, line.person, how=How.PAPER, by=by, now=now, known=known)
        return
    taking.refuse_too_early(session, now=now)
    is_late = line.press is Press.LATE
    at = line.arrived_at or taking.arrived_at(session, is_late=is_late, now=now)
    if line.is_walk_in:
        roll_actions.walk_in(session, line.person, by=by, now=now, at=at, how=How.PAPER, known=known)
    else:
        roll_actions.arrive(session, line.person, how=How.PAPER, by=by, now=now, at=at, is_late=is_late, known=known)
    if line.left_at:
        roll_actions.leave(session, line.person, how=How.PAPER, by=by, now=now, at=line.left_at, known=known)


def _check(line: PaperLine, *, now: datetime) -> None:
    if (line.arrived_at or line.left_at) and not line.came:
        raise RuleBroken(_l("There is a time, but nothing that says they came. Please choose here or late."))
    if any(each is not None and each > now for each in (line.arrived_at, line.left_at)):
        raise RuleBroken(_l("This time is still to come. Please look at it."))
    if line.arrived_at and line.left_at and line.left_at < line.arrived_at:
        raise RuleBroken(_l("Nobody leaves before they come. Please look at the times."))
