"""Activities that are over are noted as held; what can be taken back no longer is forgotten."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update

from center.activities.actions import close_if_over
from center.activities.change_requests.models import ChangeRequest
from center.activities.models import Activity, ActivityState, Session, SessionState
from center.kernel.db import change_rows, db, transaction
from center.kernel.sweeps import Sweep

MOST = 50


def _due(now: datetime) -> Sequence[int]:
    over = select(Session.activity_id).where(Session.state == SessionState.SCHEDULED, Session.ends_at <= now)
    query = select(Activity.id).where(Activity.state == ActivityState.PUBLISHED, Activity.id.in_(over))
    return db.session.scalars(query.order_by(Activity.id).limit(MOST)).all()


def _settle(activity_id: int, now: datetime) -> None:
    with transaction() as session:
        close_if_over(session.get_one(Activity, activity_id), now=now)


def _kept_too_long(now: datetime) -> Sequence[int]:
    query = select(ChangeRequest.id).where(ChangeRequest.kept_until <= now)
    return db.session.scalars(query.order_by(ChangeRequest.kept_until, ChangeRequest.id).limit(MOST)).all()


def _forget(proposal_id: int, now: datetime) -> None:
    """Pictures may show people who did not agree: a photo that was sent back, or replaced, is gone after the minute."""
    with transaction():
        old = update(ChangeRequest).where(ChangeRequest.id == proposal_id, ChangeRequest.kept_until <= now)
        nothing = {"before": None, "large": None, "small": None, "kept_until": None}
        change_rows(old.values(nothing))


SWEEPS = (
    Sweep("activities_over", _due, _settle),
    Sweep("proposals_kept", _kept_too_long, _forget),
)
