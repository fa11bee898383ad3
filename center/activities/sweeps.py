"""Activities that are over: their sessions are noted as held."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.activities.actions import close_if_over
from center.activities.models import Activity, ActivityState, Session, SessionState
from center.kernel.db import db, transaction
from center.kernel.sweeps import Sweep

MOST = 50


def _due(now: datetime) -> Sequence[int]:
    over = select(Session.activity_id).where(Session.state == SessionState.SCHEDULED, Session.ends_at <= now)
    query = select(Activity.id).where(Activity.state == ActivityState.PUBLISHED, Activity.id.in_(over))
    return db.session.scalars(query.order_by(Activity.id).limit(MOST)).all()


def _settle(activity_id: int, now: datetime) -> None:
    with transaction() as session:
        close_if_over(session.get_one(Activity, activity_id), now=now)


SWEEPS = (Sweep("activities_over", _due, _settle),)
