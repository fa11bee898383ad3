"""Places for those who have just signed up, as far as there are any that nobody waits for. Never commits."""

from collections.abc import Sequence
from datetime import datetime

from center.kernel.errors import Full
from center.kernel.i18n import lazy_gettext as _l
from center.signups import gates, places, rules
from center.signups.answer_rules import is_divided
from center.signups.models import Pool, SignUp, SignUpState
from center.signups.offers import blocked_pools
from center.signups.roster_state import RosterState
from center.signups.sign_up_request import Divided, SignUpRequest


def seat_some(
    roster_state: RosterState,
    sign_ups: Sequence[SignUp],
    who: Sequence[gates.Who],
    request: SignUpRequest,
    *,
    now: datetime,
) -> None:
    """A place for those for whom there is one, in the order of the form; the others wait.

    Places that somebody waits for already are theirs, even while they are free.
    """
    fitting = [roster_state.pools_for(each) for each in who]
    picked = _pick(roster_state, fitting, who, request, now=now)
    if request.asks_first and is_divided(picked):
        raise _divided(roster_state, request, picked)
    if None in picked and not (request.may_wait and roster_state.roster.has_waiting_list):
        raise Full(_l("There are not enough places left."))
    _seat_picked(roster_state, sign_ups, picked, now=now)


def seat_at_desk(
    roster_state: RosterState,
    sign_ups: Sequence[SignUp],
    who: Sequence[gates.Who],
    request: SignUpRequest,
    *,
    now: datetime,
) -> None:
    """Where a lead chooses, the desk gives only what is kept for it; for the others it has asked the lead."""
    fitting = [rules.pools_of_desk(roster_state.pools, each) for each in who]
    _seat_picked(roster_state, sign_ups, _pick(roster_state, fitting, who, request, now=now), now=now)


def _pick(
    roster_state: RosterState,
    fitting: Sequence[Sequence[Pool]],
    who: Sequence[gates.Who],
    request: SignUpRequest,
    *,
    now: datetime,
) -> list[Pool | None]:
    """The pool that gives each of them a place, of those that fit and for which nobody waits."""
    free = [pool for pools in fitting for pool in pools if pool.left]
    blocked = {
        seated: blocked_pools(roster_state, free, now=now, uses_wheelchair=seated)
        for seated in sorted({each.uses_wheelchair for each in who})
    }
    usable = [
        [pool for pool in pools if pool.id not in blocked[each.uses_wheelchair]]
        for each, pools in zip(who, fitting, strict=True)
    ]
    wants = [each.wants_companion for each in who]
    beside = rules.companion_pools(roster_state.pools)
    return rules.assignment(usable, wants, beside, together=request.stays_together)


def _seat_picked(
    roster_state: RosterState, sign_ups: Sequence[SignUp], picked: Sequence[Pool | None], *, now: datetime
) -> None:
    beside = rules.companion_pools(roster_state.pools)
    for each, pool in zip(sign_ups, picked, strict=True):
        if pool is not None:
            seat(each, [pool], beside, now=now)


def _divided(roster_state: RosterState, request: SignUpRequest, picked: Sequence[Pool | None]) -> Divided:
    companions = sum(wanted.wants_companion for wanted in request.places)
    never_fits = rules.never_fits(roster_state.pools, people=len(request.places), companions=companions)
    pairs = list(zip(request.places, picked, strict=True))
    return Divided(
        seated=[wanted.person_id for wanted, pool in pairs if pool is not None],
        others=[wanted.person_id for wanted, pool in pairs if pool is None],
        fit_together=not never_fits,
    )


def seat(sign_up: SignUp, pools: Sequence[Pool], beside: Sequence[Pool], *, now: datetime) -> None:
    """A place in the first of these pools that has one; raises Full where none has."""
    companions = beside if sign_up.wants_companion else None
    if not places.seat(sign_up, SignUpState.CONFIRMED, pools=pools, beside=companions, now=now):
        raise Full(_l("No place is left. Add places, or decline somebody first."), field="capacity")
