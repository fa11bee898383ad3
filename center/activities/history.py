"""Changes of activities and their sessions: written down, and told to what depends on them in the same transaction.

Sign-ups lie above activities and cannot be called from them. `create_app` lists who listens, in order.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.differences import Difference
from center.activities.models import Activity, ActivityChange, ActivityEvent, Session
from center.kernel.db import db
from center.people.models import Person
from center.rooms.models import Room


@dataclass(frozen=True, kw_only=True)
class Before:
    """Where and when a session was before it was moved."""

    room: Room | None
    starts_at: datetime
    ends_at: datetime
    place: str = ""  # where it was in no room of the centre, in the activity's first language


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of an activity, or of one of its sessions."""

    activity: Activity
    what: ActivityChange
    by: Person | None
    now: datetime
    session: Session | None = None
    before: Before | None = None
    reason: str = ""
    differences: Sequence[Difference] = ()  # of what was edited: what people who signed up must hear of
    not_before: datetime | None = None  # until then what was edited can be undone, and news of it stays in the house
    undoes: datetime | None = None  # when that was told which this takes back: whom it has not reached hears nothing
    with_all: bool = False  # a session that is called off together with its whole activity, which is announced next


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
    for listener in current_app.extensions["activity_listeners"]:
        listener(change)


def history(activity: Activity) -> Sequence[ActivityEvent]:
    """What happened to an activity and its sessions, in order, with who did it."""
    query = (
        select(ActivityEvent)
        .where(ActivityEvent.activity_id == activity.id)
        .options(joinedload(ActivityEvent.by), joinedload(ActivityEvent.session), joinedload(ActivityEvent.was_room))
    )
    return db.session.scalars(query.order_by(ActivityEvent.at, ActivityEvent.id)).all()
