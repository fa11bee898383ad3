"""What whoever leads an activity does about one sign-up, with a reason: removes it, or moves it to another date.

Called inside one `transaction()`; never commits.
"""

from collections.abc import Sequence
from datetime import datetime

from center.kernel.errors import Conflict, Full, RuleBroken
from center.kernel.i18n import format_span
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person
from center.signups import messages, news
from center.signups.actions import sign_up as sign_up_anew
from center.signups.cancelling import cancel
from center.signups.models import Audience, Channel, Roster, SignUp, SignUpState
from center.signups.queries import live_sign_ups
from center.signups.roster_state import hold, hold_sign_up, read
from center.signups.rosters import rosters_of
from center.signups.sign_up_request import PlaceRequest, SignUpRequest


def remove(sign_up: SignUp, *, reason: str, by: Person, now: datetime) -> None:
    """Take somebody off a roster; the place goes to the next. Twice is once. Raises RuleBroken without a reason."""
    _refuse_without(reason)
    office = messages.organisation_of(sign_up.roster)
    cancel(sign_up, by=by, now=now, reason=reason, as_staff=True, channel=Channel.DESK, office=office)


def move(sign_up: SignUp, to: Roster, *, reason: str, by: Person, now: datetime) -> SignUp | None:
    """Give somebody a place on another roster of the activity instead of theirs; None where that is done already.

    They are told once: that they were moved, when it is now, and why.

    Both are held, in the order of their ids. Raises Full where there is no place there, Refused with what else keeps
    them from it, Conflict where they gave their place up meanwhile, RuleBroken where there is no reason or it is no
    other date of this activity.
    """
    _refuse_without(reason)
    for each in sorted({sign_up.roster, to}, key=lambda roster: roster.id):
        hold(each)
    hold_sign_up(sign_up)
    if sign_up.state is SignUpState.CANCELLED:
        if live_sign_ups([to.id], [sign_up.person_id]):
            return None
        raise Conflict(_l("This sign-up has changed meanwhile. Please look at it again."))
    if to not in other_dates(sign_up, now=now):
        raise RuleBroken(_l("Please choose another date of this activity."), field="to")
    [made] = sign_up_anew(to, _wanted(sign_up, to), by=by, as_staff=True, now=now, tells=False).sign_ups
    if made.state is not SignUpState.CONFIRMED:
        raise Full(_l("There are not enough places left."), field="to")
    ahead = read(to).next_session(now)
    assert ahead is not None
    cancel(
        sign_up, by=by, now=now, reason=reason, as_staff=True, channel=Channel.DESK, kind=news.MOVED_BY_LEAD,
        to=lambda: format_span(ahead.starts_at, ahead.ends_at), reference=made.reference, leads_to=made,
    )  # fmt: skip
    return made


def other_dates(sign_up: SignUp, *, now: datetime) -> Sequence[Roster]:
    """To which rosters of the same activity somebody could be moved, the soonest first."""
    found = [
        (start, each)
        for each in rosters_of(sign_up.roster.activity)
        if each.audience is Audience.PARTICIPANTS and each.id != sign_up.roster_id and each.removed_at is None
        if (start := read(each).next_start(now)) is not None
    ]
    return [each for _start, each in sorted(found, key=lambda pair: (pair[0], pair[1].id))]


def _wanted(sign_up: SignUp, to: Roster) -> SignUpRequest:
    wanted = PlaceRequest(
        person_id=sign_up.person_id,
        uses_wheelchair=sign_up.uses_wheelchair,
        wants_companion=sign_up.wants_companion,
        wants_pick_up=sign_up.wants_pick_up,
        has_access_need=sign_up.has_access_need,
        note=sign_up.note,
    )
    key = f"move-{sign_up.id}-{to.id}"
    return SignUpRequest(places=[wanted], request_key=key, channel=Channel.DESK, may_wait=False)


def _refuse_without(reason: str) -> None:
    if not reason.strip():
        raise RuleBroken(_l("Please write down why."), field="reason")
