"""What sign-ups do when their activity changes: they hear of it inside the transaction of the change."""

from collections.abc import Sequence

from sqlalchemy import or_, select

from center.activities.changes import Change
from center.activities.models import ActivityChange
from center.db import db
from center.signups import messages, places
from center.signups.messages import News
from center.signups.models import LIVE, Roster, SignUp, SignUpChange, SignUpState
from center.signups.standing import Standing, hold
from center.signups.trail import note


def follow(change: Change) -> None:
    """Free the places of what is called off, and tell whoever comes of what is moved."""
    match change.what:
        case ActivityChange.SESSION_CANCELLED if not change.with_all:
            for roster in _rosters(change):
                _call_off(hold(roster), change)
        case ActivityChange.CANCELLED:
            for roster in _rosters(change):
                _call_off(hold(roster), change)
        case ActivityChange.SESSION_MOVED:
            assert change.session is not None
            for roster in _rosters(change):
                for sign_up in _live(hold(roster)):
                    messages.tell_of_session(
                        sign_up,
                        News.SESSION_MOVED,
                        change.session,
                        now=change.now,
                        reason=change.reason,
                        before=change.before,
                    )


def _call_off(standing: Standing, change: Change) -> None:
    """Where no session is left nobody has a place any more; else they are told that one is off."""
    if standing.roster.session_id is not None and standing.sessions:
        return  # it has taken place
    is_all_off = not any(session.ends_at > change.now for session in standing.sessions)
    for sign_up in _live(standing):
        if is_all_off:
            pool = places.leave(sign_up, SignUpState.CANCELLED, pools=standing.pools, now=change.now)
            what, pool_id = SignUpChange.SESSION_CANCELLED, pool.id if pool else None
            note(sign_up, what, by=change.by, now=change.now, pool_id=pool_id, reason=change.reason)
            messages.tell(sign_up, News.CALLED_OFF, now=change.now, reason=change.reason)
        elif change.session is not None:
            messages.tell_of_session(
                sign_up, News.SESSION_CANCELLED, change.session, now=change.now, reason=change.reason
            )


def _rosters(change: Change) -> Sequence[Roster]:
    """The rosters that a change touches, in the order of their ids, in which they are held."""
    query = select(Roster).where(Roster.activity_id == change.activity.id).order_by(Roster.id)
    if change.session is not None:
        query = query.where(or_(Roster.session_id.is_(None), Roster.session_id == change.session.id))
    return db.session.scalars(query).all()


def _live(standing: Standing) -> Sequence[SignUp]:
    query = select(SignUp).where(SignUp.roster_id == standing.roster.id, SignUp.state.in_(LIVE))
    query = query.order_by(SignUp.queue_order, SignUp.id).execution_options(populate_existing=True)
    return db.session.scalars(query).all()
