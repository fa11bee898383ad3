"""Taking a roll: one press of a button about somebody, at any time from an hour before it begins. Never commits.

What is pressed once it is over was so while it lasted: who came is said to have come at its start.
"""

import enum
from collections.abc import Sequence
from datetime import datetime

from center.activities.models import Session
from center.attendance import roll_actions
from center.attendance.known import presence_of
from center.attendance.models import AttendanceEvent, How
from center.attendance.rules import LATE_AFTER, Timing, check_in_span, timing
from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


class Press(enum.StrEnum):
    """What whoever takes a roll says of one person."""

    HERE = "here"
    LATE = "late"
    LEAVE = "leave"
    LEFT = "left"


class NotYet(RuleBroken):
    """Nobody comes before the hour before it begins; leave can be written down on any day."""

    def __init__(self, session: Session) -> None:
        opens = format_moment(check_in_span(session.starts_at, session.ends_at).start)
        super().__init__(_l("People are checked in from %(time)s on. Leave can be written down before.", time=opens))


def say(
    session: Session, person: Person, press: Press, *, by: Person, now: datetime, how: How = How.ROLL
) -> AttendanceEvent:
    """Write down what was pressed about somebody. Raises NotYet, NoPlace, NotHere, RegisterClosed."""
    if press is Press.LEAVE:
        return roll_actions.put_on_leave(session, person, how=how, by=by, now=now)
    refuse_too_early(session, now=now)
    if press is Press.LEFT:
        return roll_actions.leave(session, person, how=how, by=by, now=now, at=_left_at(session, person, now))
    is_late = press is Press.LATE
    at = arrived_at(session, is_late=is_late, now=now)
    return roll_actions.arrive(session, person, how=how, by=by, now=now, at=at, is_late=is_late)


def all_here(session: Session, *, by: Person, now: datetime) -> Sequence[AttendanceEvent]:
    """Everybody of whom nothing was said is here. Raises NotYet, RegisterClosed."""
    refuse_too_early(session, now=now)
    return roll_actions.all_here(session, by=by, now=now, at=arrived_at(session, is_late=False, now=now))


def refuse_too_early(session: Session, *, now: datetime) -> None:
    """Raises NotYet before people are checked in, and RuleBroken for what was never published."""
    if not session.activity.is_public:
        raise RuleBroken(_l("This activity is not published, so nobody can come to it."))
    if timing(session.starts_at, session.ends_at, at=now) is Timing.TOO_EARLY:
        raise NotYet(session)


def arrived_at(session: Session, *, is_late: bool, now: datetime) -> datetime:
    """When somebody came of whom it is said now."""
    if now < session.ends_at:
        return now
    return min(session.starts_at + LATE_AFTER, session.ends_at) if is_late else session.starts_at


def _left_at(session: Session, person: Person, now: datetime) -> datetime:
    if now < session.ends_at:
        return now
    _row, standing = presence_of(session, person.id)
    return max(session.ends_at, standing.arrived_at or session.ends_at)
