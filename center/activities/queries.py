"""Ordered reads of activities and sessions."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from functools import cache

from sqlalchemy import Select, bindparam, func, select
from sqlalchemy.orm import joinedload, selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.rooms.models import Room


def find_activity(slug: str) -> Activity | None:
    """The activity at this address, with its sessions and their rooms."""
    return db.session.scalar(_by_slug(), {"slug": slug})


@cache
def _by_slug() -> Select[Activity]:
    """Made once, since every page of an activity and every sign-up asks it."""
    return select(Activity).where(Activity.slug == bindparam("slug")).options(*whole_activity())


def get_activity(slug: str) -> Activity:
    """Like find_activity; raises NotFound."""
    return must_find(find_activity(slug), _l("There is no activity at this address."))


def get_session(session_id: int) -> Session:
    """The session with this id, with its activity and room; raises NotFound."""
    return must_find(db.session.scalar(_by_id(), {"session_id": session_id}), _l("There is no such session."))


@cache
def _by_id() -> Select[Session]:
    """Made once, since every scan at a door asks it."""
    query = select(Session).where(Session.id == bindparam("session_id"))
    return query.options(joinedload(Session.room), joinedload(Session.activity))


def sessions_by_ids(ids: Iterable[int]) -> dict[int, Session]:
    """The sessions with these ids, with their activities and rooms."""
    query = select(Session).where(Session.id.in_(sorted(set(ids))))
    query = query.options(joinedload(Session.room).joinedload(Room.parent), joinedload(Session.activity))
    return {each.id: each for each in db.session.scalars(query.order_by(Session.id))}


def coming_sessions(*, now: datetime, limit: int = 100) -> Sequence[Session]:
    """Sessions of public activities that have not ended, soonest first, as lists show them; none of a confined one."""
    query = (
        select(Session)
        .join(Session.activity)
        .where(
            Session.state == SessionState.SCHEDULED,
            Session.ends_at > now,
            Activity.state == ActivityState.PUBLISHED,
            ~Activity.is_confined,
        )
        .options(
            joinedload(Session.room).joinedload(Room.parent),
            joinedload(Session.activity).joinedload(Activity.organisation),
            joinedload(Session.activity).joinedload(Activity.kind),
            joinedload(Session.activity).selectinload(Activity.sessions),
        )
        .order_by(Session.starts_at, Session.id)
        .limit(limit)
    )
    return db.session.scalars(query).all()


def count_waiting_for_review() -> int:
    """How many activities wait for staff."""
    return db.session.scalar(select(func.count()).where(Activity.state == ActivityState.SUBMITTED)) or 0


def whole_activity() -> tuple[_AbstractLoad, ...]:
    """Load options for everything that an activity's page shows of it."""
    return (
        joinedload(Activity.organisation),
        joinedload(Activity.kind),
        selectinload(Activity.sessions)
        .joinedload(Session.room)
        .options(selectinload(Room.parent), selectinload(Room.features)),
    )
