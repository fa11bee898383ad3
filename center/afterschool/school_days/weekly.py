"""When a school ends on the weekdays of a term. Families hear what changes for their child; the duty of today, too.

Called inside one `transaction()`; never commits.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, time

from center.afterschool.models.terms import School, Term, TermDay, TermMode, TermState
from center.afterschool.plans import day_plans
from center.afterschool.plans.day_plans import Expected
from center.afterschool.school_days import messages
from center.afterschool.school_days.exceptions import ask_duty, ends_on, enrolments_of, is_touched
from center.afterschool.terms import schools
from center.kernel.db import db, lock
from center.kernel.i18n import local_date
from center.people.models import Person

DAYS_OF_A_TERM = 400  # more than any has


def set_hours(
    term: Term, school: School, finishes: Mapping[int, time], *, way_minutes: int, by: Person, now: datetime
) -> None:
    """Say when a school ends on each weekday of a term; on the others its children do not come."""
    lock(term)
    days = _days_ahead(term, now=now)
    enrolments = enrolments_of(school, days)
    before = day_plans.expected_in(days, enrolments)
    schools.set_hours(term, school, finishes, way_minutes=way_minutes, by=by)
    db.session.flush()
    after = day_plans.expected_in(days, enrolments)
    touched: dict[int, dict[int, tuple[Expected, Expected]]] = {}  # by child and weekday: the first such day
    for day in days:
        pairs = [pair for pair in zip(before[day.id], after[day.id], strict=True) if is_touched(*pair)]
        for pair in pairs:
            touched.setdefault(pair[1].child.id, {}).setdefault(day.counts_as, pair)
        if pairs and day.on_date == local_date(now):
            ask_duty(day, school, by=by, now=now)
    for by_weekday in touched.values():
        pairs = [by_weekday[each] for each in sorted(by_weekday)]
        messages.tell_family_of_week(pairs, school, [ends_on(each.day, school) for _was, each in pairs], by=by, now=now)


def _days_ahead(term: Term, *, now: datetime) -> Sequence[TermDay]:
    """The days of a term, from today on, that follow its schools' hours and are not closed."""
    if term.mode is not TermMode.AFTER_SCHOOL or term.state is TermState.DRAFT:
        return []
    days = day_plans.days_from(term, local_date(now), most=DAYS_OF_A_TERM)
    return [each for each in days if each.closed_at is None]
