"""Fewer places than are taken: who gives theirs back, and giving places that have a name of their own."""

from collections.abc import Collection
from datetime import datetime

from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import ngettext
from center.kernel.logs import log
from center.people.models import Person
from center.signups import messages, news, places
from center.signups.groups import tell_who_can_never_fit
from center.signups.history import note
from center.signups.models import Pool, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.offers import settle_due
from center.signups.refusals import refuse_once_over
from center.signups.roster_state import hold
from center.signups.rosters import TooFewPlaces, holders_of

WAYS = (SignUpState.WAITING, SignUpState.CANCELLED)  # what may become of who gives a place back
BECOMES = {
    SignUpState.WAITING: (SignUpChange.QUEUED, news.MOVED_BACK),
    SignUpState.CANCELLED: (SignUpChange.CANCELLED, news.CANCELLED_BY_STAFF),
}


def cut(
    pool: Pool, capacity: int, *, back: Collection[int], to: SignUpState, reason: str, by: Person, now: datetime
) -> int:
    """Let a pool have fewer places than are taken: those chosen wait again, or are cancelled; says how many.

    `back` are ids of sign-ups, exactly as many as are too many. Raises TooFewPlaces where there are more or fewer.
    """
    assert to in WAYS
    roster_state = hold(pool.roster)
    refuse_once_over(roster_state.window, now=now)
    settle_due(roster_state, now=now)
    too_many = pool.taken - capacity
    holders = holders_of(pool)
    chosen = [each for each in holders if each.id in back]
    if len(chosen) != len(set(back)):
        raise Conflict(_l("Somebody you chose has no place here any more. Please look at the list again."))
    if len(chosen) != max(0, too_many):
        words = ngettext("Please choose %(num)d person.", "Please choose %(num)d people.", max(0, too_many))
        raise TooFewPlaces(words, holders, field="back")
    if chosen and not reason:
        raise RuleBroken(_l("Please say why. They will read it."), field="reason")
    what, kind = BECOMES[to]
    for sign_up in chosen:
        left = places.leave(sign_up, to, pools=roster_state.pools, now=now)
        note(sign_up, what, by=by, now=now, pool=left, reason=reason)
    if not places.set_capacity(pool, capacity):
        raise Conflict(_l("The places have changed meanwhile. Please look at them again."))
    office = messages.organisation_of(roster_state.roster)
    messages.tell_together(chosen, kind, now=now, reason=reason, office=office)  # once all have their number
    tell_who_can_never_fit(roster_state, now=now)
    log.info("capacity_cut", pool=pool.id, capacity=capacity, people=len(chosen), by=by.id)
    return len(chosen)
