"""Freed places go to those who wait: offered in strict order, held while they think, given outright near the start.

A group that stays together waits for as many places as it is. Nobody behind it takes a place it could use, unless there
are fewer places in all than the group needs.
"""

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from functools import cache, partial

from sqlalchemy import ColumnElement, Select, bindparam, select

from center.kernel.db import db
from center.kernel.errors import Conflict
from center.kernel.i18n import centre_zone, format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_seen
from center.kernel.waking import after_waking, is_waking
from center.people.models import Person
from center.signups import messages, news, places
from center.signups.answers import facts_of_date
from center.signups.deciding import overdue
from center.signups.groups import Unit, can_never_fit, each_unit_in, group_never_fits
from center.signups.history import note
from center.signups.lottery.actions import draw_if_due
from center.signups.models import Channel, Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.queries import awaits_draw, in_order, who_all_wait
from center.signups.refusals import refuse_once_over
from center.signups.roster_state import RosterState, hold_sign_up, read, who_waits
from center.signups.rules import (
    assignment,
    blocked_by,
    goes_directly,
    has_expired,
    may_release,
    shut_because,
)


class OfferOver(Conflict):
    """The offer ran out, or was answered before."""


# Asked before somebody answers an offer: other parts raise a DomainError where it is not theirs to say.
guards: list[Callable[[SignUp, Person, datetime], None]] = []


def offer_held(roster_state: RosterState, *, now: datetime) -> list[SignUp]:
    """Offer what is free to those who wait, in order; returns whom. Does nothing at night: the morning does."""
    given: list[SignUp] = []
    for unit, picked in _seatable(roster_state, now=now):
        _seat_unit(unit, picked, roster_state, now=now)
        given += unit
    return given


def is_offerable(roster: Roster, *, now: datetime) -> bool:
    """Whether somebody who waits would be offered a place now; free places that are kept for others are none."""
    return any(True for _unit in _seatable(read(roster), now=now))


def blocked_pools(
    roster_state: RosterState, among: Collection[Pool], *, now: datetime, uses_wheelchair: bool = False
) -> set[int]:
    """Those of these pools whose free places are somebody's who waits already: nobody who comes now may have them.

    Whoever uses a wheelchair stands behind nobody at the wheelchair places but those who use one, too. The queue is
    read no further than it takes: in a rush it is long, and is asked about for everybody who comes.
    """
    asked, blocked = {pool.id for pool in among}, set[int]()
    if uses_wheelchair and asked and not _somebody_in_a_wheelchair_waits(roster_state.roster):
        asked -= {pool.id for pool in _wheelchair_pools(roster_state)}
    if not asked:
        return blocked
    too_many = cache(partial(group_never_fits, roster_state))
    with closing(who_all_wait(roster_state, now=now)) as waiting:
        for who, group_id in waiting:
            if group_id is not None and too_many(group_id):
                continue
            blocked |= asked & blocked_by([who], roster_state.pools, is_released=roster_state.is_released)
            if blocked == asked:
                break
    return blocked


def accept_offer(
    sign_up: SignUp, *, by: Person, now: datetime, channel: Channel = Channel.ONLINE, seen: str | None = None
) -> None:
    """Take the place that was offered, with the whole group where it stays together; twice is once.

    Raises OfferOver when it ran out, even by a moment and whether or not it was tidied away.
    """
    check_answer(sign_up, by, now=now)
    roster_state = hold_sign_up(sign_up)
    if sign_up.state is SignUpState.CONFIRMED:
        return
    _refuse_if_over(sign_up, roster_state, now=now)
    refuse_unless_seen(seen, lambda: facts_of_date(roster_state))
    together = _same_offer(sign_up)
    for each in together:
        places.confirm(each, now=now)
        note(each, SignUpChange.OFFER_ACCEPTED, by=by, now=now, channel=channel)
    messages.tell_together(together, news.CONFIRMED, by=by, now=now)


def turn_down(sign_up: SignUp, *, by: Person, now: datetime, channel: Channel = Channel.ONLINE) -> None:
    """Do without the offered place; it goes to the next. Twice is once."""
    check_answer(sign_up, by, now=now)
    roster_state = hold_sign_up(sign_up)
    if sign_up.state is SignUpState.TURNED_DOWN:
        return
    if sign_up.state is not SignUpState.OFFERED:
        _refuse_if_over(sign_up, roster_state, now=now)
    pool = places.leave(sign_up, SignUpState.TURNED_DOWN, pools=roster_state.pools, now=now)
    note(sign_up, SignUpChange.OFFER_TURNED_DOWN, by=by, now=now, channel=channel, pool=pool)
    offer_held(roster_state, now=now)


def check_answer(sign_up: SignUp, who: Person, *, now: datetime) -> None:
    """Raises where it is not for this person to answer what is offered: who does it, or on whose word it is done."""
    for guard in guards:
        guard(sign_up, who, now)


def settle_due(roster_state: RosterState, *, now: datetime, may_have_run_out: bool = True) -> None:
    """What time alone has changed: a draw, offers that ran out, kept places for all; then the next offers.

    Every path calls it before it looks for a place, so nothing depends on when a sweep comes by. Who has asked whether
    offers ran out says so.
    """
    mode = roster_state.roster.mode
    drawn = mode is Mode.LOTTERY and draw_if_due(roster_state, by=None, now=now)
    expired = may_have_run_out and expire_offers(roster_state, now=now)
    if mode is Mode.APPROVAL:
        _end_overdue(roster_state, now=now)
    released = release_if_due(roster_state, now=now)
    if drawn or expired or released:
        offer_held(roster_state, now=now)


def expire_offers(roster_state: RosterState, *, now: datetime) -> int:
    """Let offers that nobody answered in time end; returns how many."""
    expired = db.session.scalars(_expired(), {"roster_id": roster_state.roster.id, "now": now}).all()
    for sign_up in expired:
        assert has_expired(sign_up.state, sign_up.offer_expires_at, now=now)
        pool = places.leave(sign_up, SignUpState.EXPIRED, pools=roster_state.pools, now=now)
        note(sign_up, SignUpChange.OFFER_EXPIRED, by=None, now=now, pool=pool)
    _tell_of_each_offer(expired, now=now)
    return len(expired)


@cache
def _expired() -> Select[SignUp]:
    """Made once, since whoever changes places asks it first."""
    ran_out = SignUp.offer_expires_at <= bindparam("now")
    return in_order(bindparam("roster_id"), SignUpState.OFFERED, which=[ran_out])


def release_if_due(roster_state: RosterState, *, now: datetime) -> int:
    """Let everybody have the unused kept places at their time before the start; returns how many.

    Each pool keeps its number: that is the plan, and a wheelchair place stays one for whoever needs it.
    """
    roster, starts_at = roster_state.roster, roster_state.starts_at
    if roster.released_at is not None or starts_at is None or not any(map(may_release, roster_state.pools)):
        return 0
    if (starts_at - now).total_seconds() > roster.release_minutes * 60 or awaits_draw(roster):
        return 0
    roster.released_at = now
    return sum(pool.left for pool in roster_state.pools if may_release(pool))


def _seatable(roster_state: RosterState, *, now: datetime) -> Iterator[tuple[Unit, list[Pool]]]:
    """Who of those who wait gets places now, in order, and from which pools: for every one of a unit, or for none.

    Whoever gives out places seats each unit before asking for the next.
    """
    if not is_waking(now, centre_zone()) or shut_because(roster_state.window, now=now, as_staff=True):
        return
    if not any(pool.left for pool in roster_state.pools):
        return
    yield from _seatable_in_wheelchairs(roster_state)
    blocked: set[int] = set()
    made_for = _still_made_for_others(roster_state)
    beside = roster_state.beside
    for unit in each_unit_in(roster_state.roster, SignUpState.WAITING):
        if not any(pool.left and pool.id not in blocked for pool in roster_state.places):
            return
        if can_never_fit(unit, roster_state):
            continue
        usable = [roster_state.pools_for(who_waits(each, roster_state, now=now)) for each in unit]
        free = [
            [pool for pool in pools if pool.id not in blocked and (each.uses_wheelchair or pool.id not in made_for)]
            for each, pools in zip(unit, usable, strict=True)
        ]
        wants = [each.wants_companion for each in unit]
        picked = assignment(free, wants, beside, together=True)
        if seats := [pool for pool in picked if pool is not None]:
            yield unit, seats
        elif None not in assignment(free, [False] * len(unit), (), together=True):
            beside = []  # only seats for companions are wanting: the places are not kept from those behind
        else:
            blocked |= {pool.id for pools in usable for pool in pools}


def _seatable_in_wheelchairs(roster_state: RosterState) -> Iterator[tuple[Unit, list[Pool]]]:
    """Those who use a wheelchair come first at the wheelchair places, wherever they are in the queue."""
    made_for = _wheelchair_pools(roster_state)
    if not any(pool.left for pool in made_for):
        return
    for unit in each_unit_in(roster_state.roster, SignUpState.WAITING, SignUp.uses_wheelchair.is_(True)):
        if not all(each.uses_wheelchair for each in unit):
            continue  # the others of them need places for everybody, and wait their turn
        wants = [each.wants_companion for each in unit]
        picked = assignment([made_for] * len(unit), wants, roster_state.beside, together=True)
        if seats := [pool for pool in picked if pool is not None]:
            yield unit, seats


def _still_made_for_others(roster_state: RosterState) -> set[int]:
    """Released wheelchair places are nobody else's while somebody in a wheelchair waits."""
    free = {pool.id for pool in _wheelchair_pools(roster_state) if pool.left}
    return free if roster_state.is_released and free and _somebody_in_a_wheelchair_waits(roster_state.roster) else set()


def _wheelchair_pools(roster_state: RosterState) -> list[Pool]:
    return [pool for pool in roster_state.pools if pool.kind is PoolKind.WHEELCHAIR]


def _somebody_in_a_wheelchair_waits(roster: Roster) -> bool:
    query = select(SignUp.id).where(
        SignUp.roster_id == roster.id, SignUp.state == SignUpState.WAITING, SignUp.uses_wheelchair.is_(True)
    )
    return db.session.scalar(query.limit(1)) is not None


def _seat_unit(unit: Unit, picked: Sequence[Pool], roster_state: RosterState, *, now: datetime) -> None:
    starts_at = roster_state.next_start(now)
    expires_at = after_waking(now, timedelta(minutes=roster_state.roster.offer_minutes), centre_zone())
    is_near = starts_at is None or goes_directly(expires_at, starts_at=starts_at)
    is_direct = is_near and not roster_state.activity.is_confined  # of a child a guardian is asked in any case
    to = SignUpState.CONFIRMED if is_direct else SignUpState.OFFERED
    for sign_up, pool in zip(unit, picked, strict=True):
        if not is_direct:
            sign_up.offered_at, sign_up.offer_expires_at = now, expires_at
        places.seat_picked(sign_up, to, pool, beside=roster_state.beside, now=now)
        note(sign_up, SignUpChange.PROMOTED if is_direct else SignUpChange.OFFERED, by=None, now=now)
    messages.tell_together(unit, news.PROMOTED if is_direct else news.OFFERED, now=now)


def _tell_of_each_offer(expired: Sequence[SignUp], *, now: datetime) -> None:
    """Those whose offer was one hear of it together."""
    for expires_at in dict.fromkeys(each.offer_expires_at for each in expired):
        same = [each for each in expired if each.offer_expires_at == expires_at]
        messages.tell_together(same, news.OFFER_EXPIRED, now=now)


def _end_overdue(roster_state: RosterState, *, now: datetime) -> None:
    """Let requests end that nobody decided in time."""
    ended = overdue(roster_state, now=now)
    for sign_up in ended:
        places.leave(sign_up, SignUpState.EXPIRED, pools=roster_state.pools, now=now)
        note(sign_up, SignUpChange.OFFER_EXPIRED, by=None, now=now)
    messages.tell_together(ended, news.REQUEST_EXPIRED, now=now)


def _offered(roster: Roster, *which: ColumnElement[bool]) -> Sequence[SignUp]:
    return db.session.scalars(in_order(roster.id, SignUpState.OFFERED, which=which)).all()


def _same_offer(sign_up: SignUp) -> Sequence[SignUp]:
    """Those who were offered places together."""
    if not sign_up.group.stays_together:
        return [sign_up]
    return _offered(sign_up.roster, SignUp.group_id == sign_up.group_id)


def _refuse_if_over(sign_up: SignUp, roster_state: RosterState, *, now: datetime) -> None:
    if has_expired(sign_up.state, sign_up.offer_expires_at, now=now):
        assert sign_up.offer_expires_at is not None
        words = _l(
            "This offer ran out on %(when)s, and the place goes to the next. You can queue again.",
            when=format_moment(sign_up.offer_expires_at),
        )
        raise OfferOver(words)
    if sign_up.state is not SignUpState.OFFERED:
        raise OfferOver(_l("This place is no longer on offer. Please look at your sign-up."))
    refuse_once_over(roster_state.window, now=now)
