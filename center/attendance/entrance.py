"""At an entrance one scan finds the session: whoever shows a card or a number comes to where they have a place."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from center.activities.models import Session
from center.attendance.codes import Code
from center.attendance.models import Attendance
from center.attendance.scans import Asked, Whose, whose_is
from center.kernel.db import db
from center.people.models import Person
from center.signups.models import Roster, SignUp, SignUpState
from center.signups.queries import is_date_of_roster


@dataclass(frozen=True)
class Destination:
    """Whom a code means, and the sessions at which they are expected now; none where nobody knows of any."""

    whose: Whose
    sessions: Sequence[Session] = ()


def destination(code: Code, sessions: Sequence[Session]) -> Destination:
    """To which of these sessions somebody comes, in order, by the places they hold and the registers they stand in."""
    whose = whose_is(Asked(code=code))
    if whose.person is None or whose.why is not None:
        return Destination(whose)
    expected = _expected_at(whose.person, {each.id for each in sessions})
    return Destination(whose, [each for each in sessions if each.id in expected])


def _expected_at(person: Person, session_ids: Collection[int]) -> set[int]:
    ids = sorted(session_ids)
    places = (
        select(Session.id)
        .join(Roster, is_date_of_roster())
        .join(SignUp, SignUp.roster_id == Roster.id)
        .where(
            Session.id.in_(ids),
            SignUp.person_id == person.id,
            SignUp.state == SignUpState.CONFIRMED,  # also among those who help
        )
    )
    rows = select(Attendance.session_id).where(Attendance.session_id.in_(ids), Attendance.person_id == person.id)
    return {*db.session.scalars(places), *db.session.scalars(rows)}
