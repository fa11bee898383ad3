"""Sign-up after its dates have changed, whichever hand changed them. Called inside a transaction; never commits.

First what hangs on the dates moves along, then people are told (`center.signups.on_activity_change`), then what is
due at once by the dates as they are now is done: a draw, a release, the next offers.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from center.activities.history import Change
from center.activities.models import Activity, ActivityChange, Session
from center.kernel.db import db
from center.kernel.i18n import centre_zone
from center.kernel.spans import Span
from center.kernel.waking import after_waking
from center.notices.kinds import Kind
from center.people.models import Person
from center.signups import messages, news
from center.signups.changing import dates, rules
from center.signups.changing.actions import ChangeEffects, roster_counts
from center.signups.changing.dates import Dates, Step
from center.signups.changing.words import say_changes
from center.signups.history import note_roster
from center.signups.lottery.actions import draw_if_due
from center.signups.models import Roster, SignUp, SignUpState
from center.signups.models.history import RosterChange
from center.signups.news.lottery import ENTERED
from center.signups.offers import expire_offers, offer_held, settle_due
from center.signups.queries import awaits_draw, is_drawn, on_roster, rosters_with
from center.signups.roster_state import RosterState, hold, read
from center.signups.rosters import facts_of, rosters_of

DATES = frozenset({ActivityChange.SESSION_ADDED, ActivityChange.SESSION_CANCELLED, ActivityChange.SESSION_MOVED})


def move_along(change: Change) -> None:
    """Let sign-up follow where a date was added, moved or called off, before anybody is told of it."""
    for roster in _rosters(change):
        roster_state, is_added = hold(roster), change.what is ActivityChange.SESSION_ADDED
        was_drawn_at = roster.closes_at
        other_offers = keep_distance(roster_state, by=change.by, now=change.now, asks_anew=not is_added)
        if is_added:  # of other changes everybody is told in any case
            _tell_again(other_offers, news.OFFERED, now=change.now)
            is_later = roster.closes_at is not None and roster.closes_at > change.now
            if is_later and roster.closes_at != was_drawn_at and awaits_draw(roster):
                _tell_again(on_roster(roster, SignUpState.REQUESTED), ENTERED, now=change.now)


def settle_after(change: Change) -> None:
    """Do at once what is due by the dates as they are now, once everybody was told of them."""
    for roster in _rosters(change):
        roster_state = hold(roster)
        settle_due(roster_state, now=change.now)
        offer_held(roster_state, now=change.now)


def keep_distance(
    roster_state: RosterState, *, by: Person | None, now: datetime, asks_anew: bool = True
) -> list[SignUp]:
    """Move what hangs on the dates of a roster along with them. The roster is held, its dates have changed already.

    What was due before is done first. Whoever has an offer is asked anew, unless nothing of theirs has changed.
    Returns whose offers have another deadline now.
    """
    if roster_state.starts_at is None:
        return []
    draw_if_due(roster_state, by=None, now=now)
    expire_offers(roster_state, now=now)
    roster, first = roster_state.roster, roster_state.starts_at
    if roster.first_at not in {None, first}:
        step = Step(was=roster.first_at or first, is_now=first, zone=centre_zone())
        _carry(roster_state, step, by=by, now=now)
        if roster.released_at is not None and first - timedelta(minutes=roster.release_minutes) > now:
            roster.released_at = None  # that was the release of another date
    roster.first_at = first
    db.session.flush()
    other = _limit_offers(roster_state, now=now, asks_anew=asks_anew)
    messages.keep_until(roster_state.roster, now=now)
    return other


def say_along(
    found: Iterable[tuple[Roster, ChangeEffects]],
) -> list[tuple[Roster, list[tuple[str, str, str]], Sequence[tuple[rules.Consequence, int]]]]:
    """For each roster that moves along: its settings as they are and would be, in words, and what follows."""
    return [(roster, say_changes(effects.changed), effects.consequences) for roster, effects in found]


def look_if_moved(
    activity: Activity, session: Session, span: Span, *, now: datetime
) -> list[tuple[Roster, ChangeEffects]]:
    """What moving a session would mean for each roster that it concerns; changes nothing."""
    return _look(activity, _times(activity) | {session.id: span}, [session.id], now=now)


def look_if_cancelled(activity: Activity, session: Session, *, now: datetime) -> list[tuple[Roster, ChangeEffects]]:
    """What calling one of several sessions off would mean for sign-up to the others; changes nothing."""
    times = {key: span for key, span in _times(activity).items() if key != session.id}
    return _look(activity, times, [], now=now)


def look_if_added(activity: Activity, spans: Sequence[Span], *, now: datetime) -> list[tuple[Roster, ChangeEffects]]:
    """What more dates would mean for those who sign up for all of them; changes nothing."""
    added = {-n: span for n, span in enumerate(spans, start=1)}
    return _look(activity, _times(activity) | added, [], now=now)


def _look(
    activity: Activity, times: dict[int, Span], session_ids: Sequence[int], *, now: datetime
) -> list[tuple[Roster, ChangeEffects]]:
    """The rosters for all dates, and those for these sessions, where something follows for them."""
    found = []
    for roster in rosters_of(activity):
        if roster.session_id is not None and roster.session_id not in session_ids:
            continue
        spans = sorted(times.values() if roster.session_id is None else [times[roster.session_id]])
        effects = _effects(read(roster), spans, now=now) if spans else None
        if effects is not None and (effects.changed or effects.consequences):
            found.append((roster, effects))
    return found


def _effects(roster_state: RosterState, spans: Sequence[Span], *, now: datetime) -> ChangeEffects:
    roster, first = roster_state.roster, spans[0].start
    was_first = roster.first_at or roster_state.starts_at or first
    before = facts_of(roster)
    drawn = is_drawn(roster)
    step = Step(was=was_first, is_now=first, zone=centre_zone())
    after = dates.carried(before, step, is_drawn=drawn, now=now) if first != was_first else before
    coming = [span.start for span in spans if span.start > now]
    known = [each.starts_at for each in roster_state.sessions]
    to_be = Dates(first=first, next=min(coming, default=None), ends_at=max(span.end for span in spans), known=known)
    found = dates.consequences(before, after, was_first, to_be, roster_counts(roster_state, after, now=now), now=now)
    same = known == [span.start for span in spans]
    return ChangeEffects(changed=rules.changes(before, after), obstacles=(), consequences=[] if same else found)


def _rosters(change: Change) -> Sequence[Roster]:
    """Those whose dates a change is about, in the order in which they are held."""
    if change.what not in DATES or change.with_all or change.session is None:
        return []
    return rosters_with(change.activity, change.session)


def _carry(roster_state: RosterState, step: Step, *, by: Person | None, now: datetime) -> None:
    roster, before = roster_state.roster, facts_of(roster_state.roster)
    after = dates.carried(before, step, is_drawn=is_drawn(roster), now=now)
    for name, value in asdict(after).items():
        setattr(roster, name, value)
    if changed := rules.changes(before, after):
        note_roster(roster, RosterChange.EDITED, changed, by=by, now=now)


def _limit_offers(roster_state: RosterState, *, now: datetime, asks_anew: bool) -> list[SignUp]:
    """Whoever has an offer has time to think about another date, and no offer outlives its dates."""
    assert roster_state.starts_at is not None
    assert roster_state.ends_at is not None
    to_be = Dates(first=roster_state.starts_at, next=roster_state.next_start(now), ends_at=roster_state.ends_at)
    fresh = after_waking(now, timedelta(minutes=roster_state.roster.offer_minutes), centre_zone()) if asks_anew else now
    other: list[SignUp] = []
    for sign_up in on_roster(roster_state.roster, SignUpState.OFFERED):
        assert sign_up.offer_expires_at is not None
        until = dates.answer_until(sign_up.offer_expires_at, fresh=fresh, dates=to_be, now=now)
        if until != sign_up.offer_expires_at:
            sign_up.offer_expires_at = until
            other.append(sign_up)
    db.session.flush()
    return other


def _tell_again(sign_ups: Sequence[SignUp], kind: Kind, *, now: datetime) -> None:
    """Say once more what has another time now."""
    for sign_up in sign_ups:
        sign_up.changed_at = now
    db.session.flush()
    for sign_up in sign_ups:
        messages.tell(sign_up, kind, now=now)


def _times(activity: Activity) -> dict[int, Span]:
    """When its sessions are that are not called off, by their ids."""
    return {each.id: Span(each.starts_at, each.ends_at) for each in activity.sessions if each.cancelled_at is None}
