"""Undoing a sign-up that the desk has just made by mistake. Called inside one `transaction()`; never commits."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select

from center.kernel import undoing
from center.kernel.db import db
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.texts import register
from center.notices.withdrawing import withdraw
from center.people.acting import Ground
from center.people.models import Person
from center.signups import messages, news, places
from center.signups.history import note
from center.signups.models import LIVE, SignUp, SignUpState
from center.signups.models.history import SignUpChange, SignUpEvent
from center.signups.news.lottery import ENTERED
from center.signups.offers import offer_held, settle_due
from center.signups.queries import is_open_to_staff, whole_sign_up
from center.signups.roster_state import hold_sign_up

MISTAKE = "{desk.mistake}"
SAID = (news.CONFIRMED, news.QUEUED, news.REQUESTED, ENTERED)
MADE = (SignUpChange.CONFIRMED, SignUpChange.QUEUED, SignUpChange.REQUESTED)
register("desk", {"mistake": _l("The desk had made this sign-up by mistake.")})


def may_undo(sign_up: SignUp, *, by: Person, now: datetime) -> bool:
    """Whether this member of staff made it for somebody a moment ago, and can take it back as if it had never been."""
    is_theirs = sign_up.ground is Ground.STAFF and sign_up.signed_by_id == by.id
    return is_theirs and sign_up.is_live and undoing.may_undo(sign_up.made_at, now=now)


def undo(sign_up: SignUp, *, by: Person, now: datetime) -> None:
    """Take back a sign-up that was a mistake of the desk; the place goes to the next. Twice is once.

    Whoever has not heard of it hears nothing at all; whom it has reached is told that it does not stand. Raises
    RuleBroken after the ten minutes, Conflict where it is somebody else's, or has ended otherwise.
    """
    roster_state = hold_sign_up(sign_up)
    if sign_up.state is SignUpState.CANCELLED:
        return
    if sign_up.ground is not Ground.STAFF or sign_up.signed_by_id != by.id or not sign_up.is_live:
        raise Conflict(_l("This sign-up has changed meanwhile. Please look at it again."))
    if not undoing.may_undo(sign_up.made_at, now=now):
        raise RuleBroken(_l("It can be undone for ten minutes, and they have passed. It can still be cancelled."))
    pool = places.leave(sign_up, SignUpState.CANCELLED, pools=roster_state.pools, now=now, was_mistake=True)
    note(sign_up, SignUpChange.CANCELLED, by=by, now=now, channel=sign_up.channel, pool=pool, reason=MISTAKE)
    if reached := withdraw([messages.about(sign_up)], SAID, said_at=sign_up.made_at):
        kind, office = news.CANCELLED_BY_STAFF, messages.desk
        messages.tell_together([sign_up], kind, now=now, reason=MISTAKE, only=reached, office=office)
    settle_due(roster_state, now=now)
    offer_held(roster_state, now=now)


def just_made(by: Person, *, now: datetime, roster_id: int | None = None) -> Sequence[SignUp]:
    """Whom somebody signed up at the desk in the last ten minutes, on one roster or on any, the latest first.

    What was undone, or ended otherwise, is left out.
    """
    lately = select(SignUpEvent.sign_up_id).where(
        SignUpEvent.by_id == by.id, SignUpEvent.at > now - undoing.UNDONE_WITHIN, SignUpEvent.what.in_(MADE)
    )
    which = [SignUp.id.in_(lately), SignUp.signed_by_id == by.id, SignUp.state.in_(LIVE), is_open_to_staff()]
    if roster_id is not None:
        which.append(SignUp.roster_id == roster_id)
    query = select(SignUp).where(*which).options(*whole_sign_up()).order_by(SignUp.made_at.desc(), SignUp.id.desc())
    return [each for each in db.session.scalars(query).all() if may_undo(each, by=by, now=now)]
