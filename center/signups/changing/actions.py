"""Changing how a roster gives its places, once people rely on it. Called inside a transaction; never commits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select

from center.kernel.db import db
from center.kernel.errors import Conflict, DomainError, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Kind
from center.notices.telling import HowTold
from center.people.models import Person
from center.signups import messages, news, places, rosters
from center.signups.changing import rules
from center.signups.changing.words import FIELD_OF, WHY_NOT
from center.signups.groups import units_in
from center.signups.history import note, note_roster
from center.signups.messages import how_told
from center.signups.models import HOLDING, LIVE, Mode, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import RosterChange, SignUpChange
from center.signups.offers import settle_due
from center.signups.queries import is_drawn, on_roster
from center.signups.refusals import gate_breaches, refuse_once_over
from center.signups.roster_state import RosterState, hold, read, who_waits
from center.signups.rosters import RosterFacts, facts_of
from center.signups.rules import assignment, gates_of, may_release

CHANGED = _l("This sign-up has been changed meanwhile. Please look at it again.")


@dataclass(frozen=True, kw_only=True)
class ChangeEffects:
    """What a change would do: what is different, what forbids it, what follows from it."""

    changed: dict[str, tuple[Any, Any]]
    obstacles: Sequence[rules.Obstacle]
    consequences: Sequence[tuple[rules.Consequence, int]]


def look(roster: Roster, after: RosterFacts, *, now: datetime) -> ChangeEffects:
    """What changing the roster like this would do; changes nothing."""
    return _look(read(roster), after, now=now)


def change(roster: Roster, after: RosterFacts, *, seen: str, by: Person, now: datetime) -> None:
    """Change when and how places are given; who has one keeps it. Twice is once.

    `seen` is the stamp of what was shown. Raises Conflict where somebody changed it since, and RuleBroken with
    everything that forbids it.
    """
    roster_state = hold(roster)
    settle_due(roster_state, now=now)
    before = facts_of(roster)
    if before == after:
        return
    if rules.seats_the_asking(before, after):
        refuse_once_over(roster_state.window, now=now)
    if rules.stamp_of(before) != seen:
        raise Conflict(CHANGED)
    found = _look(roster_state, after, now=now)
    broken_rules(refusals(found, after))
    rosters.edit_roster(roster, after, by=by, now=now)
    if rules.seats_the_asking(before, after):
        _seat_in_order(read(roster), by=by, now=now)
    note_roster(roster, RosterChange.EDITED, found.changed, by=by, now=now)


def told_of(roster: Roster, after: RosterFacts, *, now: datetime) -> HowTold:
    """How those are told for whom a change decides at once: who asked, and gets a place or waits for one."""
    decides = rules.seats_the_asking(facts_of(roster), after)
    asking = on_roster(roster, SignUpState.REQUESTED) if decides else []
    return how_told(asking, news.APPROVED, now=now)


def refusals(effects: ChangeEffects, after: RosterFacts) -> list[DomainError]:
    """Everything that forbids a change, in words."""
    found: list[DomainError] = [
        RuleBroken(WHY_NOT[each], field=FIELD_OF.get(each, "mode")) for each in effects.obstacles
    ]
    return [*rosters.faults(after), *found]


def _look(roster_state: RosterState, after: RosterFacts, *, now: datetime) -> ChangeEffects:
    before = facts_of(roster_state.roster)
    now_is = roster_counts(roster_state, after, now=now)
    return ChangeEffects(
        changed=rules.changes(before, after),
        obstacles=rules.obstacles(before, after, now_is, now=now),
        consequences=rules.consequences(before, after, now_is, now=now),
    )


def roster_counts(roster_state: RosterState, after: RosterFacts, *, now: datetime) -> rules.RosterCounts:
    """How many people a change concerns, by how they stand."""
    roster = roster_state.roster
    query = select(SignUp.state, func.count()).where(SignUp.roster_id == roster.id, SignUp.state.in_(LIVE))
    counts = {row[0]: row[1] for row in db.session.execute(query.group_by(SignUp.state))}
    return rules.RosterCounts(
        with_place=sum(counts.get(state, 0) for state in HOLDING),
        waiting=counts.get(SignUpState.WAITING, 0),
        asking=counts.get(SignUpState.REQUESTED, 0),
        offered=counts.get(SignUpState.OFFERED, 0),
        left=sum(pool.left for pool in roster_state.pools if pool.kind not in {PoolKind.COMPANION, PoolKind.NAMED}),
        kept_unused=sum(pool.left for pool in roster_state.pools if may_release(pool)),
        outside=_outside(roster_state, after, now=now),
        starts_at=roster_state.starts_at,
        is_drawn=is_drawn(roster),
        is_released=roster.released_at is not None,
    )


def _outside(roster_state: RosterState, after: RosterFacts, *, now: datetime) -> int:
    """How many of those on the roster the changed gates would keep out."""
    members_only = after.members_of_id is not None or after.mode is Mode.MEMBERS_ONLY
    gates = gates_of(after, members_only=members_only)
    if gates == roster_state.gates:
        return 0
    who = (who_waits(each, roster_state, now=now) for each in on_roster(roster_state.roster, *LIVE))
    return sum(bool(gate_breaches(gates, each)) for each in who)


def _seat_in_order(roster_state: RosterState, *, by: Person, now: datetime) -> None:
    """Places for those who asked, in the order they came; who finds none waits."""
    asking = units_in(roster_state.roster, SignUpState.REQUESTED)
    beside = roster_state.beside
    told: list[tuple[SignUp, Kind]] = []
    for unit in asking:
        usable = [roster_state.pools_for(who_waits(each, roster_state, now=now)) for each in unit]
        picked = assignment(usable, [each.wants_companion for each in unit], beside, together=True)
        for sign_up, pool in zip(unit, picked, strict=True):
            if pool is not None:
                places.seat_picked(sign_up, SignUpState.CONFIRMED, pool, beside=beside, now=now)
                note(sign_up, SignUpChange.CONFIRMED, by=by, now=now)
                told.append((sign_up, news.APPROVED))
                continue
            if not roster_state.roster.has_waiting_list:
                raise RuleBroken(WHY_NOT[rules.Obstacle.NO_PLACE_FOR_ALL], field="has_waiting_list")
            places.leave(sign_up, SignUpState.WAITING, pools=roster_state.pools, now=now)
            note(sign_up, SignUpChange.QUEUED, by=by, now=now)
            told.append((sign_up, news.WAITS_NOW))
    for kind in (news.APPROVED, news.WAITS_NOW):
        messages.tell_together([each for each, its in told if its is kind], kind, now=now)
