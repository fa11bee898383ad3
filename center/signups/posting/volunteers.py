"""Volunteers for an activity after it was posted: wanted, more or fewer of them, no longer wanted. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select

from center.activities.models import Activity, Session
from center.kernel.db import db, lock
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.signups import messages, news, places, rosters
from center.signups.changing.rescheduling import keep_distance
from center.signups.history import note, note_roster
from center.signups.models import LIVE, Audience, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import RosterChange, SignUpChange
from center.signups.posting.capacity import change_capacity, expect_fewer
from center.signups.posting.people import people_of
from center.signups.queries import on_roster
from center.signups.roster_state import hold
from center.signups.rosters import PoolFacts, RosterFacts
from center.signups.rules import Shut, shut_because


def volunteers_of(activity: Activity) -> Sequence[Roster]:
    """The rosters on which volunteers sign up now, in the order of their ids."""
    return [roster for roster in _all_of(activity) if roster.removed_at is None]


def count_signed(rosters_: Sequence[Roster]) -> int:
    """How many volunteers are signed up on these rosters."""
    ids = [roster.id for roster in rosters_]
    query = select(func.count()).select_from(SignUp).where(SignUp.roster_id.in_(ids), SignUp.state.in_(LIVE))
    return db.session.scalar(query) or 0


def want(activity: Activity, number: int, *, by: Person, now: datetime) -> None:
    """Let so many volunteers be wanted: for all of an activity, or for each coming date where people sign up by date.

    Raises TooFewPlaces where more have signed up than that, and RuleBroken where the rooms do not hold them.
    """
    lock(activity)
    if number < 1:
        raise RuleBroken(_l("Please write a number of at least 1."), field="volunteers")
    known = {roster.session_id: roster for roster in _all_of(activity)}
    dates = _dates(activity, now)
    if not dates:
        raise RuleBroken(_l("There is no coming date for which somebody could sign up."), field="volunteers")
    for date in sorted(dates, key=lambda each: _id(known.get(each.id if each else None))):
        roster = known.get(date.id if date else None) or _make(activity, date, by=by, now=now)
        if roster.removed_at is not None:
            hold(roster)
            roster.removed_at = None
            db.session.flush()
            keep_distance(hold(roster), by=by, now=now)
            note_roster(roster, RosterChange.WANTED_AGAIN, {}, by=by, now=now)
        [pool] = [pool for pool in roster.pools if pool.kind is PoolKind.GENERAL]
        change_capacity(pool, number, by=by, now=now)


def stop(activity: Activity, *, reason: str, by: Person, now: datetime) -> int:
    """Let nobody be wanted any more: who signed up is told why; says how many. Twice is once.

    Whoever helped at a date that is over is on its list for good.
    """
    lock(activity)
    ended, were = 0, people_of(activity).number
    for roster in volunteers_of(activity):
        roster_state, told = hold(roster), on_roster(roster, *LIVE)
        if shut_because(roster_state.window, now=now, as_staff=True) is Shut.OVER:
            continue
        for sign_up in told:
            if not reason:
                raise RuleBroken(_l("Please say why. They will read it."), field="reason")
            pool = places.leave(sign_up, SignUpState.CANCELLED, pools=roster_state.pools, now=now)
            note(sign_up, SignUpChange.CANCELLED, by=by, now=now, pool=pool, reason=reason)
        office = messages.organisation_of(roster)
        messages.tell_together(told, news.CANCELLED_BY_STAFF, now=now, reason=reason, office=office)
        ended += len(told)
        roster.removed_at = now
        note_roster(roster, RosterChange.REMOVED, {}, by=by, now=now)
    db.session.flush()
    expect_fewer(activity, were)
    return ended


def _make(activity: Activity, date: Session | None, *, by: Person, now: datetime) -> Roster:
    none_yet = [PoolFacts(kind=PoolKind.GENERAL, capacity=0)]
    roster = rosters.make_roster(activity, RosterFacts(), none_yet, by=by, session=date, audience=Audience.VOLUNTEERS)
    note_roster(roster, RosterChange.WANTED_AGAIN, {}, by=by, now=now)
    return roster


def _dates(activity: Activity, now: datetime) -> list[Session | None]:
    """For what there is to be a roster: None is all of the activity."""
    others = list(_all_of(activity)) or [
        each for each in rosters.rosters_of(activity) if each.audience is Audience.PARTICIPANTS
    ]
    coming = [each for each in activity.sessions if each.is_scheduled and each.ends_at > now]
    if not coming:
        return []
    return list(coming) if any(each.session_id is not None for each in others) else [None]


def _id(roster: Roster | None) -> float:
    """Rosters are held in the order of their ids; those still to be made come last."""
    return roster.id if roster else float("inf")


def _all_of(activity: Activity) -> Sequence[Roster]:
    query = select(Roster).where(Roster.activity_id == activity.id, Roster.audience == Audience.VOLUNTEERS)
    return db.session.scalars(query.order_by(Roster.id).execution_options(populate_existing=True)).all()
