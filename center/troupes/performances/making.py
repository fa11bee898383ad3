"""Where a troupe can perform: dates of its organisation's activities, and new ones. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.actions import ActivityFacts
from center.activities.clashes import SessionPlan
from center.activities.models import IN_PREPARATION, Activity, ActivityState, Session, SessionState
from center.kernel.db import db
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.spans import Span
from center.people.models import Person
from center.rooms.models import Room
from center.signups.models import Mode
from center.signups.posting import actions as posting
from center.signups.posting.actions import Places
from center.troupes.models.pieces import Piece
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe
from center.troupes.performances.models import Performance

MOST = 100


def dates_ahead(troupe: Troupe, *, now: datetime) -> Sequence[Session]:
    """Dates of its organisation's activities at which it does not perform yet; none of its own rehearsals."""
    rehearsals = select(Season.activity_id).where(Season.activity_id.is_not(None))
    taken = select(Performance.session_id).where(Performance.troupe_id == troupe.id)
    query = (
        select(Session)
        .join(Session.activity)
        .where(
            Activity.organisation_id == troupe.organisation_id,
            Activity.state.in_([*IN_PREPARATION, ActivityState.PUBLISHED]),
            ~Activity.is_confined,
            Activity.id.not_in(rehearsals),
            Session.state == SessionState.SCHEDULED,
            Session.starts_at > now,
            Session.id.not_in(taken),
        )
        .options(joinedload(Session.activity), joinedload(Session.room))
    )
    return db.session.scalars(query.order_by(Session.starts_at, Session.id).limit(MOST)).all()


def seasons_ahead(troupe: Troupe, *, now: datetime) -> Sequence[Season]:
    """The seasons of a troupe that are not over, the one that ends first first."""
    query = select(Season).where(Season.troupe_id == troupe.id, Season.ends_on >= local_date(now))
    return db.session.scalars(query.order_by(Season.ends_on, Season.id)).all()


def new_date(
    troupe: Troupe,
    facts: ActivityFacts,
    span: Span,
    *,
    room: Room | None,
    place: str,
    by: Person,
    now: datetime,
    request_key: str,
) -> Session:
    """A date of a new activity, in a room of the centre through the ledger or elsewhere; people just come.

    Raises SessionsClash where the room cannot be had, Conflict where the very same is there already.
    """
    same = select(Performance.id).join(Performance.session).join(Session.activity)
    same = same.where(Performance.troupe_id == troupe.id, Session.starts_at == span.start)
    if (
        db.session.scalar(same.where(Activity.title == facts.title, Session.state == SessionState.SCHEDULED))
        is not None
    ):
        raise Conflict(_l("The troupe performs at this date already."), field="date")
    plans = [SessionPlan(span=span, room=room, place=place)]
    places = Places(capacity=facts.expected, mode=Mode.WALK_IN)
    activity = posting.post(troupe.organisation, facts, plans, places, by=by, now=now, request_key=request_key)
    return activity.sessions[0]


def pieces_of(troupe_id: int) -> Sequence[Piece]:
    """What a troupe can play, by title."""
    query = select(Piece).where(Piece.troupe_id == troupe_id, ~Piece.is_retired)
    return db.session.scalars(query.order_by(Piece.title, Piece.id)).all()
