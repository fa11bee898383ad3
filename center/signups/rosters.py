"""Rosters: made, changed, and given places."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, Session
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, DomainError, NotFound, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log
from center.people.models import Person
from center.signups.lottery.actions import prepare
from center.signups.models import (
    Audience,
    Mode,
    Pool,
    PoolKind,
    Roster,
)
from center.signups.offers import settle_due
from center.signups.roster_state import hold

MOST_PLACES = 5_000
ONE_OF_A_KIND = frozenset({PoolKind.COMPANION, PoolKind.DESK, PoolKind.ELDERS, PoolKind.GENERAL, PoolKind.WHEELCHAIR})


@dataclass(frozen=True, kw_only=True)
class RosterFacts:
    """How a roster gives its places and whom it is for."""

    mode: Mode = Mode.FIRST_COME
    opens_at: datetime | None = None
    closes_at: datetime | None = None
    cancel_minutes: int = 1440
    release_minutes: int = 1440
    offer_minutes: int = 720
    has_waiting_list: bool = True
    min_age: int | None = None
    max_age: int | None = None
    guardian_below: int | None = None
    residents_only: bool = False
    access_need_only: bool = False
    members_of_id: int | None = None


@dataclass(frozen=True, kw_only=True)
class PoolFacts:
    """Some places, and whom they are kept for."""

    kind: PoolKind
    capacity: int
    name: str = ""
    name_en: str = ""
    building_id: int | None = None
    grid_id: int | None = None


def facts_of(roster: Roster) -> RosterFacts:
    """How a roster gives its places now."""
    return RosterFacts(**{name: getattr(roster, name) for name in RosterFacts.__dataclass_fields__})


def make_roster(
    activity: Activity,
    facts: RosterFacts,
    pools: Sequence[PoolFacts],
    *,
    by: Person,
    session: Session | None = None,
    audience: Audience = Audience.PARTICIPANTS,
) -> Roster:
    """The places of a whole activity, or of one session. There is always a general pool, of no places if need be.

    An activity has rosters for all of it or for single sessions, not both, so that nobody needs two places.
    """
    lock(activity)
    broken_rules([*faults(facts), *faults_of_pools(pools)])
    if session is not None and session.activity_id != activity.id:
        raise NotFound(_l("There is no such session."))
    others = [each for each in rosters_of(activity) if each.audience is audience]
    same = [each for each in others if session is None or each.session_id in {None, session.id}]
    if same:
        raise Conflict(_l("There is a roster for this already."))
    roster = Roster(
        activity_id=activity.id,
        session_id=session.id if session else None,
        audience=audience,
        first_at=_first_date(activity, session),
        **asdict(facts),
    )
    db.session.add(roster)
    db.session.flush()
    if not any(pool.kind is PoolKind.GENERAL for pool in pools):
        pools = [*pools, PoolFacts(kind=PoolKind.GENERAL, capacity=0)]
    for position, pool in enumerate(pools, start=1):
        db.session.add(Pool(roster_id=roster.id, position=position, **asdict(pool)))
    db.session.flush()
    if roster.mode is Mode.LOTTERY:
        prepare(roster)
    log.info("roster_made", roster=roster.id, activity=activity.id, by=by.id)
    return roster


def edit_roster(roster: Roster, facts: RosterFacts, *, by: Person, now: datetime) -> None:
    """Change when and how places are given; who has one keeps it."""
    roster_state = hold(roster)
    broken_rules(faults(facts))
    for name, value in asdict(facts).items():
        setattr(roster, name, value)
    db.session.flush()
    if roster.mode is Mode.LOTTERY:
        prepare(roster)
    settle_due(roster_state, now=now)
    log.info("roster_edited", roster=roster.id, by=by.id)


def rosters_of(activity: Activity) -> Sequence[Roster]:
    """An activity's rosters: for all of it first, then by session; participants before volunteers."""
    query = (
        select(Roster)
        .outerjoin(Roster.session)
        .where(Roster.activity_id == activity.id, Roster.removed_at.is_(None))
        .options(joinedload(Roster.session))
        .order_by(Roster.audience, Roster.session_id.is_not(None), Session.starts_at, Roster.id)
    )
    return db.session.scalars(query).all()


def _first_date(activity: Activity, session: Session | None) -> datetime | None:
    """From which date the times of a roster are counted."""
    dates = [session] if session else [each for each in activity.sessions if each.cancelled_at is None]
    return min((each.starts_at for each in dates), default=None)


def faults(facts: RosterFacts) -> list[DomainError]:
    """What is wrong with how a roster is to give its places."""
    faults: list[DomainError] = []
    if facts.opens_at and facts.closes_at and facts.closes_at <= facts.opens_at:
        faults.append(RuleBroken(_l("Sign-up must close after it opens."), field="closes_at"))
    if facts.min_age is not None and facts.max_age is not None and facts.max_age < facts.min_age:
        faults.append(RuleBroken(_l("The upper age is below the lower one."), field="max_age"))
    if facts.mode is Mode.LOTTERY and facts.closes_at is None:
        faults.append(RuleBroken(_l("A lottery is drawn when sign-up closes. Please say when."), field="closes_at"))
    if min(facts.cancel_minutes, facts.release_minutes) < 0 or facts.offer_minutes < 1:
        faults.append(RuleBroken(_l("Please write a number of at least 1."), field="offer_minutes"))
    return faults


def faults_of_pools(pools: Sequence[PoolFacts]) -> list[DomainError]:
    """What is wrong with some places."""
    faults: list[DomainError] = []
    kinds = [pool.kind for pool in pools]
    if any(kinds.count(kind) > 1 for kind in ONE_OF_A_KIND):
        faults.append(RuleBroken(_l("There are places of this kind already. Change their number."), field="kind"))
    for pool in pools:
        if not 0 <= pool.capacity <= MOST_PLACES:
            words = _l("Please write a number from 0 to %(most)s.", most=MOST_PLACES)
            faults.append(RuleBroken(words, field="capacity"))
        if (pool.kind is PoolKind.BUILDING) != (pool.building_id is not None):
            faults.append(RuleBroken(_l("Please choose the building."), field="building_id"))
        if (pool.kind is PoolKind.GRID) != (pool.grid_id is not None):
            faults.append(RuleBroken(_l("Please choose the grid."), field="grid_id"))
        if pool.kind is PoolKind.NAMED and not pool.name.strip():
            faults.append(RuleBroken(_l("Please give these places a name."), field="name"))
    return faults
