"""Doing without a place, or waiting no longer. Called inside one `transaction()`; never commits."""

from datetime import datetime
from typing import Any

from center.kernel.errors import RuleBroken
from center.kernel.i18n import format_moment
from center.kernel.i18n import lazy_gettext as _l
from center.notices.kinds import Kind
from center.people.models import Person
from center.signups import messages, news, places
from center.signups.history import note
from center.signups.models import Channel, SignUp, SignUpState
from center.signups.models.history import SignUpChange
from center.signups.offers import offer_held, settle_due
from center.signups.roster_state import RosterState, hold_sign_up


def cancel(
    sign_up: SignUp,
    *,
    by: Person,
    now: datetime,
    reason: str = "",
    as_staff: bool = False,
    channel: Channel = Channel.ONLINE,
    kind: Kind = news.CANCELLED_BY_STAFF,
    **facts: Any,
) -> None:
    """Do without a place or stop waiting; the place goes to the next. Twice is once.

    After the deadline it takes a word to the lead (`reason`). Raises RuleBroken once it has begun. Where others do it
    (`as_staff`), `kind` and `facts` say what the person is told: by default that it was the desk.
    """
    roster_state = hold_sign_up(sign_up)
    if sign_up.state is SignUpState.CANCELLED:
        return
    is_late = _refuse_late_cancelling(sign_up, roster_state, reason, as_staff=as_staff, now=now)
    pool = places.leave(sign_up, SignUpState.CANCELLED, pools=roster_state.pools, now=now)
    note(sign_up, SignUpChange.CANCELLED, by=by, now=now, channel=channel, pool=pool, reason=reason)
    if as_staff:
        said: dict[str, Any] = facts or {"office": messages.desk}
        messages.tell(sign_up, kind, now=now, reason=reason, **said)
    else:
        thanks = messages.thanks_for_place if pool else ""
        messages.tell(sign_up, news.CANCELLED, by=by, now=now, reason=reason, thanks=thanks)
    if is_late and not as_staff:
        messages.tell(sign_up, news.CANCELLED_LATE, now=now, reason=reason)
    settle_due(roster_state, now=now)
    offer_held(roster_state, now=now)


def _refuse_late_cancelling(
    sign_up: SignUp, roster_state: RosterState, reason: str, *, as_staff: bool, now: datetime
) -> bool:
    """Whether it is after the deadline; raises RuleBroken where it is too late altogether or wants a word."""
    deadline = roster_state.cancel_deadline(now)
    if deadline is None and not (as_staff and roster_state.ends_at is not None and roster_state.ends_at > now):
        raise RuleBroken(_l("It has begun already, so it can no longer be cancelled here."))
    if deadline is None or sign_up.state is not SignUpState.CONFIRMED:
        return False
    if now > deadline and not as_staff and not reason:
        words = _l(
            "It could be cancelled without a word until %(deadline)s. Please write a line to those who prepare it.",
            deadline=format_moment(deadline),
        )
        raise RuleBroken(words, field="reason")
    return now > deadline
