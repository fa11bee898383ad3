"""A performance is made, and goes from preparing to performed. Called inside one `transaction()`; never commits."""

from dataclasses import dataclass
from datetime import datetime

from center.activities import actions as activity_actions
from center.activities import sessions as activity_sessions
from center.activities.models import IN_PREPARATION as NOT_PUBLIC
from center.activities.models import ActivityState, Session
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.troupes.models.seasons import Season
from center.troupes.models.troupes import Troupe
from center.troupes.performances import casting, messages, queries
from center.troupes.performances import programme as programmes
from center.troupes.performances.differences import concerned
from center.troupes.performances.holding import hold, hold_to_change
from center.troupes.performances.models import (
    AHEAD,
    STEPS,
    Performance,
    PerformanceEvent,
    PerformanceState,
    Programme,
)
from center.troupes.performances.timing import length_of
from center.troupes.policy import refuse_ended

BACK = {
    (PerformanceState.PIECES_SET, PerformanceState.PREPARING),
    (PerformanceState.CAST_SET, PerformanceState.PIECES_SET),
}
TOO_LONG = _l("The programme is longer than the time on stage. Take something out, or say who allows it and why.")


@dataclass(frozen=True, kw_only=True)
class Show:
    """What a leader says of a performance."""

    call_at: datetime
    slot_seconds: int
    change_seconds: int = 60
    season: Season | None = None


def make(troupe: Troupe, session: Session, show: Show, *, by: Person, now: datetime) -> Performance:
    """A troupe performs at a session of an activity of its organisation; its programme is empty.

    Raises Conflict where it performs there already, RuleBroken for what is over and for times that do not fit.
    """
    lock(troupe, shared=True)
    refuse_ended(troupe)
    lock(session.activity, shared=True)
    lock(session)
    if session.activity.organisation_id != troupe.organisation_id or session.activity.is_confined:
        raise RuleBroken(_l("Please choose one of these."), field="session")
    if not session.is_scheduled or session.starts_at <= now:
        raise RuleBroken(_l("This date is over or cancelled. Please choose another one."), field="session")
    if any(each.troupe_id == troupe.id for each in queries.at_session(session.id)):
        raise Conflict(_l("The troupe performs at this date already."), field="session")
    _check(show, session, troupe)
    performance = Performance(
        troupe_id=troupe.id,
        season_id=show.season.id if show.season else None,
        session_id=session.id,
        call_at=show.call_at,
        slot_seconds=show.slot_seconds,
        change_seconds=show.change_seconds,
        made_by_id=by.id,
        made_at=now,
    )
    db.session.add(performance)
    db.session.flush()
    _note(performance, PerformanceState.PREPARING, was=None, by=by, now=now)
    programmes.open_programme(performance, by=by, now=now)
    return performance


def change(performance: Performance, show: Show, *, by: Person, now: datetime) -> None:
    """Say otherwise when people are to be there and how long the troupe is on stage; they hear of another call."""
    hold(performance)
    if performance.state not in AHEAD:
        raise Conflict(programmes.OVER)
    _check(show, performance.session, performance.troupe)
    published = queries.published_of(performance.id)
    if published is not None and show.slot_seconds < performance.slot_seconds:
        found = length_of(programmes.turns_of(published), slot=show.slot_seconds)
        if not programmes.is_allowed(published, found):
            raise RuleBroken(_l("The programme that is public is longer than that."), field="slot")
    is_other_call = show.call_at != performance.call_at
    performance.call_at, performance.slot_seconds = show.call_at, show.slot_seconds
    performance.change_seconds = show.change_seconds
    db.session.flush()
    if is_other_call and published is not None and performance.state is PerformanceState.PUBLISHED:
        messages.tell_calls(performance, published, None, is_new=False, by=by, now=now)


def step(performance: Performance, became: PerformanceState, *, by: Person, now: datetime) -> None:
    """Go on to the next state, or back while nothing is public; what is there already is left as it is.

    Raises RuleBroken with all that is lacking, Conflict where it cannot come from where it is.
    """
    if became is PerformanceState.PUBLISHED:
        hold_to_change(performance)
    else:
        hold(performance)
    if performance.state is became:
        return
    was = performance.state
    if (was.value, became.value) not in STEPS or became in {PerformanceState.CANCELLED, PerformanceState.PERFORMED}:
        raise Conflict(_l("The performance has changed meanwhile. Please look at it again."))
    programme = queries.newest_of(performance.id)
    if (was, became) not in BACK:
        broken_rules(lacking(performance, programme, became))
    if became is PerformanceState.PUBLISHED:
        _make_public(performance, by=by, now=now)
        _publish(programme, by=by, now=now)
    _note(performance, became, was=was, by=by, now=now)
    if became is PerformanceState.PUBLISHED:
        messages.tell_calls(performance, queries.newest_of(performance.id), None, is_new=True, by=by, now=now)


def publish_again(performance: Performance, *, by: Person, now: datetime) -> None:
    """Let a new version take the place of the one that is public; those for whom something is different hear of it."""
    hold(performance)
    versions = queries.programmes_of(performance.id)
    if performance.state is not PerformanceState.PUBLISHED or versions[0].published_at is not None:
        raise Conflict(_l("The performance has changed meanwhile. Please look at it again."))
    broken_rules(lacking(performance, versions[0], PerformanceState.PUBLISHED))
    _publish(versions[0], by=by, now=now)
    casting.keep_appearances(performance.session_id)
    after, before = queries.programmes_of(performance.id)[:2]
    messages.tell_calls(performance, after, concerned(before, after), is_new=False, by=by, now=now)


def cancel(performance: Performance, reason: str, *, by: Person | None, now: datetime, calls_off: bool = True) -> None:
    """Call a performance off: whoever was asked hears why, and their time is free. Twice is once.

    The date of the activity is called off with it, unless another troupe performs there, too.
    """
    if calls_off:
        hold_to_change(performance)
    else:
        lock(performance)
    if performance.state is PerformanceState.CANCELLED:
        return
    if performance.state is PerformanceState.PERFORMED:
        raise Conflict(programmes.OVER)
    if calls_off and not reason.strip():
        raise RuleBroken(_l("Please say why. Those who were asked will read it."), field="reason")
    _note(performance, PerformanceState.CANCELLED, was=performance.state, by=by, now=now, reason=reason.strip())
    casting.keep_appearances(performance.session_id)
    messages.tell_called_off(performance, reason.strip(), by=by, now=now)
    others = [each for each in queries.at_session(performance.session_id) if each.state in AHEAD]
    if calls_off and by is not None and not others and performance.session.is_scheduled:
        activity_sessions.cancel_session(performance.session, reason=reason.strip(), by=by, now=now)


def close(performance: Performance, *, now: datetime) -> None:
    """Its time is over: what was public has been performed."""
    lock(performance)
    if performance.state is PerformanceState.PUBLISHED and performance.session.ends_at <= now:
        _note(performance, PerformanceState.PERFORMED, was=performance.state, by=None, now=now)


def lacking(performance: Performance, programme: Programme, became: PerformanceState) -> list[DomainError]:
    """What stands against a step: nothing to play, too long, nobody down for a piece."""
    found: list[DomainError] = []
    if not programme.items:
        found.append(RuleBroken(_l("The programme is empty. Add a piece first.")))
    if not programmes.is_allowed(programme, programmes.length(performance, programme)):
        found.append(RuleBroken(TOO_LONG))
    if became is not PerformanceState.PIECES_SET:
        bare = [each for each in programme.items if each.piece and not each.performers]
        titles = ", ".join(each.piece.title for each in bare if each.piece)
        if bare:
            found.append(RuleBroken(_l("Nobody is down for: %(pieces)s.", pieces=titles)))
    return found


def _publish(programme: Programme, *, by: Person, now: datetime) -> None:
    programme.published_at, programme.published_by_id = now, by.id
    db.session.flush()


def _make_public(performance: Performance, *, by: Person, now: datetime) -> None:
    """The activity becomes public with its programme: by itself where its organisation may, else staff read it."""
    activity = performance.session.activity
    if activity.state not in NOT_PUBLIC or activity.state is ActivityState.SUBMITTED:
        return
    if activity.organisation.publishes_directly:
        activity_actions.publish(activity, by=by, now=now, as_staff=False)
    else:
        activity_actions.submit(activity, by=by, now=now)


def _note(
    performance: Performance,
    became: PerformanceState,
    *,
    was: PerformanceState | None,
    by: Person | None,
    now: datetime,
    reason: str = "",
) -> None:
    """Write a step down; the database lets the performance stand so."""
    by_id = by.id if by else None
    event = PerformanceEvent(performance_id=performance.id, was=was, became=became, reason=reason, by_id=by_id, at=now)
    db.session.add(event)
    db.session.flush()
    db.session.refresh(performance)


def _check(show: Show, session: Session, troupe: Troupe) -> None:
    found: list[DomainError] = []
    if show.call_at >= session.starts_at:
        found.append(RuleBroken(_l("Please let them be there before it begins."), field="call_at"))
    if show.slot_seconds > (session.ends_at - session.starts_at).total_seconds():
        found.append(RuleBroken(_l("That is longer than the date itself."), field="slot"))
    if show.season is not None and show.season.troupe_id != troupe.id:
        found.append(RuleBroken(_l("Please choose one of these."), field="season"))
    broken_rules(found)
