"""Which dates are a troupe's: the rehearsals of its seasons, and what later parts add, such as its performances."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import joinedload

from center.activities.models import Session, SessionState
from center.kernel.db import db
from center.troupes.models.seasons import Season

Source = Callable[[int], Select[int]]  # from a troupe to a query of the ids of sessions


def _of_seasons(troupe_id: int) -> Select[int]:
    query = select(Session.id).join(Season, Season.activity_id == Session.activity_id)
    return query.where(Season.troupe_id == troupe_id)


sources: list[Source] = [_of_seasons]


def are_of(troupe_id: int) -> ColumnElement[bool]:
    """In a query of sessions: whether they are this troupe's."""
    return or_(*(Session.id.in_(source(troupe_id)) for source in sources))


def are_rehearsals_of(troupe_id: int) -> ColumnElement[bool]:
    """In a query of sessions: whether they are rehearsals of this troupe, for its members alone."""
    return Session.id.in_(_of_seasons(troupe_id))


def sessions_ahead(troupe_id: int, *, now: datetime, most: int = 12) -> Sequence[Session]:
    """The next dates of a troupe, rehearsals and performances alike, soonest first; those called off are left out."""
    query = (
        select(Session)
        .where(are_of(troupe_id), Session.ends_at > now, Session.state != SessionState.CANCELLED)
        .options(joinedload(Session.activity), joinedload(Session.room))
    )
    return db.session.scalars(query.order_by(Session.starts_at, Session.id).limit(most)).all()
