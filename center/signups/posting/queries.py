"""Ordered reads for those who post activities and run their rosters."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, select
from sqlalchemy.orm import joinedload, selectinload

from center.activities.models import Activity, ActivityState, Session
from center.activities.queries import whole_activity
from center.kernel.db import db, must_find
from center.kernel.i18n import lazy_gettext as _l
from center.signups.models import HOLDING, LIVE, Answer, Audience, Pool, Roster, SignUp
from center.signups.queries import Counts, counts_of, is_date_of_roster

MOST = 200
AHEAD = ("returned", "draft", "submitted", "published")


@dataclass(frozen=True)
class Row:
    """An activity in a list of the workspace."""

    activity: Activity
    next_session: Session | None
    left: Counts | None  # of all its places ahead together


@dataclass(frozen=True)
class Concerned:
    """How many people a change concerns."""

    with_place: int
    waiting: int

    @property
    def people(self) -> int:
        """How many people hear of a change."""
        return self.with_place + self.waiting


def workspace(organisation_id: int, *, now: datetime) -> dict[str, list[Row]]:
    """An organisation's activities by where they stand: what needs something first, then what is ahead, then past."""
    query = select(Activity).where(Activity.organisation_id == organisation_id).options(*whole_activity())
    found = db.session.scalars(query.order_by(Activity.changed_at.desc(), Activity.id.desc()).limit(MOST)).all()
    left = _left_by_activity([each.id for each in found])
    groups: dict[str, list[Row]] = {name: [] for name in (*AHEAD, "past")}
    for activity in found:
        ahead = [each for each in activity.sessions if each.is_scheduled and each.ends_at > now]
        is_past = activity.state in {ActivityState.CANCELLED, ActivityState.HELD} or (
            activity.state is ActivityState.PUBLISHED and not ahead
        )
        row = Row(activity, ahead[0] if ahead else None, left.get(activity.id))
        groups["past" if is_past else activity.state.value].append(row)
    groups["published"].sort(key=lambda row: (row.next_session.starts_at if row.next_session else now, row.activity.id))
    return groups


def _left_by_activity(activity_ids: Collection[int]) -> dict[int, Counts]:
    query = select(Roster.id, Roster.activity_id).where(
        Roster.activity_id.in_(sorted(activity_ids)), Roster.audience == Audience.PARTICIPANTS
    )
    owners = {row.id: row.activity_id for row in db.session.execute(query.order_by(Roster.id))}
    found: dict[int, Counts] = {}
    for roster_id, each in sorted(counts_of(owners).items()):
        activity_id = owners[roster_id]
        known = found.get(activity_id, Counts(0, 0, 0))
        found[activity_id] = Counts(
            known.capacity + each.capacity, known.taken + each.taken, known.waiting + each.waiting
        )
    return found


def concerned(activity: Activity, session: Session | None = None) -> Concerned:
    """How many sign-ups a change of an activity, or of one of its sessions, concerns."""
    with_place = case((SignUp.state.in_(HOLDING), 1), else_=0)
    query = (
        select(func.count(), func.coalesce(func.sum(with_place), 0))
        .join(Roster, Roster.id == SignUp.roster_id)
        .where(Roster.activity_id == activity.id, SignUp.state.in_(LIVE))
    )
    if session is not None:
        query = query.where(is_date_of_roster(session))
    all_of_them, seated = db.session.execute(query).one()
    return Concerned(seated, all_of_them - seated)


def roll_of(roster: Roster) -> Sequence[SignUp]:
    """Who counts on a roster, with what they answered: those to decide on first, then places, then the queue."""
    order = case({"requested": 0, "confirmed": 1, "offered": 1}, value=SignUp.state, else_=2)
    query = (
        select(SignUp)
        .where(SignUp.roster_id == roster.id, SignUp.state.in_(LIVE))
        .options(
            joinedload(SignUp.person),
            joinedload(SignUp.pool),
            selectinload(SignUp.answers).joinedload(Answer.question),
        )
    )
    return db.session.scalars(query.order_by(order, SignUp.queue_order, SignUp.id)).all()


def get_pool(pool_id: int) -> Pool:
    """The pool with this id, with its roster and activity; raises NotFound."""
    query = select(Pool).where(Pool.id == pool_id).options(joinedload(Pool.roster).joinedload(Roster.activity))
    return must_find(db.session.scalar(query), _l("There are no such places."))
