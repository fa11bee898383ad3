"""What sign-ups do when their activity changes: they hear of it inside the transaction of the change."""

from collections.abc import Callable, Collection, Sequence
from typing import Any

from sqlalchemy import or_, select

from center.activities.differences import Difference, Told, say_all, say_names
from center.activities.history import Before, Change
from center.activities.models import ActivityChange
from center.activities.sessions import concerned_by
from center.kernel.db import db
from center.kernel.i18n import in_language
from center.notices.kinds import Kind
from center.notices.withdrawing import withdraw
from center.signups import messages, news, places
from center.signups.attendee_lists.drivers import about_drivers, tell_drivers
from center.signups.history import note
from center.signups.models import LIVE, Roster, SignUp, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.news import drivers as drivers_news
from center.signups.roster_state import RosterState, hold


def follow(change: Change) -> None:
    """Free the places of what is called off; tell whoever comes or drives of that, of a move, and of another place."""
    match change.what:
        case ActivityChange.SESSION_CANCELLED:
            assert change.session is not None
            tell_drivers(change.session, drivers_news.CALLED_OFF, now=change.now, reason=change.reason)
            if not change.with_all:
                _call_off_all(change)
        case ActivityChange.CANCELLED:
            _call_off_all(change)
        case ActivityChange.SESSION_MOVED:
            _tell_of_move(change)
        case ActivityChange.EDITED if change.differences:
            _tell_of_differences(change)


def _tell_of_move(change: Change) -> None:
    assert change.session is not None
    facts: dict[str, Any] = {"now": change.now, "reason": change.reason, "before": change.before}
    for roster in _rosters(change):
        messages.tell_of_session(_live(hold(roster)), news.SESSION_MOVED, change.session, **facts)
    tell_drivers(change.session, drivers_news.MOVED, **facts)


def _tell_of_differences(change: Change) -> None:
    """Each roster hears of what concerns a date that is ahead of it; drivers of another place."""
    for roster in _rosters(change):
        found = [each for each in change.differences if _concerns(roster, each, change)]
        if found:
            live = _live(hold(roster))
            facts: dict[str, Any] = {"what": _names(found), "changes": _lines(found), "reason": change.reason}
            only = _reached(change, [messages.about_facts(each) for each in live], news.CHANGED)
            messages.tell_together(live, news.CHANGED, now=change.now, not_before=change.not_before, only=only, **facts)
    for each in change.differences:
        if each.what is Told.PLACE:
            for session in concerned_by(change.activity, each, now=change.now):
                was = in_language(*each.was)
                before = Before(room=None, starts_at=session.starts_at, ends_at=session.ends_at, place=was)
                only = _reached(change, [about_drivers(session)], drivers_news.MOVED)
                tell_drivers(
                    session, drivers_news.MOVED, now=change.now, reason=change.reason, before=before,
                    not_before=change.not_before, only=only,
                )  # fmt: skip


def _reached(change: Change, abouts: Sequence[str], kind: Kind) -> Collection[int] | None:
    """Whom alone to tell that something does not stand: whom it has reached. None, for all, of any other change."""
    return None if change.undoes is None else withdraw(abouts, [kind], said_at=change.undoes)


def _concerns(roster: Roster, difference: Difference, change: Change) -> bool:
    ids = {session.id for session in concerned_by(change.activity, difference, now=change.now)}
    return any(session.id in ids for session in roster.sessions)


def _call_off_all(change: Change) -> None:
    for roster in _rosters(change):
        _call_off(hold(roster), change)


def _call_off(roster_state: RosterState, change: Change) -> None:
    """Where no session is left nobody has a place any more; else they are told that one is off."""
    if roster_state.roster.session_id is not None and roster_state.sessions:
        return  # it has taken place
    live = _live(roster_state)
    if any(session.ends_at > change.now for session in roster_state.sessions):
        if change.session is not None:
            facts: dict[str, Any] = {"now": change.now, "reason": change.reason}
            messages.tell_of_session(live, news.SESSION_CANCELLED, change.session, **facts)
        return
    for sign_up in live:
        pool = places.leave(sign_up, SignUpState.CANCELLED, pools=roster_state.pools, now=change.now)
        what, pool_id = SignUpChange.SESSION_CANCELLED, pool.id if pool else None
        note(sign_up, what, by=change.by, now=change.now, pool_id=pool_id, reason=change.reason)
    messages.tell_together(live, news.CALLED_OFF, now=change.now, reason=change.reason)


def _names(found: Sequence[Difference]) -> Callable[[], str]:
    return lambda: say_names(found)


def _lines(found: Sequence[Difference]) -> Callable[[], str]:
    return lambda: say_all(found)


def _rosters(change: Change) -> Sequence[Roster]:
    """The rosters that a change touches, in the order of their ids, in which they are held."""
    query = select(Roster).where(Roster.activity_id == change.activity.id).order_by(Roster.id)
    if change.session is not None:
        query = query.where(or_(Roster.session_id.is_(None), Roster.session_id == change.session.id))
    return db.session.scalars(query).all()


def _live(roster_state: RosterState) -> Sequence[SignUp]:
    query = select(SignUp).where(SignUp.roster_id == roster_state.roster.id, SignUp.state.in_(LIVE))
    query = query.order_by(SignUp.queue_order, SignUp.id).execution_options(populate_existing=True)
    return db.session.scalars(query).all()
