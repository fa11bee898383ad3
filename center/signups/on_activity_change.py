"""What sign-ups forbid and do when their activity changes. All of it runs inside the transaction of the change."""

from collections.abc import Collection, Sequence
from functools import partial
from typing import Any

from sqlalchemy import func, select

from center.activities.differences import Difference, Told, say_all, say_names
from center.activities.history import Before, Change
from center.activities.models import ActivityChange
from center.activities.sessions import concerned_by
from center.kernel.db import db
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import in_language
from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Kind
from center.notices.withdrawing import withdraw
from center.signups import messages, news, places
from center.signups.attendee_lists.drivers import about_drivers, tell_drivers
from center.signups.history import note
from center.signups.models import LIVE, Audience, Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.news import drivers as drivers_news
from center.signups.queries import on_roster, rosters_with
from center.signups.roster_state import RosterState, hold

NO_PLACES = _l("It has no places yet: say how many there are, or that people just come.")


def refuse_once_signed_up(change: Change) -> None:
    """Let nothing be taken out of the public's sight for which somebody has signed up. Holds its rosters."""
    if change.what is not ActivityChange.DECISION_UNDONE:
        return
    for roster in rosters_with(change.activity):
        hold(roster)
    signed = select(SignUp.id).join(Roster, Roster.id == SignUp.roster_id)
    if db.session.scalar(signed.where(Roster.activity_id == change.activity.id).limit(1)) is not None:
        raise Conflict(_l("Somebody has signed up meanwhile, so it stays public. Call it off, or leave it as it is."))


def refuse_without_places(change: Change) -> None:
    """Let nothing be submitted or published for which people sign up, but nobody can have a place."""
    if change.what not in {ActivityChange.SUBMITTED, ActivityChange.PUBLISHED}:
        return
    capacity = select(func.coalesce(func.sum(Pool.capacity), 0)).where(
        Pool.roster_id == Roster.id, Pool.kind != PoolKind.COMPANION
    )
    lacking = select(Roster.id).where(
        Roster.activity_id == change.activity.id,
        Roster.audience == Audience.PARTICIPANTS,
        Roster.mode != Mode.WALK_IN,
        Roster.removed_at.is_(None),
        capacity.correlate(Roster).scalar_subquery() == 0,
    )
    if db.session.scalar(lacking.limit(1)) is not None:
        raise RuleBroken(NO_PLACES, field="capacity")


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
    for roster in rosters_with(change.activity, change.session):
        messages.tell_of_session(_live(roster), news.SESSION_MOVED, change.session, **facts)
    tell_drivers(change.session, drivers_news.MOVED, **facts)


def _tell_of_differences(change: Change) -> None:
    """Each roster hears of what concerns a date that is ahead of it; drivers of another place."""
    for roster in rosters_with(change.activity, change.session):
        found = [each for each in change.differences if _concerns(roster, each, change)]
        if found:
            live = _live(roster)
            facts: dict[str, Any] = {
                "what": partial(say_names, found),
                "changes": partial(say_all, found),
                "reason": change.reason,
            }
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
    for roster in rosters_with(change.activity, change.session):
        _call_off(hold(roster), change)


def _call_off(roster_state: RosterState, change: Change) -> None:
    """Where no session is left nobody has a place any more; else they are told that one is off."""
    if roster_state.roster.session_id is not None and roster_state.sessions:
        return  # it has taken place
    live = on_roster(roster_state.roster, *LIVE)
    if any(session.ends_at > change.now for session in roster_state.sessions):
        if change.session is not None:
            facts: dict[str, Any] = {"now": change.now, "reason": change.reason}
            messages.tell_of_session(live, news.SESSION_CANCELLED, change.session, **facts)
        return
    for sign_up in live:
        pool = places.leave(sign_up, SignUpState.CANCELLED, pools=roster_state.pools, now=change.now)
        what = SignUpChange.SESSION_CANCELLED
        note(sign_up, what, by=change.by, now=change.now, pool=pool, reason=change.reason)
    messages.tell_together(live, news.CALLED_OFF, now=change.now, reason=change.reason)


def _live(roster: Roster) -> Sequence[SignUp]:
    hold(roster)
    return on_roster(roster, *LIVE)
