"""What was said of a school on a day of the programme, and nobody on duty has acknowledged yet."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.afterschool.models.terms import SchoolChange, TermDay
from center.kernel.db import db


def waiting_on(day: TermDay) -> Sequence[SchoolChange]:
    """What nobody on duty has acknowledged yet: the last that was said of each school, the latest first."""
    return waiting_each([day.id]).get(day.id, [])


def waiting_each(day_ids: Sequence[int]) -> dict[int, list[SchoolChange]]:
    """The same of several days, by the day's id."""
    query = select(SchoolChange).where(SchoolChange.day_id.in_(day_ids), SchoolChange.acknowledged_at.is_(None))
    query = query.options(joinedload(SchoolChange.school), joinedload(SchoolChange.by))
    last = {(each.day_id, each.school_id): each for each in db.session.scalars(query.order_by(SchoolChange.id))}
    found: dict[int, list[SchoolChange]] = {}
    for each in sorted(last.values(), key=lambda one: one.id, reverse=True):
        found.setdefault(each.day_id, []).append(each)
    return found
