"""Which activities are a troupe's: those of its seasons, and what later parts add, such as its performances."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.models import Session, SessionState
from center.kernel.db import db
from center.troupes.models.seasons import Season

Source = Callable[[int], Sequence[int]]


def _of_seasons(troupe_id: int) -> Sequence[int]:
    query = select(Season.activity_id).where(Season.troupe_id == troupe_id, Season.activity_id.is_not(None))
    return [each for each in db.session.scalars(query) if each is not None]


sources: list[Source] = [_of_seasons]


def activity_ids(troupe_id: int) -> list[int]:
    """The ids of a troupe's activities."""
    return sorted({each for source in sources for each in source(troupe_id)})


def sessions_ahead(troupe_id: int, *, now: datetime, most: int = 12) -> Sequence[Session]:
    """The next dates of a troupe, rehearsals and performances alike, soonest first; those called off are left out."""
    query = (
        select(Session)
        .where(Session.activity_id.in_(activity_ids(troupe_id)), Session.ends_at > now)
        .where(Session.state != SessionState.CANCELLED)
        .options(joinedload(Session.activity), joinedload(Session.room))
    )
    return db.session.scalars(query.order_by(Session.starts_at, Session.id).limit(most)).all()
