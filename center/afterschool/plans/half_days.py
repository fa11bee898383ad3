"""How many half-days of a term of whole days in the holidays a child came, was on leave and absent.

That a child came is counted by when it was here. For what it was expected is worked out as ever: leave and absence
follow the week as it stands, and what was said of the day.
"""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time

from sqlalchemy import select

from center.afterschool import stays
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import Half, TermDay
from center.afterschool.plans import day_plans
from center.afterschool.plans.day_plans import Expected
from center.afterschool.plans.ways import day_hours
from center.attendance.models import Attendance, Status
from center.kernel.db import db
from center.kernel.i18n import centre_zone

CAME = (Status.PRESENT, Status.LATE, Status.LEFT)


@dataclass(frozen=True, kw_only=True)
class ChildFigures:
    """How often a child came, was late, on leave and absent, by the registers of the term.

    Of a term of whole days in the holidays they are half-days, but for how often a child was late.
    """

    enrolment: Enrolment
    came: int
    late: int
    on_leave: int
    absent: int


def of_children(enrolments: Sequence[Enrolment], days: Sequence[TermDay]) -> list[ChildFigures]:
    """The figures of some children on these days of their term, in a constant number of queries."""
    closed = {each.session_id: each for each in days if each.closed_at is not None}
    expected = {
        (each.enrolment.child_id, each.day.session_id): each
        for found in day_plans.expected_in(list(closed.values()), enrolments).values()
        for each in found
    }
    query = select(Attendance).where(
        Attendance.session_id.in_(closed), Attendance.person_id.in_([each.child_id for each in enrolments])
    )
    counted: dict[int, Counter[str]] = defaultdict(Counter)
    for row in db.session.scalars(query):
        plan = expected.get((row.person_id, row.session_id))
        counted[row.person_id] += _counted(row, closed[row.session_id], plan)
    return [ChildFigures(enrolment=each, **_named(counted[each.child_id])) for each in enrolments]


def _named(counts: Counter[str]) -> dict[str, int]:
    return {name: counts[name] for name in ("came", "late", "on_leave", "absent")}


def _counted(row: Attendance, day: TermDay, plan: Expected | None) -> Counter[str]:
    usual = len(stays.HALVES[plan.fixed.stay]) if plan and plan.fixed else len(Half)
    planned = len(stays.HALVES[plan.stay]) if plan and plan.stay else usual
    if row.status is Status.ON_LEAVE:
        return Counter(on_leave=usual)
    if row.status is Status.ABSENT:
        return Counter(absent=planned, on_leave=max(0, usual - planned))
    if row.status not in CAME:
        return Counter()
    return Counter(came=_here(row, day), late=int(row.status is Status.LATE), on_leave=max(0, usual - planned))


def _here(row: Attendance, day: TermDay) -> int:
    hours = day_hours(day.term)
    if hours is None or row.arrived_at is None:
        return 0
    left = _clock(row.left_at) if row.left_at else hours.closes
    return stays.halves_between(_clock(row.arrived_at), left, hours)


def _clock(moment: datetime) -> time:
    return moment.astimezone(centre_zone()).time()
