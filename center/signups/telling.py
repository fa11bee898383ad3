"""How people who signed up would be told of a change, and how far the telling of an activity's changes has come."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, String, and_, cast, literal, or_, select, union_all
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session
from center.kernel.db import db
from center.notices import telling
from center.notices.kinds import Kind
from center.notices.telling import HowTold, Stands, Told
from center.signups import news
from center.signups.message_facts import readers_of
from center.signups.models import LIVE, Roster, SignUp

MOST_CHANGES = 10


def how_told(sign_ups: Iterable[SignUp], kind: Kind, *, now: datetime) -> HowTold:
    """How news of these sign-ups would be told."""
    return telling.how_told((reader, kind) for _each, found in readers_of(list(sign_ups), now=now) for reader in found)


def how_told_of_change(
    activity: Activity, session: Session | None = None, kind: Kind = news.CALLED_OFF, *, now: datetime
) -> HowTold:
    """How a change of an activity, or of one of its sessions, would be told to those who come or wait."""
    which = Roster.activity_id == activity.id
    if session is not None:
        which = and_(which, or_(Roster.session_id.is_(None), Roster.session_id == session.id))
    return how_told(_live(which), kind, now=now)


def how_told_of_rosters(rosters: Iterable[Roster], kind: Kind, *, now: datetime) -> HowTold:
    """How news of everybody on some rosters would be told."""
    return how_told(_live(Roster.id.in_([each.id for each in rosters])), kind, now=now)


def _live(which: ColumnElement[bool]) -> Sequence[SignUp]:
    query = select(SignUp).join(SignUp.roster).where(which, SignUp.state.in_(LIVE))
    query = query.options(joinedload(SignUp.person), joinedload(SignUp.signed_by))
    return db.session.scalars(query.order_by(SignUp.id)).all()


def told_of(activity: Activity) -> Sequence[Told]:
    """How far the telling of the latest changes has come; news for one person alone only while it waits."""
    of_sign_up = literal("sign_up:", String) + SignUp.reference
    whole = select(of_sign_up).join(SignUp.roster).where(Roster.activity_id == activity.id)
    of_sessions = (
        select(of_sign_up + literal(":", String) + cast(Session.id, String))
        .join(SignUp.roster)
        .join(Session, Session.activity_id == Roster.activity_id)
        .where(Roster.activity_id == activity.id)
    )
    changes = telling.told_about(union_all(whole, of_sessions))
    worth = [each for each in changes if len(each.lines) > 1 or not each.count(Stands.TOLD)]
    return worth[:MOST_CHANGES]
