"""Who comes together with somebody who was just checked in: their household, as far as it has places here as well."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from center.activities.models import Session
from center.attendance.models import CAME, Attendance, AttendanceEvent, How
from center.attendance.queries import still_expected
from center.attendance.taking import Press, say
from center.kernel.db import db
from center.kernel.i18n import local_date
from center.people import acting
from center.people.households import door_of, is_verified
from center.people.models import Person

SEEN_WITHIN = timedelta(days=10)


@dataclass(frozen=True)
class Beside:
    """One of the household who is expected, and whether they came to anything in the last ten days."""

    person: Person
    was_seen: bool


def beside(session: Session, person: Person, *, now: datetime) -> list[Beside]:
    """Who of somebody's household is expected at this session and not here yet, by name.

    That is who lives behind the same door, both doors verified, and whose guardian or child one is.
    """
    expected = [each.person for each in still_expected(session) if each.person_id != person.id]
    if not expected:
        return []
    on = local_date(now)
    kin = {each.id for each in acting.children_of(person, on=on)}
    kin |= {each.guardian_id for each in acting.guardians_of(person, on=on)}
    found = [each for each in expected if each.id in kin or _lives_with(each, person)]
    seen = seen_lately([each.id for each in found], now=now)
    return [Beside(each, each.id in seen) for each in found]


def arrive_with(
    session: Session, person: Person, chosen: Collection[int], *, by: Person, now: datetime
) -> Sequence[AttendanceEvent]:
    """Those of somebody's household who were chosen are here, too; whoever does not belong to it is left out."""
    meant = [each.person for each in beside(session, person, now=now) if each.person.id in chosen]
    return [say(session, each, Press.HERE, how=How.HOUSEHOLD, by=by, now=now) for each in meant]


def seen_lately(person_ids: Collection[int], *, now: datetime) -> set[int]:
    """Who of these came to anything in the last ten days."""
    if not person_ids:
        return set()
    query = select(Attendance.person_id).where(
        Attendance.person_id.in_(sorted(person_ids)),
        Attendance.status.in_(CAME),
        Attendance.arrived_at > now - SEEN_WITHIN,
    )
    return set(db.session.scalars(query))


def _lives_with(other: Person, person: Person) -> bool:
    return is_verified(person) and is_verified(other) and door_of(other) == door_of(person)
