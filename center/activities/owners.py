"""Which session a use of a room is of, for whoever shuts the room; and telling its organisation that it stays."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import joinedload

from center.activities.messages import tell_room_shut
from center.activities.models import Activity, Session, SessionState
from center.kernel.db import db
from center.kernel.site import path_to
from center.kernel.spans import Span
from center.rooms.models import Room
from center.rooms.owners import Owner

# Who tells of a room that is shut around a session in words of their own; True where they did.
when_shut: list[Callable[[Session, str, datetime], bool]] = []


class SessionOwners:
    """Sessions as owners of uses (`center.rooms.owners.Owners`)."""

    def of(self, use_ids: Collection[int]) -> Mapping[int, Owner]:
        """The sessions that have these uses."""
        return {
            session.use_id: _owner(session)
            for session in _sessions(Session.use_id.in_(sorted(use_ids)))
            if session.use_id is not None
        }

    def within(self, span: Span, room_ids: Collection[int]) -> Sequence[Owner]:
        """The sessions that have one of these rooms within a span."""
        during = and_(Session.starts_at < span.end, Session.ends_at > span.start)
        is_live = Session.state != SessionState.CANCELLED
        return [_owner(each) for each in _sessions(Session.room_id.in_(sorted(room_ids)), during, is_live)]

    def stay(self, use_ids: Collection[int], *, reason: str, now: datetime) -> None:
        """Tell each session's organisation that the room is shut around it."""
        for session in _sessions(Session.use_id.in_(sorted(use_ids))):
            if not any(tell(session, reason, now) for tell in when_shut):
                tell_room_shut(session, now=now, reason=reason)


def _sessions(*which: ColumnElement[bool]) -> Sequence[Session]:
    query = select(Session).where(*which)
    whole = (
        joinedload(Session.activity).joinedload(Activity.organisation),
        joinedload(Session.room).selectinload(Room.parent),
    )
    return db.session.scalars(query.options(*whole).order_by(Session.starts_at, Session.id)).all()


def _owner(session: Session) -> Owner:
    activity = session.activity
    assert session.room is not None
    return Owner(
        room=session.room,
        title=activity.title,
        title_en=activity.title_en,
        organisation=activity.organisation,
        path=path_to("activities.show", slug=activity.slug),
        starts_at=session.starts_at,
        ends_at=session.ends_at,
    )
