"""How many places somebody may take now, what is kept for others behind that, and who comes before them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, func, select

from center.kernel.db import db
from center.people import households
from center.people.models import Building, Person
from center.signups.models import Channel, Pool, PoolKind, SignUp, SignUpGroup, SignUpState
from center.signups.queries import count_on
from center.signups.roster_state import RosterState, who_is, who_of_row
from center.signups.rules import Who, blocked_by, never_fits, pools_for

FOR_A_HOME = frozenset({PoolKind.BUILDING, PoolKind.GRID})


@dataclass(frozen=True)
class KeptPlaces:
    """Free places that are kept for somebody else than whoever looks."""

    kind: PoolKind
    left: int
    name: str = ""
    name_en: str = ""


@dataclass(frozen=True, kw_only=True)
class Left:
    """How the places of a roster stand for whoever looks. Companion seats are not counted."""

    roster_id: int
    capacity: int
    taken: int
    mine: int  # so many may whoever looks have now
    free: int  # so many would be theirs if nobody waited
    kept: tuple[KeptPlaces, ...] = ()
    unproved: tuple[KeptPlaces, ...] = ()  # those of them that are kept for where whoever looks says they live
    waiting: int = 0
    has_waiting_list: bool = True
    is_known: bool = False  # whoever looks is known, so that what is kept for others is for others

    @property
    def must_wait(self) -> bool:
        """Whether signing up now leads to the queue, as far as it is known who looks; nobody knows of a wheelchair."""
        may_be_theirs = (each for each in self.kept if not self.is_known or each.kind is PoolKind.WHEELCHAIR)
        return self.mine < 1 and not any(may_be_theirs)


def left_on(
    roster_states: Mapping[int, RosterState],
    *,
    now: datetime,
    person: Person | None = None,
    channel: Channel = Channel.ONLINE,
) -> dict[int, Left]:
    """How the places of these rosters stand for a person, or for anybody, in two queries however many there are."""
    waiting = count_on(roster_states, SignUpState.WAITING)
    visitors = {
        key: who_is(person, each, channel=channel, is_member=False, now=now)
        if person
        else Who(age=None, channel=channel)
        for key, each in roster_states.items()
    }
    asked = [key for key, each in roster_states.items() if waiting.get(key) and _free(each, visitors[key])]
    before = _who_wait(asked, roster_states, now=now)
    return {
        key: _left(each, visitors[key], before.get(key, ()), waiting.get(key, 0), person=person)
        for key, each in roster_states.items()
    }


def unproved_of(person: Person, roster_state: RosterState) -> tuple[KeptPlaces, ...]:
    """Free places that are kept for where somebody says they live, until the desk has verified their door."""
    building = person.building
    if building is None or roster_state.is_released or households.is_verified(person):
        return ()
    says = Who(age=None, building_id=building.id, grid_id=building.grid_id)
    return tuple(
        _kept(each) for each in pools_for(roster_state.pools, says) if each.kind in FOR_A_HOME and each.left > 0
    )


def _free(roster_state: RosterState, who: Who) -> int:
    return sum(pool.left for pool in roster_state.pools_for(who))


def _left(roster_state: RosterState, who: Who, before: Sequence[Who], waiting: int, *, person: Person | None) -> Left:
    usable = roster_state.pools_for(who)
    blocked = blocked_by(before, roster_state.pools, is_released=roster_state.is_released)
    others = [pool for pool in roster_state.places if pool not in usable and pool.left > 0]
    return Left(
        roster_id=roster_state.roster.id,
        capacity=roster_state.most,
        taken=sum(pool.taken for pool in roster_state.places),
        mine=sum(pool.left for pool in usable if pool.id not in blocked),
        free=_free(roster_state, who),
        kept=tuple(map(_kept, others)),
        unproved=unproved_of(person, roster_state) if person else (),
        waiting=waiting,
        has_waiting_list=roster_state.roster.has_waiting_list,
        is_known=person is not None,
    )


def _kept(pool: Pool) -> KeptPlaces:
    return KeptPlaces(pool.kind, pool.left, pool.name, pool.name_en)


def _who_wait(ids: Collection[int], roster_states: Mapping[int, RosterState], *, now: datetime) -> dict[int, list[Who]]:
    """Who waits on these rosters and can ever have a place, people who are alike once."""
    if not ids:
        return {}
    together = case((SignUpGroup.stays_together, SignUp.group_id))
    alike = (
        SignUp.roster_id, Person.birth_year, Building.id.label("building_id"), Building.grid_id, SignUp.uses_wheelchair,
        SignUp.wants_companion, SignUp.channel, together.label("together"),
    )  # fmt: skip
    query = (
        select(*alike, func.count().label("people"))
        .select_from(SignUp)
        .join(SignUp.group)
        .join(SignUp.person)
        .outerjoin(Building, households.is_building_of())
        .where(SignUp.roster_id.in_(sorted(ids)), SignUp.state == SignUpState.WAITING)
        .group_by(*alike[:-1], together)
    )
    rows = db.session.execute(query).all()
    found = defaultdict[int, list[Who]](list)
    in_vain = _in_vain(rows, roster_states)
    for row in rows:
        if row.together is None or row.together not in in_vain:
            found[row.roster_id].append(who_of_row(row, roster_states[row.roster_id].year(now)))
    return found


def _in_vain(rows: Iterable[Any], roster_states: Mapping[int, RosterState]) -> set[int]:
    """The groups that are more than there are places."""
    groups: dict[int, tuple[int, int, int]] = {}
    for row in rows:
        if row.together is not None:
            _roster, people, companions = groups.get(row.together, (row.roster_id, 0, 0))
            with_companion = row.people if row.wants_companion else 0
            groups[row.together] = (row.roster_id, people + row.people, companions + with_companion)
    return {
        group
        for group, (roster_id, people, companions) in groups.items()
        if never_fits(roster_states[roster_id].pools, people=people, companions=companions)
    }
