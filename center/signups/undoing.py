"""Taking back a decision about somebody who asked for a place or waits for one. Inside one `transaction()`.

A refusal passes the turn on at once: nobody behind waits a minute longer for a slip of the hand. So taking it back is
honest rather than whole. The sign-up stands where it stood, with its old number in the queue, and what was offered or
given to others meanwhile stays theirs: whoever takes it back reads who that is. An approval that is taken back frees
its place in the ledger, and only then the queue is asked. All of it is done with the roster held, as is every other
change of its places, so nobody sees half of it. The database lets nobody be on a roster twice: who has signed up anew
since they were declined stays declined here.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import contains_eager, joinedload

from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN, may_take_back
from center.kernel.db import db
from center.kernel.errors import Conflict, RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.notices.withdrawing import withdraw
from center.people.models import Person
from center.signups import messages, news, places
from center.signups.deciding import refuse_overdue
from center.signups.history import history, note
from center.signups.models import HOLDING, Mode, Roster, SignUp, SignUpState
from center.signups.models.history import SignUpChange, SignUpEvent
from center.signups.offers import offer_held, settle_due
from center.signups.refusals import refuse_once_over
from center.signups.roster_state import RosterState, hold

DECIDED = {SignUpChange.APPROVED: SignUpState.CONFIRMED, SignUpChange.DECLINED: SignUpState.DECLINED}
PASSED_ON = (SignUpChange.OFFERED, SignUpChange.PROMOTED)


@dataclass(frozen=True)
class Undone:
    """A sign-up that stands where it stood before it was decided about, and who was offered or given a place since."""

    sign_up: SignUp
    passed_on: Sequence[SignUp]


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
    roster_state = hold(sign_up.roster)
    db.session.refresh(sign_up)
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
    note(sign_up, SignUpChange.DECISION_UNDONE, by=by, now=now, pool_id=pool.id if pool else None)
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
