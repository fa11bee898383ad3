"""What the registers of an activity say of it: 场次, 人次, 人数. Nobody types a total."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import ColumnElement, func, select

from center.activities.models import Activity, Session
from center.attendance.models import CAME, Attendance
from center.attendance.queries import takes_place
from center.kernel.db import db
from center.kernel.i18n import centre_zone


@dataclass(frozen=True, kw_only=True)
class Counted:
    """How often it took place, how many visits there were, by how many people."""

    sessions: int
    visits: int
    people: int


def count_activity(activity: Activity, on: date | None = None, *, now: datetime) -> Counted:
    """What the registers of an activity say until now: of one date, or of all."""
    which = [Activity.id == activity.id, Session.ends_at <= now]
    if on is not None:
        begins = datetime.combine(on, time(), centre_zone())
        which += [Session.starts_at >= begins, Session.starts_at < begins + timedelta(days=1)]
    return count_where(*which)


def count_where(*which: ColumnElement[bool]) -> Counted:
    """The same of all dates that took place and fit."""
    held: Sequence[int] = db.session.scalars(
        select(Session.id).join(Session.activity).where(*takes_place(), *which).order_by(Session.id)
    ).all()
    came = select(func.count(), func.count(Attendance.person_id.distinct())).where(
        Attendance.session_id.in_(held), Attendance.status.in_(CAME)
    )
    visits, people = db.session.execute(came).one()
    return Counted(sessions=len(held), visits=visits, people=people)
