"""The history of activities and sessions, written with each change, and told to what depends on them."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.changes import Change, announce
from center.activities.models import Activity, ActivityEvent
from center.kernel.db import db


def note(change: Change) -> None:
    """Write a change down, then let whoever depends on the activity follow it."""
    before = change.before
    db.session.add(
        ActivityEvent(
            activity_id=change.activity.id,
            session_id=change.session.id if change.session else None,
            at=change.now,
            by_id=change.by.id if change.by else None,
            what=change.what,
            reason=change.reason,
            was_room_id=before.room.id if before and before.room else None,
            was_starts_at=before.starts_at if before else None,
            was_ends_at=before.ends_at if before else None,
        )
    )
    db.session.flush()
    announce(change)


def history(activity: Activity) -> Sequence[ActivityEvent]:
    """What happened to an activity and its sessions, in order, with who did it."""
    query = (
        select(ActivityEvent)
        .where(ActivityEvent.activity_id == activity.id)
        .options(joinedload(ActivityEvent.by), joinedload(ActivityEvent.session), joinedload(ActivityEvent.was_room))
    )
    return db.session.scalars(query.order_by(ActivityEvent.at, ActivityEvent.id)).all()
