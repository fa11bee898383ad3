"""Who may see and do what of the after-school programme, for views and templates alike.

A role alone shows nobody a child: those see a day's children who are on duty that day, whom the director lets for a
reason and a time, and the director. A duty ends with its day; where the day's list is still open, with the day after.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select

from center.afterschool.asked_once import asked_once
from center.afterschool.models.staff import CareDuty, ChildAccess
from center.afterschool.models.terms import TermDay
from center.afterschool.queries import days_on
from center.kernel import clock
from center.kernel.access import Permission
from center.kernel.db import db
from center.kernel.i18n import centre_zone

A_DAY, A_WEEK = timedelta(days=1), timedelta(days=7)


def may_run(user: Any) -> bool:
    """Whoever runs the programme: terms, rules, classes, duties, bars, and who else sees what."""
    return _has(user, Permission.RUN_AFTER_SCHOOL)


def may_care(user: Any, day: TermDay | date) -> bool:
    """Whoever looks after the children of a day: its duty (of a date: of any term then), or let by the director."""
    if not _has(user, Permission.CARE_FOR_CHILDREN):
        return False
    if may_run(user) or has_access(user.person_id):
        return True
    today = clock.today(centre_zone())
    if (day.on_date if isinstance(day, TermDay) else day) < today - A_DAY:
        return False
    duty = _duty(user.person_id, day).where(_has_not_ended(today))
    return asked_once(("care", user.person_id, day, today), lambda: _is(duty))


def may_take_in(user: Any, on: date) -> bool:
    """Whoever may see who stands at the door today, on a date without a programme: nobody is on duty then, so of those
    who look after children whoever was on duty within the week before, or is within the week after."""
    if may_care(user, on):
        return True
    if on != clock.today(centre_zone()) or not _has(user, Permission.CARE_FOR_CHILDREN):
        return False
    duty = select(CareDuty.id).join(CareDuty.day).where(CareDuty.person_id == user.person_id)
    return _is(duty.where(TermDay.on_date.between(on - A_WEEK, on + A_WEEK)))


def is_on_duty(person_id: int, day: TermDay | date) -> bool:
    """Whether they are on the roster of duties of a day, over or not; to see its children is `may_care`."""
    return _is(_duty(person_id, day))


def has_access(person_id: int) -> bool:
    """Whether the director lets them look at the children's records today, without being on duty."""
    today = clock.today(centre_zone())
    access = select(ChildAccess.id).where(
        ChildAccess.person_id == person_id,
        ChildAccess.starts_on <= today,
        ChildAccess.ends_on >= today,
        ChildAccess.revoked_at.is_(None),
    )
    return asked_once(("access", person_id, today), lambda: _is(access))


def _has(user: Any, permission: Permission) -> bool:
    """Whether a role that counts today has the permission."""
    return bool(user.is_authenticated and permission in user.permissions)


def _is(found: Select[int]) -> bool:
    """Whether there is anything of it."""
    return bool(db.session.scalar(select(exists(found))))


def _duty(person_id: int, day: TermDay | date) -> Select[int]:
    """Their place on the roster of duties of a day."""
    duty = select(CareDuty.id).join(CareDuty.day).where(CareDuty.person_id == person_id)
    return duty.where(TermDay.id == day.id if isinstance(day, TermDay) else TermDay.on_date == day)


def _has_not_ended(today: date) -> ColumnElement[bool]:
    """That a day is today or to come, or was yesterday and its list has not been closed yet."""
    return or_(TermDay.on_date >= today, and_(TermDay.on_date == today - A_DAY, TermDay.closed_at.is_(None)))


def terms_in_care(user: Any, on: date) -> set[int]:
    """The terms whose children of a date somebody looks after."""
    return {each.term_id for each in days_on(on) if may_care(user, each)}
