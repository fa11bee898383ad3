"""Leave from one rehearsal: told by a member beforehand, or entered by whoever leads. Never commits."""

from datetime import datetime

from center.activities.models import Session
from center.attendance import leave_ahead
from center.attendance.models import AttendanceEvent, How
from center.attendance.roll_actions import put_on_leave
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.models.troupes import TroupeMember
from center.troupes.rehearsals.models import Rehearsal


def cannot_come(rehearsal: Rehearsal, member: TroupeMember, *, by: Person, now: datetime) -> AttendanceEvent:
    """A member cannot come this time; they stay in the season. Twice is once. Raises RuleBroken once it began."""
    how = How.SIGN_UP if by.id == member.person_id else How.ROLL
    return put_on_leave(_to_come(rehearsal, now), member.person, how=how, by=by, now=now, is_ahead=True)


def can_come(rehearsal: Rehearsal, member: TroupeMember, *, by: Person, now: datetime) -> None:
    """They can come after all, until it begins. Twice is once."""
    leave_ahead.expect_again(_to_come(rehearsal, now), member.person, by=by, now=now)


def _to_come(rehearsal: Rehearsal, now: datetime) -> Session:
    if rehearsal.session is None or not rehearsal.takes_place:
        raise RuleBroken(_l("This rehearsal does not take place."))
    if rehearsal.session.starts_at <= now:
        raise RuleBroken(_l("It has begun already. The register says who came."))
    return rehearsal.session
