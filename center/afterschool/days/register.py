"""What the ledger of custody says of a day, written into the register of attendance when the day is closed.

Written once; where the day was opened again, what is different since is put right with a reason. Never commits.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import or_, select

from center.activities.models import Session
from center.afterschool.custody import ledger
from center.afterschool.custody.story import StorySaid
from center.afterschool.models.custody import GONE, CustodyEvent, Holder
from center.afterschool.models.terms import TermDay
from center.afterschool.plans.day_plans import Expected, expected_on
from center.afterschool.plans.rules import WhyNot
from center.attendance import recording, registers
from center.attendance.models import Admitted, Attendance, How, Status, Verb
from center.attendance.queries import find_register, rows_of
from center.attendance.roll_actions import admit
from center.attendance.scan_reads import places_of
from center.kernel.db import db
from center.kernel.i18n import gettext as _
from center.people.models import Person
from center.signups.models import SignUp


@dataclass(frozen=True, kw_only=True)
class Came:
    """When a child came and left, by the ledger of custody; and whether that was late."""

    arrived: datetime
    left: datetime | None
    is_late: bool


def write(day: TermDay, *, by: Person, now: datetime) -> None:
    """Write the register of a day and close it in somebody's name; once it is closed, put right what differs."""
    known = {each.child.id: each for each in expected_on(day)}
    came = {child.id: (child, _came(child, day, known.get(child.id))) for child in _children(day, known)}
    session = day.session
    register = find_register(session.id)
    if register is not None and not register.is_open:
        _put_right(session, known, came, by=by, now=now)
        return
    recording.hold(session, by=by, now=now, for_programme=True)
    places = places_of(session, [*known, *came])
    for child, times in came.values():
        if times is not None:
            _write_came(session, child, times, places.get(child.id), by=by, now=now)
    here = {child_id for child_id, (_child, times) in came.items() if times is not None}
    for each in known.values():
        if each.why_not is WhyNot.LEAVE and each.child.id not in here:
            said = _said(Verb.ON_LEAVE, by=by, at=now, now=now)
            place = recording.Place(sign_up_id=each.enrolment.sign_up_id)
            recording.record(session, each.child, said, place=place)
    absent = [each.enrolment.sign_up for each in known.values() if each.comes and each.child.id not in here]
    registers.close(session, by=by, now=now, absent=absent)


def _children(day: TermDay, known: Collection[int]) -> list[Person]:
    """Everybody of whom something was said on a day; of whoever is listed also for another term of that date."""
    is_listed = CustodyEvent.child_id.in_(known) & (CustodyEvent.on_date == day.on_date)
    said = select(CustodyEvent.child_id).where(or_(CustodyEvent.day_id == day.id, is_listed))
    return list(db.session.scalars(select(Person).where(Person.id.in_(said)).order_by(Person.sort_key, Person.id)))


def _came(child: Person, day: TermDay, expected: Expected | None) -> Came | None:
    """When a child came and left; None where they were not here.

    A child in two terms of a date was here in each while they were with either of them in its hours.
    """
    held = ledger.story_of(child.id, day.on_date).held
    rooms = [n for n, each in enumerate(held) if each.holder is Holder.ROOM]
    ends = [each.at for each in held[1:]] + [day.session.ends_at]
    here = [n for n in rooms if _is_here(held[n], ends[n], day)]
    if not here:
        return None
    is_own = held[here[0]].mark in {"", str(day.id)}
    arrived = held[here[0]].at if is_own else max(held[here[0]].at, day.session.starts_at)
    left = held[-1].at if held[-1].holder in GONE else None
    if here[-1] != rooms[-1]:  # then they were with the other term
        left = ends[here[-1]]
    due = expected.due_at if expected else None
    is_late = due is not None and arrived > due + timedelta(minutes=day.term.alarm_minutes)
    return Came(arrived=arrived, left=left, is_late=is_late)


def _is_here(room: StorySaid, until: datetime, day: TermDay) -> bool:
    """Whether a child was here from then on: with these staff, or with another term's in the hours of this one."""
    if room.mark in {"", str(day.id)}:
        return True
    return room.at < day.session.ends_at and until > day.session.starts_at


def _write_came(
    session: Session, child: Person, came: Came, sign_up: SignUp | None, *, by: Person, now: datetime
) -> None:
    place = recording.Place(sign_up_id=sign_up.id if sign_up else None)
    if sign_up is None:
        let_in = admit(
            session, child, Admitted.OVER_CAPACITY, reason=_("They came, and had no place then."), by=by, now=now
        )
        place = recording.Place(admission_id=let_in.id, is_walk_in=True)
    arrived = _said(Verb.ARRIVED, by=by, at=came.arrived, now=now, is_late=came.is_late)
    recording.record(session, child, arrived, place=place)
    if came.left is not None:
        recording.record(session, child, _said(Verb.LEFT, by=by, at=came.left, now=now), place=place)


def _said(verb: Verb, *, by: Person, at: datetime, now: datetime, is_late: bool | None = None) -> recording.Said:
    return recording.Said(verb=verb, how=How.ROLL, by=by, at=at, now=now, is_late=is_late)


def _put_right(
    session: Session,
    known: dict[int, Expected],
    came: dict[int, tuple[Person, Came | None]],
    *,
    by: Person,
    now: datetime,
) -> None:
    """Amend the rows of a closed register that do not say any more what the ledger says."""
    rows: dict[int, Attendance] = {each.person_id: each for each in rows_of(session)}
    for child, times in came.values():
        if times is not None:
            status = Status.LEFT if times.left else Status.LATE if times.is_late else Status.PRESENT
            registers.amend(
                session,
                child,
                status=status,
                arrived_at=times.arrived,
                left_at=times.left,
                reason=_("Put right when the day was opened again."),
                by=by,
                now=now,
            )
    for child_id, row in rows.items():
        there = came.get(child_id)
        if (there is None or there[1] is None) and row.arrived_at is not None:
            on_leave = child_id in known and known[child_id].why_not is WhyNot.LEAVE
            status = Status.ON_LEAVE if on_leave else Status.ABSENT
            registers.amend(
                session, row.person, status=status, reason=_("Put right when the day was opened again."), by=by, now=now
            )
