"""Saying beforehand that one cannot come to one date of a course; the place stays. Never commits.

It is no roll: the register is opened by whoever takes it.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.activities.models import Session
from center.attendance import recording
from center.attendance.known import presence_of
from center.attendance.models import Attendance, AttendanceEvent, How, Status
from center.attendance.queries import get_event
from center.attendance.roll_actions import put_on_leave
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.signups.models import SignUp, SignUpState
from center.signups.roster_state import read


def cannot_come(sign_up: SignUp, session: Session, *, by: Person, now: datetime) -> AttendanceEvent:
    """Somebody with a place says until it begins that they cannot come this time; twice is once."""
    if session not in dates_of(sign_up, now=now):
        raise RuleBroken(_l("It has begun already, or they have no place at it."))
    return put_on_leave(session, sign_up.person, how=How.SIGN_UP, by=by, now=now, is_ahead=True)


def can_come(sign_up: SignUp, session: Session, *, by: Person, now: datetime) -> None:
    """They can come after all, until it begins: they are expected again. Twice is once."""
    if session not in dates_of(sign_up, now=now):
        raise RuleBroken(_l("It has begun already, or they have no place at it."))
    expect_again(session, sign_up.person, by=by, now=now)


def expect_again(session: Session, person: Person, *, by: Person, now: datetime) -> None:
    """Whoever was on leave is expected again."""
    recording.hold(session, by=by, now=now, is_ahead=True)
    _row, standing = presence_of(session, person.id)
    said = recording.latest_accepted(session, person.id)
    if standing.status is Status.ON_LEAVE and said is not None:
        recording.undo(get_event(session, said), by=by, now=now, is_slip=False)


def dates_of(sign_up: SignUp, *, now: datetime) -> Sequence[Session]:
    """Of which dates somebody can say so: those ahead, where there are several; of one alone the place is given up.

    Of a confined activity its programme is told.
    """
    if sign_up.roster.activity.is_confined:
        return []
    state = read(sign_up.roster)
    if sign_up.state is not SignUpState.CONFIRMED or len(state.sessions) < 2:
        return []
    return [each for each in state.sessions if each.starts_at > now]


def on_leave(sign_up: SignUp, *, now: datetime) -> set[int]:
    """At which dates ahead they are on leave, by the ids of the sessions."""
    ids = [each.id for each in dates_of(sign_up, now=now)]
    of = Attendance
    query = select(of.session_id).where(of.person_id == sign_up.person_id, of.status == Status.ON_LEAVE)
    return set(db.session.scalars(query.where(of.session_id.in_(ids)))) if ids else set()
