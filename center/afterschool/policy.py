"""Who may see and do what of the after-school programme, for views and templates alike.

A role alone shows nobody a child: those see a day's children who are on duty that day, whom the director lets for a
reason and a time, and the director.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import exists, select

from center.afterschool.models.staff import CareDuty, ChildAccess
from center.afterschool.models.terms import TermDay
from center.kernel import clock
from center.kernel.access import Permission
from center.kernel.db import db
from center.kernel.i18n import centre_zone

A_WEEK = timedelta(days=7)


def may_run(user: Any) -> bool:
    """Whoever runs the programme: terms, rules, classes, duties, bars, and who else sees what."""
    return _has(user, Permission.RUN_AFTER_SCHOOL)


def may_enrol(user: Any) -> bool:
    """Whoever types in a paper form or writes down what a guardian says on the phone; it shows them no list."""
    return _has(user, Permission.ENROL_CHILDREN)


def may_care(user: Any, day: TermDay | date) -> bool:
    """Whoever looks after the children of a day: its duty (of a date: of any term then), or let by the director."""
    if not _has(user, Permission.CARE_FOR_CHILDREN):
        return False
    return may_run(user) or is_on_duty(user.person_id, day) or has_access(user.person_id)


def may_take_in(user: Any, on: date) -> bool:
    """Whoever may see who stands at the door on a date without a programme: nobody is on duty then, so of those who
    look after children whoever was on duty within the week before, or is within the week after."""
    if may_care(user, on):
        return True
    duty = select(CareDuty.id).join(CareDuty.day).where(CareDuty.person_id == user.person_id)
    of_these_days = duty.where(TermDay.on_date.between(on - A_WEEK, on + A_WEEK))
    return _has(user, Permission.CARE_FOR_CHILDREN) and bool(db.session.scalar(select(exists(of_these_days))))


def is_on_duty(person_id: int, day: TermDay | date) -> bool:
    """Whether they are on the roster of duties of a day."""
    duty = select(CareDuty.id).where(CareDuty.person_id == person_id)
    if isinstance(day, TermDay):
        return bool(db.session.scalar(select(exists(duty.where(CareDuty.day_id == day.id)))))
    return bool(db.session.scalar(select(exists(duty.join(CareDuty.day).where(TermDay.on_date == day)))))


def has_access(person_id: int) -> bool:
    """Whether the director lets them look at the children's records today, without being on duty."""
    today = clock.today(centre_zone())
    access = select(ChildAccess.id).where(
        ChildAccess.person_id == person_id,
        ChildAccess.starts_on <= today,
        ChildAccess.ends_on >= today,
        ChildAccess.revoked_at.is_(None),
    )
    return bool(db.session.scalar(select(exists(access))))


def _has(user: Any, permission: Permission) -> bool:
    """Whether a role that counts today has the permission."""
    return bool(user.is_authenticated and permission in user.permissions)
