"""How many places a roster has: more of them, fewer, or some kept for some of the people. Never commits.

The activity is held first, then its rosters. The rooms must hold all who may come.
"""

from collections.abc import Collection, Sequence
from dataclasses import asdict, replace
from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.orm import joinedload

from center.activities import actions
from center.activities.models import Activity
from center.kernel.db import db, lock
from center.kernel.errors import Conflict, RuleBroken, broken_rules
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.kernel.logs import log
from center.people.models import Person
from center.signups import messages, news, places
from center.signups.groups import tell_who_can_never_fit
from center.signups.history import note, note_roster
from center.signups.models import HOLDING, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import RosterChange, SignUpChange
from center.signups.offers import offer_held, settle_due
from center.signups.posting.people import RoomTooSmall, people_at, people_of
from center.signups.refusals import refuse_once_over
from center.signups.roster_state import hold
from center.signups.rosters import MOST_PLACES, ONE_OF_A_KIND, PoolFacts, faults_of_pools

BECOMES = {  # what may become of who gives a place back
    SignUpState.WAITING: (SignUpChange.QUEUED, news.MOVED_BACK),
    SignUpState.CANCELLED: (SignUpChange.CANCELLED, news.CANCELLED_BY_STAFF),
}


class TooFewPlaces(Conflict):
    """More people have a place than there would be."""

    def __init__(self, message: object, holders: Sequence[SignUp], *, field: str) -> None:
        super().__init__(message, field=field)
        self.holders = holders


def change_capacity(pool: Pool, capacity: int, *, by: Person, now: datetime) -> list[SignUp]:
    """Give a pool more or fewer places, as many as the rooms hold; more go to those who wait, who are returned.

    Raises TooFewPlaces, with those who have one, where more are taken already.
    """
    was, were = pool.capacity, people_of(pool.roster.activity).number
    _make_room_for(pool.roster, capacity - was, pool.kind, by=by, now=now)
    roster_state = hold(pool.roster)
    settle_due(roster_state, now=now)
    if not 0 <= capacity <= MOST_PLACES:
        raise RuleBroken(_l("Please write a number from 0 to %(most)s.", most=MOST_PLACES), field="capacity")
    if not places.set_capacity(pool, capacity):
        words = ngettext(
            "%(num)d place is taken. Cancel it first, or keep as many places.",
            "%(num)d places are taken. Cancel some first, or keep as many places.",
            pool.taken,
        )
        raise TooFewPlaces(words, holders_of(pool), field="capacity")
    tell_who_can_never_fit(roster_state, now=now)
    given = offer_held(roster_state, now=now)
    _note_capacity(pool, was, were, by=by, now=now)
    return given


def reduce_places(
    pool: Pool, capacity: int, *, back: Collection[int], to: SignUpState, reason: str, by: Person, now: datetime
) -> int:
    """Give a pool fewer places than are taken: those chosen wait again, or are cancelled; says how many.

    `back` are ids of sign-ups, exactly as many as are too many. Raises TooFewPlaces where there are more or fewer.
    """
    what, kind = BECOMES[to]
    lock(pool.roster.activity)
    was, were = pool.capacity, people_of(pool.roster.activity).number
    roster_state = hold(pool.roster)
    refuse_once_over(roster_state.window, now=now)
    settle_due(roster_state, now=now)
    chosen = _chosen(pool, max(0, pool.taken - capacity), back)
    if chosen and not reason:
        raise RuleBroken(_l("Please say why. They will read it."), field="reason")
    for sign_up in chosen:
        left = places.leave(sign_up, to, pools=roster_state.pools, now=now)
        note(sign_up, what, by=by, now=now, pool=left, reason=reason)
    if not places.set_capacity(pool, capacity):
        raise Conflict(_l("The places have changed meanwhile. Please look at them again."))
    office = messages.organisation_of(roster_state.roster)
    messages.tell_together(chosen, kind, now=now, reason=reason, office=office)  # once all have their number
    tell_who_can_never_fit(roster_state, now=now)
    _note_capacity(pool, was, were, by=by, now=now)
    return len(chosen)


def add_pool(roster: Roster, facts: PoolFacts, *, by: Person, now: datetime, from_general: bool = False) -> Pool:
    """Places for some of the people: more, as many as the rooms hold, or some of those for everybody.

    Whoever waits for such places gets them.
    """
    if from_general:
        lock(roster.activity)
        _take_from_general(roster, facts.capacity, now=now)
    else:
        _make_room_for(roster, facts.capacity, facts.kind, by=by, now=now)
    roster_state = hold(roster)
    broken_rules(faults_of_pools([facts]))
    if any(_is_for_the_same(pool, facts) for pool in roster_state.pools):
        raise Conflict(_l("There are places of this kind already. Change their number."), field="kind")
    pool = Pool(roster_id=roster.id, position=len(roster_state.pools) + 1, **asdict(facts))
    db.session.add(pool)
    db.session.flush()
    db.session.expire(roster, ["pools"])
    log.info("pool_added", pool=pool.id, roster=roster.id, by=by.id)
    offer_held(hold(roster), now=now)
    note_roster(roster, RosterChange.POOL_ADDED, {name_in_history(pool): (None, facts.capacity)}, by=by, now=now)
    return pool


def holders_of(pool: Pool) -> Sequence[SignUp]:
    """Who has a place of this pool, those who came last first."""
    query = (
        select(SignUp)
        .where(or_(SignUp.pool_id == pool.id, SignUp.companion_pool_id == pool.id), SignUp.state.in_(HOLDING))
        .options(joinedload(SignUp.person))
    )
    return db.session.scalars(query.order_by(SignUp.queue_order.desc(), SignUp.id.desc())).all()


def name_in_history(pool: Pool) -> str:
    """What the history of a roster calls a pool: its own name, else its kind."""
    return pool.name or f"pool.{pool.kind.value}"


def expect_fewer(activity: Activity, were: int) -> None:
    """Let the rooms of an activity hold fewer people, where what they must hold `were` all who might come."""
    if activity.expected == were:
        activity.expected = min(were, people_of(activity).number)
        db.session.flush()


def _chosen(pool: Pool, too_many: int, back: Collection[int]) -> list[SignUp]:
    """Who gives a place back, by the ids of their sign-ups."""
    holders = holders_of(pool)
    chosen = [each for each in holders if each.id in back]
    if len(chosen) != len(set(back)):
        raise Conflict(_l("Somebody you chose has no place here any more. Please look at the list again."))
    if len(chosen) != too_many:
        words = ngettext("Please choose %(num)d person.", "Please choose %(num)d people.", too_many)
        raise TooFewPlaces(words, holders, field="back")
    return chosen


def _note_capacity(pool: Pool, was: int, were: int, *, by: Person, now: datetime) -> None:
    """Write down that a pool has another number of places, and let the rooms hold fewer people if they may."""
    expect_fewer(pool.roster.activity, were)
    if pool.capacity != was:
        change = {name_in_history(pool): (was, pool.capacity)}
        note_roster(pool.roster, RosterChange.CAPACITY_CHANGED, change, by=by, now=now)
        log.info("capacity_changed", pool=pool.id, capacity=pool.capacity, by=by.id)


def _take_from_general(roster: Roster, number: int, *, now: datetime) -> None:
    roster_state = hold(roster)
    settle_due(roster_state, now=now)
    general = roster_state.general
    if general.left < number or not places.set_capacity(general, general.capacity - number):
        words = _l(
            "Only %(left)s of the places for everybody are free. Choose fewer, or add them on top.", left=general.left
        )
        raise RuleBroken(words, field="capacity")


def _make_room_for(roster: Roster, more: int, kind: PoolKind, *, by: Person, now: datetime) -> None:
    """Before more people may come: do the rooms hold them? The activity is held first, then its rosters."""
    activity = roster.activity
    lock(activity)
    if more <= 0:
        return
    people = people_at(roster).with_more(more, roster.audience, kind)
    for session in roster.sessions:
        if session.is_scheduled and session.ends_at > now and session.room and session.room.capacity < people.number:
            raise RoomTooSmall(session, session.room, people)
    if people.number > activity.expected:
        actions.edit(activity, replace(actions.facts_of(activity), expected=people.number), by=by, now=now)


def _is_for_the_same(pool: Pool, facts: PoolFacts) -> bool:
    """Whether there are such places already."""
    if pool.kind is not facts.kind:
        return False
    if facts.kind in ONE_OF_A_KIND:
        return True
    return (pool.building_id, pool.grid_id, pool.name) == (facts.building_id, facts.grid_id, facts.name)
