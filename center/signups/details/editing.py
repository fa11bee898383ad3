"""A sign-up changed later: its needs and answers, and a group that parts. Never commits."""

from datetime import datetime

from center.kernel.db import db
from center.kernel.errors import Conflict, DomainError, Full, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sealed import refuse_unless_seen
from center.people.models import Person
from center.signups import places, rules
from center.signups.answers import facts_of_form, keep_answers, refusals_of_answers
from center.signups.groups import each_unit_in
from center.signups.history import note
from center.signups.models import Channel, SignUp, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.offers import blocked_pools, offer_held, settle_due
from center.signups.refusals import Gate, gate_breaches, gate_refusal
from center.signups.roster_state import RosterState, hold, hold_sign_up, who_is
from center.signups.rules import Who
from center.signups.sign_up_request import PlaceRequest, Refused

NAMES = ("uses_wheelchair", "wants_companion", "wants_pick_up", "has_access_need", "note")
EDITABLE = frozenset({SignUpState.CONFIRMED, SignUpState.REQUESTED, SignUpState.WAITING})


def change_details(
    sign_up: SignUp,
    wanted: PlaceRequest,
    *,
    by: Person,
    now: datetime,
    channel: Channel = Channel.ONLINE,
    seen: str | None = None,
) -> None:
    """Want something else, or answer anew. Who has a place gets the seats for it now, or keeps what they have.

    Nobody loses their place in the queue by it. Raises Refused, and Full where no such seat is free.
    """
    roster_state = hold_sign_up(sign_up)
    settle_due(roster_state, now=now)
    if sign_up.state not in EDITABLE or roster_state.next_start(now) is None:
        raise Conflict(_l("This can no longer be changed here. Please ask the desk."))
    refuse_unless_seen(seen, lambda: facts_of_form(roster_state))
    who = who_is(sign_up.person, roster_state, wanted, ground=sign_up.ground, channel=sign_up.channel, now=now)
    _refuse(sign_up, roster_state, wanted, who)
    before = _said(sign_up)
    if sign_up.state is SignUpState.CONFIRMED:
        _reseat(sign_up, roster_state, wanted, who, now=now)
    for name in NAMES:
        setattr(sign_up, name, getattr(wanted, name))
    keep_answers(sign_up, wanted.answers)
    if _said(sign_up) == before:
        return
    sign_up.changed_at = now
    note(sign_up, SignUpChange.EDITED, by=by, now=now, channel=channel)
    offer_held(roster_state, now=now)  # a seat may have become free


def part(sign_up: SignUp, *, by: Person, now: datetime) -> None:
    """Let those who were to stay together have places one by one; all keep their number in the queue. Twice is once."""
    roster_state = hold(sign_up.roster)
    group = sign_up.group
    db.session.refresh(group)
    if not group.stays_together:
        return
    group.stays_together = False
    for each in group.sign_ups:
        if each.is_live:
            note(each, SignUpChange.EDITED, by=by, now=now)
    db.session.flush()
    settle_due(roster_state, now=now)
    offer_held(roster_state, now=now)


def _said(sign_up: SignUp) -> tuple[object, ...]:
    answers = sorted((each.question_id, each.says) for each in sign_up.answers)
    return (*(getattr(sign_up, name) for name in NAMES), *answers)


def _refuse(sign_up: SignUp, roster_state: RosterState, wanted: PlaceRequest, who: Who) -> None:
    kept = gate_breaches(roster_state.gates, who)  # only what they say themselves may have changed
    errors: list[DomainError] = [gate_refusal(each) for each in kept if each.gate is Gate.ACCESS_NEED]
    errors += refusals_of_answers(roster_state, wanted, sign_up.person)
    if errors:
        raise Refused({sign_up.person_id: errors})


def _reseat(sign_up: SignUp, roster_state: RosterState, wanted: PlaceRequest, who: Who, *, now: datetime) -> None:
    if wanted.uses_wheelchair != sign_up.uses_wheelchair:
        _move(sign_up, roster_state, who, now=now)
    if wanted.wants_companion and sign_up.companion_pool_id is None:
        free = [] if somebody_waits_for_a_seat(roster_state) else roster_state.beside
        if not places.seat_companion(sign_up, beside=free):
            words = _l("No companion seat is free now. Please sign your companion up, or ask the desk.")
            raise Full(words, field="companion")
    elif not wanted.wants_companion and sign_up.companion_pool_id is not None:
        places.free_companion(sign_up, pools=roster_state.pools)


def _move(sign_up: SignUp, roster_state: RosterState, who: Who, *, now: datetime) -> None:
    """To a place made for them, else their own if it fits, else a free one for which nobody waits."""
    pools = roster_state.pools_for(who)
    blocked = blocked_pools(roster_state, pools, now=now, uses_wheelchair=who.uses_wheelchair)
    pools = sorted(pools, key=lambda pool: (not rules.needs(pool, who), pool.id != sign_up.pool_id))
    free = [pool for pool in pools if pool.id == sign_up.pool_id or pool.id not in blocked]
    if not places.move(sign_up, pools=free, all_pools=roster_state.pools):
        words = _l("No such place is free now, so yours stays as it is. Please ask the desk.")
        raise Full(words, field="wheelchair")


def somebody_waits_for_a_seat(roster_state: RosterState) -> bool:
    """Whether a free companion seat is somebody's who waits already."""
    return any(each.wants_companion for unit in each_unit_in(roster_state.roster, SignUpState.WAITING) for each in unit)


def refuse_unless_editable(sign_up: SignUp, roster_state: RosterState, *, now: datetime) -> None:
    """Raises RuleBroken where nothing of a sign-up can be changed any more."""
    if not may_edit(sign_up, roster_state, now=now):
        raise RuleBroken(_l("This can no longer be changed here. Please ask the desk."))


def may_edit(sign_up: SignUp, roster_state: RosterState, *, now: datetime) -> bool:
    """Whether needs and answers may still be changed."""
    return sign_up.state in EDITABLE and roster_state.next_start(now) is not None
