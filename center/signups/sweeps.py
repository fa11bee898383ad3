"""What time changes on rosters: lotteries are drawn, offers run out, kept places and freed ones go to others."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Exists, exists, select, text
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, ActivityState, Session, SessionState
from center.kernel.db import db, transaction
from center.kernel.i18n import centre_zone
from center.kernel.sweeps import Sweep
from center.kernel.waking import is_waking
from center.signups.deciding import LONGEST_BEFORE, is_overdue
from center.signups.lottery.actions import tell_more
from center.signups.models import Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.lottery import Draw
from center.signups.offers import is_offerable, offer_held, settle_due
from center.signups.queries import is_date_of_roster
from center.signups.roster_state import hold

MOST = 50
LONGEST_RELEASE = timedelta(days=60)
LONGEST_AWAY = timedelta(days=7)  # for as long nobody may have swept


def _expired_offers(now: datetime) -> Sequence[int]:
    offered = text("sign_ups.state = 'offered'")  # spelt out: an index holds these alone
    query = select(SignUp.roster_id).where(offered, SignUp.offer_expires_at <= now)
    return db.session.scalars(query.distinct().order_by(SignUp.roster_id).limit(MOST)).all()


def _undecided(now: datetime) -> Sequence[int]:
    """Rosters with a request that nobody decided in time: looked for by the dates of these days."""
    of_these_days = select(Session.id, Session.activity_id).where(
        Session.state.in_((SessionState.SCHEDULED, SessionState.HELD)),
        Session.starts_at > now - LONGEST_AWAY,
        Session.starts_at <= now + LONGEST_BEFORE,
    )
    dates = db.session.execute(of_these_days).all()
    rosters = select(Roster.id).where(
        Roster.activity_id.in_(sorted({date.activity_id for date in dates})),
        Roster.session_id.is_(None) | Roster.session_id.in_(sorted(date.id for date in dates)),
        Roster.mode == Mode.APPROVAL,
    )
    ids = db.session.scalars(rosters).all() if dates else []
    if not ids:
        return []
    query = (
        select(SignUp)
        .where(SignUp.roster_id.in_(ids), SignUp.state == SignUpState.REQUESTED)
        .order_by(SignUp.roster_id, SignUp.id)
    )
    with_dates = joinedload(SignUp.roster).joinedload(Roster.activity).selectinload(Activity.sessions)
    found = db.session.scalars(query.options(with_dates)).all()
    return list(dict.fromkeys(each.roster_id for each in found if is_overdue(each, now=now)))[:MOST]


def _kept_places(now: datetime) -> Sequence[int]:
    """Rosters whose kept places are everybody's now; how long before the start is the roster's own."""
    query = (
        select(Roster.id, Roster.release_minutes, Session.starts_at)
        .join(Activity, Activity.id == Roster.activity_id)
        .join(Session, is_date_of_roster())
        .where(
            Activity.state == ActivityState.PUBLISHED,
            Roster.released_at.is_(None),
            (Roster.mode != Mode.LOTTERY) | _was_drawn(),
            Session.state == SessionState.SCHEDULED,
            Session.starts_at > now,
            Session.starts_at <= now + LONGEST_RELEASE,
            exists().where(Pool.roster_id == Roster.id, Pool.kind.not_in((PoolKind.GENERAL, PoolKind.COMPANION))),
        )
        .order_by(Roster.id, Session.starts_at)
    )
    rows = db.session.execute(query)
    due = (row.id for row in rows if row.starts_at - timedelta(minutes=row.release_minutes) <= now)
    return list(dict.fromkeys(due))[:MOST]


def _free_places(now: datetime) -> Sequence[int]:
    """Rosters with a free place that somebody who waits may have, whatever freed it."""
    if not is_waking(now, centre_zone()):
        return []
    waits = exists().where(SignUp.roster_id == Roster.id, SignUp.state == SignUpState.WAITING)
    has_free = exists().where(Pool.roster_id == Roster.id, Pool.taken < Pool.capacity)
    ahead = select(Session.activity_id).where(Session.state == SessionState.SCHEDULED, Session.ends_at > now)
    query = select(Roster).where(Roster.activity_id.in_(ahead), waits, has_free)
    rosters = db.session.scalars(query.order_by(Roster.id)).all()
    return [roster.id for roster in rosters if is_offerable(roster, now=now)][:MOST]


def _settle(roster_id: int, now: datetime) -> None:
    with transaction() as session:
        roster_state = hold(session.get_one(Roster, roster_id))
        settle_due(roster_state, now=now)
        offer_held(roster_state, now=now)


def _lotteries(now: datetime) -> Sequence[int]:
    """Lotteries whose sign-up has closed and that nobody has drawn."""
    ahead = exists().where(
        is_date_of_roster(),
        Session.state == SessionState.SCHEDULED,
        Session.ends_at > now,
    )
    query = (
        select(Roster.id)
        .join(Activity, Activity.id == Roster.activity_id)
        .where(
            Roster.mode == Mode.LOTTERY,
            Roster.closes_at <= now,
            Roster.removed_at.is_(None),
            Activity.state == ActivityState.PUBLISHED,
            ~_was_drawn(),
            ahead,
        )
    )
    return db.session.scalars(query.order_by(Roster.closes_at, Roster.id).limit(MOST)).all()


def _was_drawn() -> Exists:
    return exists().where(Draw.roster_id == Roster.id, Draw.drawn_at.is_not(None))


def _untold_draws(now: datetime) -> Sequence[int]:
    """Large draws of which not everybody has been told."""
    query = select(Draw.id).where(Draw.drawn_at.is_not(None), Draw.told_to < Draw.entries)
    return db.session.scalars(query.order_by(Draw.drawn_at, Draw.id).limit(MOST)).all()


def _tell_more(draw_id: int, now: datetime) -> None:
    """Tell them all, some in each transaction, so that nobody waits long for the roster."""
    was_somebody = True
    while was_somebody:
        with transaction() as session:
            was_somebody = tell_more(session.get_one(Draw, draw_id), now=now)


SWEEPS = (
    Sweep("lotteries_drawn", _lotteries, _settle),
    Sweep("draws_told", _untold_draws, _tell_more),
    Sweep("offers_expired", _expired_offers, _settle),
    Sweep("sign_up_requests_expire", _undecided, _settle),
    Sweep("kept_places_released", _kept_places, _settle),
    Sweep("places_offered", _free_places, _settle),
)
