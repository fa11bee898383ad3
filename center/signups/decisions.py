"""Deciding about whoever asked for a place or waits for one, and taking that back. Inside one `transaction()`.

A refusal passes the turn on at once: nobody behind waits a minute longer for a slip of the hand. So taking it back does
not bring back everything. The sign-up has its old state and its old number in the queue. What was offered or given to
others meanwhile stays theirs, and whoever takes the decision back reads who that is. The database lets nobody be on a
roster twice: who has signed up anew since they were declined stays declined here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN, may_take_back
from center.kernel.db import db
from center.kernel.errors import Conflict, Full, NotFound, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.notices.withdrawing import withdraw
from center.people.models import Person
from center.signups import messages, news, places
from center.signups.deciding import refuse_overdue
from center.signups.history import history, note
from center.signups.models import HOLDING, Mode, Pool, PoolKind, Roster, SignUp, SignUpState
from center.signups.models.history import SignUpChange, SignUpEvent
from center.signups.offers import offer_held, settle_due
from center.signups.queries import awaits_draw
from center.signups.refusals import refuse_once_over
from center.signups.roster_state import RosterState, hold_sign_up, who_waits

DECIDED = {SignUpChange.APPROVED: SignUpState.CONFIRMED, SignUpChange.DECLINED: SignUpState.DECLINED}
PASSED_ON = (SignUpChange.OFFERED, SignUpChange.PROMOTED)


@dataclass(frozen=True)
class Undone:
    """A sign-up that stands where it stood before it was decided about, and who was offered or given a place since."""

    sign_up: SignUp
    passed_on: Sequence[SignUp]


def approve(sign_up: SignUp, *, by: Person, now: datetime, pool: Pool | None = None) -> None:
    """Give a place to somebody who asked, or one that has a name of its own (of `pool`) to who asks or waits.

    Twice is once. Raises Full where none is left, RuleBroken once it is over.
    """
    roster_state = hold_sign_up(sign_up)
    if pool is not None and (pool.roster_id != sign_up.roster_id or pool.kind is not PoolKind.NAMED):
        raise NotFound(_l("There are no such places."))
    if sign_up.state is SignUpState.CONFIRMED:
        return
    refuse_once_over(roster_state.window, now=now)
    refuse_overdue(sign_up, now=now)
    settle_due(roster_state, now=now)
    was = sign_up.state
    if was is not SignUpState.REQUESTED and (pool is None or was is not SignUpState.WAITING):
        raise Conflict(_l("This sign-up has changed meanwhile. Please look at it again."))
    if pool is None and awaits_draw(roster_state.roster):
        raise RuleBroken(_l("Places are drawn by lot here, so nobody is given one before."))
    pools = [pool] if pool is not None else roster_state.pools_for(who_waits(sign_up, roster_state, now=now))
    if not places.seat(sign_up, SignUpState.CONFIRMED, pools=pools, beside=roster_state.beside, now=now):
        raise Full(_l("No place is left. Add places, or decline somebody first."), field="capacity")
    note(sign_up, SignUpChange.APPROVED, by=by, now=now, was=was)
    messages.tell(sign_up, news.APPROVED, now=now, not_before=now + TAKEN_BACK_WITHIN)


def decline(sign_up: SignUp, *, reason: str, by: Person, now: datetime) -> None:
    """The lead refuses somebody who asked or waits, with a reason they will read; twice is once."""
    roster_state = hold_sign_up(sign_up)
    if sign_up.state is SignUpState.DECLINED:
        return
    if not reason:
        raise RuleBroken(_l("Please say why. They will read it."), field="reason")
    refuse_overdue(sign_up, now=now)
    was = sign_up.state
    places.leave(sign_up, SignUpState.DECLINED, pools=roster_state.pools, now=now)
    note(sign_up, SignUpChange.DECLINED, by=by, now=now, reason=reason, was=was)
    messages.tell(sign_up, news.DECLINED, now=now, reason=reason, not_before=now + TAKEN_BACK_WITHIN)
    offer_held(roster_state, now=now)  # it may have been their turn


def just_decided(roster: Roster | None = None, *, by: Person, now: datetime) -> list[SignUp]:
    """About whom on a roster, or on any, somebody decided so lately that they can take it back, the latest first."""
    which = () if roster is None else (SignUp.roster_id == roster.id,)
    query = (
        select(SignUpEvent)
        .join(SignUpEvent.sign_up)
        .where(
            SignUpEvent.by_id == by.id,
            SignUpEvent.at > now - TAKEN_BACK_WITHIN,
            SignUpEvent.what.in_(DECIDED),
            SignUpEvent.was.is_not(None),
            *which,
        )
        .options(
            contains_eager(SignUpEvent.sign_up).options(
                joinedload(SignUp.person), joinedload(SignUp.roster).joinedload(Roster.activity)
            )
        )
        .order_by(SignUpEvent.at.desc(), SignUpEvent.id.desc())
    )
    events = db.session.scalars(query).all()
    return [each.sign_up for each in events if _stands(each) and may_take_back(each.at, now=now)]


def take_back(sign_up: SignUp, *, by: Person, now: datetime) -> Undone | None:
    """Let somebody ask or wait again about whom one has just decided. None where that is done already.

    Whom the decision has not reached hears nothing; the others are told that it does not stand. Raises RuleBroken
    after the minute, Conflict where something has happened since.
    """
    roster_state = hold_sign_up(sign_up)
    last = history(sign_up)[-1]
    if last.what is SignUpChange.DECISION_UNDONE and last.by_id == by.id:
        return None
    _refuse(sign_up, last, by=by, now=now)
    refuse_once_over(roster_state.window, now=now)
    assert last.was is not None
    if last.was is SignUpState.REQUESTED and roster_state.roster.mode is not Mode.APPROVAL:
        raise _changed(sign_up)
    settle_due(roster_state, now=now)
    pool = places.take_back(sign_up, last.was, pools=roster_state.pools, now=now)
    refuse_overdue(sign_up, now=now)
    note(sign_up, SignUpChange.DECISION_UNDONE, by=by, now=now, pool=pool)
    _tell(sign_up, said_at=last.at, now=now)
    passed_on = _passed_on(roster_state, since=last) if last.what is SignUpChange.DECLINED else ()
    offer_held(roster_state, now=now)
    return Undone(sign_up, passed_on)


def _refuse(sign_up: SignUp, last: SignUpEvent, *, by: Person, now: datetime) -> None:
    """Whoever decided may take it back, for a minute, as long as nothing else has happened."""
    if last.by_id != by.id or not _stands(last):
        raise _changed(sign_up)
    if not may_take_back(last.at, now=now):
        words = _l("A decision can be taken back for one minute, and that has passed. %(name)s can be signed up anew.",
                   name=sign_up.person.name)  # fmt: skip
        raise RuleBroken(words)


def _changed(sign_up: SignUp) -> Conflict:
    words = _l("What %(name)s has here changed meanwhile, so it stays as it is. Look at it.", name=sign_up.person.name)
    return Conflict(words)


def _stands(event: SignUpEvent) -> bool:
    """Whether a decision is still how things stand."""
    sign_up = event.sign_up
    return event.was is not None and sign_up.state is DECIDED.get(event.what) and sign_up.changed_at == event.at


def _tell(sign_up: SignUp, *, said_at: datetime, now: datetime) -> None:
    """Take back what was said of the decision; whom it has reached is told that it does not stand."""
    said = [news.APPROVED, news.DECLINED]
    if reached := withdraw([messages.about(sign_up)], said, said_at=said_at):
        messages.tell_together([sign_up], news.DECISION_UNDONE, now=now, only=reached)


def _passed_on(roster_state: RosterState, *, since: SignUpEvent) -> Sequence[SignUp]:
    """Who of the queue was offered or given a place since a decision, and has it still, in order."""
    given = select(SignUpEvent.sign_up_id).where(SignUpEvent.what.in_(PASSED_ON), SignUpEvent.id > since.id)
    query = select(SignUp).where(
        SignUp.roster_id == roster_state.roster.id,
        SignUp.state.in_(HOLDING),
        SignUp.id.in_(given),
        SignUp.id != since.sign_up_id,
    )
    return db.session.scalars(query.options(joinedload(SignUp.person)).order_by(SignUp.queue_order, SignUp.id)).all()
