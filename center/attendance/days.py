"""Which sessions there are to check people in to, on which day."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.models import NOT_CANCELLED, Activity, ActivityState, Session
from center.attendance.rules import TAKES_UNTIL
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import day_span
from center.rooms.models import Room


def sessions_between(first: date, last: date, *, now: datetime) -> Sequence[Session]:
    """The sessions of public activities on these days that are not long over, in order; none of a confined one."""
    begins, ends = day_span(first, centre_zone()).start, day_span(last, centre_zone()).end
    query = (
        select(Session)
        .join(Session.activity)
        .where(
            Session.state.in_(NOT_CANCELLED),
            Activity.state == ActivityState.PUBLISHED,
            ~Activity.is_confined,
            Session.starts_at >= begins,
            Session.starts_at < ends,
            Session.ends_at > now - TAKES_UNTIL,
        )
        .options(
            joinedload(Session.activity).joinedload(Activity.organisation),
            joinedload(Session.room).joinedload(Room.parent),
        )
    )
    return db.session.scalars(query.order_by(Session.starts_at, Session.id)).all()


def sessions_today(now: datetime, *, days: int = 1) -> Sequence[Session]:
    """The same from today on."""
    today = local_date(now)
    return sessions_between(today, today + timedelta(days=days - 1), now=now)
