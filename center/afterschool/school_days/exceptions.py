"""Dates on which a school ends otherwise, or has no school. Whoever is touched hears what changes for their child.

Every guardian is told with the change itself; if it is today, so is whoever is on duty, and somebody of them
acknowledges it. Called inside one `transaction()`; never commits.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.models import Session, SessionState
from center.afterschool.alarms import raising
from center.afterschool.alarms.rules import school_subject
from center.afterschool.models.care import AlarmKind
from center.afterschool.models.enrolments import Enrolment
from center.afterschool.models.terms import (
    School,
    SchoolChange,
    SchoolException,
    SchoolHours,
    Term,
    TermDay,
    TermMode,
    TermState,
)
from center.afterschool.plans import day_plans
from center.afterschool.plans.day_plans import Expected
from center.afterschool.school_days import messages
from center.kernel.acts import Act
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.trail import note
from center.people.models import Person
from center.signups.models import SignUp, SignUpState


def set_exception(
    school: School, on: date, *, finishes: time | None, reason: str, by: Person, now: datetime
) -> SchoolException:
    """Say that a school ends at another time on a date, or (None) has no school; what was said of it before goes.

    Twice is once. Raises RuleBroken for a date that has passed: what was so then stays as it was.
    """
    lock(school)
    _refuse_past(on, now=now)
    where = (SchoolException.school_id == school.id, SchoolException.on_date == on)
    row = db.session.scalar(select(SchoolException).where(*where)) or SchoolException(school_id=school.id, on_date=on)
    if row.id is not None and (row.finishes, row.reason) == (finishes, reason):
        return row
    with _telling(school, on, by=by, now=now, reason=reason):
        row.finishes, row.reason = finishes, reason
        db.session.add(row)
    note(Act.SCHOOL_EXCEPTION_SET, school, by=by)
    return row


def remove_exception(row: SchoolException, *, by: Person, now: datetime) -> None:
    """Let a school end on a date as it ends on its weekday. Raises RuleBroken for a date that has passed."""
    school, on = row.school, row.on_date
    lock(school)
    _refuse_past(on, now=now)
    with _telling(school, on, by=by, now=now):
        db.session.delete(row)
    note(Act.SCHOOL_EXCEPTION_SET, school, by=by)


def acknowledge(change: SchoolChange, *, by: Person, now: datetime) -> None:
    """Somebody on duty knows when a school ends today, and all that was said of that before; twice is once."""
    lock(change.day)
    query = select(SchoolChange).where(
        SchoolChange.day_id == change.day_id,
        SchoolChange.school_id == change.school_id,
        SchoolChange.id <= change.id,
        SchoolChange.acknowledged_at.is_(None),
    )
    for each in db.session.scalars(query).all():
        each.acknowledged_at, each.acknowledged_by_id = now, by.id
        subject = school_subject(each.id)
        raising.settle(AlarmKind.UNSEEN_CHANGE, subject, on_date=change.day.on_date, by=by, now=now)
    db.session.flush()


def _refuse_past(on: date, *, now: datetime) -> None:
    if on < local_date(now):
        raise RuleBroken(_l("This day has passed."), field="on_date")


@contextmanager
def _telling(school: School, on: date, *, by: Person, now: datetime, reason: str = "") -> Iterator[None]:
    """Compare what is expected of the school's children before and after, and tell whoever it touches."""
    days = _days(on)
    enrolments = enrolments_of(school, days)
    before = day_plans.expected_in(days, enrolments)
    yield
    db.session.flush()
    after = day_plans.expected_in(days, enrolments)
    told: set[int] = set()
    for day in days:
        touched = [pair for pair in zip(before[day.id], after[day.id], strict=True) if is_touched(*pair)]
        for was, is_now in touched:
            if is_now.child.id not in told:  # in two terms of one date they hear of it once
                told.add(is_now.child.id)
                messages.tell_family(was, is_now, school, ends=ends_on(day, school), reason=reason, by=by, now=now)
        if touched and on == local_date(now):
            ask_duty(day, school, by=by, now=now)


def ask_duty(day: TermDay, school: School, *, by: Person, now: datetime) -> None:
    """Whoever is on duty today hears when a school ends now, and one of them acknowledges it."""
    change = SchoolChange(day_id=day.id, school_id=school.id, finishes=ends_on(day, school), at=now, by_id=by.id)
    db.session.add(change)
    db.session.flush()
    messages.tell_duty(change, by=by, now=now)


def is_touched(was: Expected, is_now: Expected) -> bool:
    """Whether something is other for a child who was to come, or is to come now."""
    facts = [(each.comes, each.why_not, each.from_school_at, each.due_at) for each in (was, is_now)]
    return (was.comes or is_now.comes) and facts[0] != facts[1]


def _days(on: date) -> Sequence[TermDay]:
    """The days of that date that follow a school's hours and are not closed."""
    query = (
        select(TermDay)
        .join(TermDay.term)
        .join(TermDay.session)
        .where(TermDay.on_date == on, TermDay.closed_at.is_(None), Session.state != SessionState.CANCELLED)
        .where(Term.mode == TermMode.AFTER_SCHOOL, Term.state != TermState.DRAFT)
        .options(joinedload(TermDay.term))
        .order_by(TermDay.id)
    )
    return db.session.scalars(query).all()


def enrolments_of(school: School, days: Sequence[TermDay]) -> Sequence[Enrolment]:
    """The places that children of a school have in the terms of these days."""
    query = (
        select(Enrolment)
        .join(Enrolment.sign_up)
        .where(Enrolment.school_id == school.id, Enrolment.term_id.in_([each.term_id for each in days]))
        .where(Enrolment.ended_at.is_(None), SignUp.state == SignUpState.CONFIRMED)
        .options(joinedload(Enrolment.child), joinedload(Enrolment.sign_up))
    )
    return db.session.scalars(query.order_by(Enrolment.id)).all()


def ends_on(day: TermDay, school: School) -> time | None:
    """When the school ends that day, as it stands now; None: no school."""
    where = (SchoolException.school_id == school.id, SchoolException.on_date == day.on_date)
    other = db.session.scalar(select(SchoolException).where(*where))
    if other is not None:
        return other.finishes
    hours = select(SchoolHours.finishes).where(
        SchoolHours.term_id == day.term_id, SchoolHours.school_id == school.id, SchoolHours.weekday == day.counts_as
    )
    return db.session.scalar(hours)
