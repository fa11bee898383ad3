"""How a roster stands: read for a page, or held still for a change."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from typing import Any

from sqlalchemy import bindparam, inspect, select
from sqlalchemy.orm import joinedload, lazyload
from sqlalchemy.orm.attributes import set_committed_value

from center.activities.known_activities import known_activity_by_id
from center.activities.models import Activity, Session
from center.kernel.db import GONE, db
from center.kernel.errors import NotFound
from center.kernel.i18n import local_date
from center.organisations.models import Membership
from center.people import households
from center.people.acting import Ground
from center.people.models import Person
from center.rooms.known_rooms import detached
from center.signups.models import Channel, Mode, Pool, PoolKind, Question, Roster, SignUp
from center.signups.rules import (
    Gates,
    Who,
    Window,
    age_in,
    cancel_deadline,
    companion_pools,
    gates_of,
    most_places,
    pools_for,
)
from center.signups.sign_up_request import PlaceRequest


@dataclass(frozen=True, kw_only=True)
class RosterState:
    """A roster with its activity, the sessions it is for (not the cancelled ones) and its pools."""

    roster: Roster
    activity: Activity
    sessions: Sequence[Session]
    pools: Sequence[Pool]

    @property
    def starts_at(self) -> datetime | None:
        """When the first session starts; None when all are called off."""
        return self.sessions[0].starts_at if self.sessions else None

    @property
    def ends_at(self) -> datetime | None:
        """When the last of its dates is over; None where it has none."""
        return max(session.ends_at for session in self.sessions) if self.sessions else None

    def next_session(self, now: datetime) -> Session | None:
        """The next session that has not started yet."""
        return next((session for session in self.sessions if session.starts_at > now), None)

    def next_start(self, now: datetime) -> datetime | None:
        """When the next session starts that has not started yet."""
        session = self.next_session(now)
        return session.starts_at if session else None

    def cancel_deadline(self, now: datetime) -> datetime | None:
        """Until when one may cancel without a word to the lead; None once nothing is ahead."""
        session, minutes = self.next_session(now), self.roster.cancel_minutes
        if session is None:
            return None
        return cancel_deadline(session.starts_at, cancel_minutes=minutes, moved_at=session.moved_at)

    @property
    def window(self) -> Window:
        """What decides whether one can sign up now."""
        return Window(
            mode=self.roster.mode,
            opens_at=self.roster.opens_at,
            closes_at=self.roster.closes_at,
            starts_at=self.starts_at,
            ends_at=self.ends_at,
            activity=self.activity.state,
        )

    @property
    def gates(self) -> Gates:
        """What decides who can sign up."""
        return gates_of(self.roster, members_only=self.members_of_id is not None)

    @property
    def members_of_id(self) -> int | None:
        """The organisation whose members it is for, where it is for members."""
        if self.roster.members_of_id is not None:
            return self.roster.members_of_id
        return self.activity.organisation_id if self.roster.mode is Mode.MEMBERS_ONLY else None

    @property
    def general(self) -> Pool:
        """The pool for everybody, which every roster has."""
        return next(pool for pool in self.pools if pool.kind is PoolKind.GENERAL)

    @property
    def places(self) -> list[Pool]:
        """All pools but the seats beside somebody."""
        return [pool for pool in self.pools if pool.kind is not PoolKind.COMPANION]

    @property
    def beside(self) -> list[Pool]:
        """Where seats beside somebody are."""
        return companion_pools(self.pools)

    @property
    def most(self) -> int:
        """How many places there are in all, taken or not."""
        return most_places(self.pools)

    @property
    def is_released(self) -> bool:
        """Whether what was kept for some is everybody's."""
        return self.roster.released_at is not None

    def pools_for(self, who: Who) -> list[Pool]:
        """The pools that may give this person a place, in the order in which they are tried."""
        return pools_for(self.pools, who, is_released=self.is_released)

    def year(self, now: datetime) -> int:
        """The year in which ages are counted."""
        return local_date(self.starts_at or now).year


def _asked(table: type[Any], column: Any) -> Any:
    """What is read of a roster, as it stands now."""
    return select(table).where(column == bindparam("id")).execution_options(populate_existing=True)


@cache
def _held() -> Any:
    """Made once, as those below, since whoever signs up asks them all twice."""
    return _asked(Roster, Roster.id).options(lazyload("*")).with_for_update(key_share=True)


@cache
def _activity() -> Any:
    return _asked(Activity, Activity.id).options(joinedload(Activity.organisation))


@cache
def _sessions(*, of_all: bool) -> Any:
    column = Session.activity_id if of_all else Session.id
    return _asked(Session, column).order_by(Session.starts_at, Session.id)


@cache
def _questions() -> Any:
    asked = select(*Question.__table__.c).where(Question.roster_id == bindparam("id"))
    return asked.order_by(Question.position, Question.id)


@cache
def _pools() -> Any:
    query = select(Pool).where(Pool.roster_id.in_(bindparam("ids", expanding=True)))
    return query.order_by(Pool.position, Pool.id).execution_options(populate_existing=True)


def hold(roster: Roster) -> RosterState:
    """Hold a roster until the transaction ends, and read all that its rules need anew.

    Whoever changes places holds the roster first, so that everybody comes in an order. Held one at a time, or in the
    order of their ids; nothing of an activity is locked after it.
    """
    _hold(roster)
    return read(roster)


def _hold(roster: Roster) -> None:
    [roster_id] = inspect(roster).identity or ()
    if db.session.scalars(_held(), {"id": roster_id}).one_or_none() is None:
        raise NotFound(GONE)


@contextmanager
def held_to_judge(roster: Roster) -> Iterator[RosterState]:
    """Like `hold` of a roster whose activity is shown and judged only: it is not read again while nobody changes it."""
    _hold(roster)
    db.session.info.pop("known", None)  # what was read before it was held
    try:
        yield judge(roster, known_activity_by_id(roster.activity_id))
    finally:
        db.session.expire(roster, ["activity", "session", "questions"])


def judge(roster: Roster, activity: Activity) -> RosterState:
    """How a roster of a known activity stands now, in two queries."""
    set_committed_value(roster, "activity", activity)
    set_committed_value(roster, "session", next((s for s in activity.sessions if s.id == roster.session_id), None))
    asked = db.session.connection().execute(_questions(), {"id": roster.id})
    set_committed_value(roster, "questions", [detached(Question, each) for each in asked])
    return read_all(activity, [roster])[roster.id]


def hold_sign_up(sign_up: SignUp) -> RosterState:
    """Hold the roster of a sign-up, and read the sign-up anew."""
    roster_state = hold(sign_up.roster)
    db.session.refresh(sign_up)
    return roster_state


def read(roster: Roster) -> RosterState:
    """How a roster stands now, in three queries."""
    activity = db.session.scalars(_activity(), {"id": roster.activity_id}).one()
    of_all = roster.session_id is None
    asked = {"id": roster.activity_id if of_all else roster.session_id}
    read_now = db.session.scalars(_sessions(of_all=of_all), asked).all()
    if roster.session_id is None:
        set_committed_value(activity, "sessions", list(read_now))  # they are all of them
    return RosterState(
        roster=roster,
        activity=activity,
        sessions=[each for each in read_now if each.cancelled_at is None and not roster.removed_at],
        pools=db.session.scalars(_pools(), {"ids": [roster.id]}).all(),
    )


def read_all(activity: Activity, rosters: Sequence[Roster]) -> dict[int, RosterState]:
    """How all these rosters of an activity that was read whole stand, by their ids, in one query."""
    pools = _pools_of(rosters)
    return {roster.id: _state(roster, activity, pools[roster.id]) for roster in rosters}


def read_each(rosters: Mapping[Session, Roster]) -> dict[int, RosterState]:
    """How rosters of several activities that were read with their sessions stand, in one query."""
    pools = _pools_of(rosters.values())
    return {roster.id: _state(roster, session.activity, pools[roster.id]) for session, roster in rosters.items()}


def _state(roster: Roster, activity: Activity, pools: Sequence[Pool]) -> RosterState:
    theirs = (each for each in activity.sessions if roster.session_id in {None, each.id} and not roster.removed_at)
    live = [each for each in theirs if each.cancelled_at is None]
    return RosterState(roster=roster, activity=activity, sessions=live, pools=pools)


def _pools_of(rosters: Iterable[Roster]) -> dict[int, list[Pool]]:
    found: dict[int, list[Pool]] = {roster.id: [] for roster in rosters}
    for pool in db.session.scalars(_pools(), {"ids": sorted(found)}):
        found[pool.roster_id].append(pool)
    return found


def who_is(
    person: Person,
    roster_state: RosterState,
    asked: PlaceRequest | SignUp | None = None,
    *,
    ground: Ground = Ground.SELF,
    channel: Channel = Channel.ONLINE,
    now: datetime,
    is_member: bool | None = None,
    pool_id: int | None = None,
) -> Who:
    """What the rules need to know of somebody who wants a place, and of what was asked for them, if that is known.

    Where somebody lives counts only by a door that the desk verified. `is_member` is read where it is not known.
    """
    if is_member is None:
        is_member = _is_member(person.id, roster_state.members_of_id, on=local_date(now))
    building = households.building_of(person)
    return Who(
        age=age_in(roster_state.year(now), person.birth_year),
        is_resident=households.is_verified(person),
        is_member=is_member,
        building_id=building.id if building else None,
        grid_id=building.grid_id if building else None,
        ground=ground,
        channel=channel,
        uses_wheelchair=asked is not None and asked.uses_wheelchair,
        wants_companion=asked is not None and asked.wants_companion,
        has_access_need=asked is not None and asked.has_access_need,
        pool_id=pool_id,
    )


def who_waits(sign_up: SignUp, roster_state: RosterState, *, now: datetime) -> Who:
    """The same of somebody who has signed up already."""
    ground, channel = sign_up.ground, sign_up.channel
    return who_is(sign_up.person, roster_state, sign_up, ground=ground, channel=channel, now=now)


def who_of_row(row: Any, year: int) -> Who:
    """The same of a row with the columns that decide which pools somebody may have."""
    names = ("building_id", "grid_id", "channel", "uses_wheelchair", "wants_companion")
    return Who(age=age_in(year, row.birth_year), **{name: getattr(row, name) for name in names})


def _is_member(person_id: int, organisation_id: int | None, *, on: date) -> bool:
    if organisation_id is None:
        return False
    current = (Membership.starts_on <= on) & (Membership.ends_on.is_(None) | (Membership.ends_on >= on))
    whose = Membership.person_id == person_id, Membership.organisation_id == organisation_id
    return db.session.scalar(select(Membership.id).where(*whose, current).limit(1)) is not None
