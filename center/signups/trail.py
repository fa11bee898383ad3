"""The history of sign-ups: who changed what when, written with the change, in the same transaction."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.people.models import Delegation, Person
from center.signups.models import Channel, Roster, SignUp, SignUpState
from center.signups.models.history import SignUpChange, SignUpEvent


def note(
    sign_up: SignUp,
    what: SignUpChange,
    *,
    by: Person | None,
    now: datetime,
    channel: Channel | None = None,
    pool_id: int | None = None,
    reason: str = "",
    was: SignUpState | None = None,
) -> None:
    """Write one change down. `by` is None where the site itself made it by a rule; `was` is where it stood before a
    decision, which may be taken back.
    """
    db.session.add(
        SignUpEvent(
            sign_up_id=sign_up.id,
            at=now,
            by_id=by.id if by else None,
            what=what,
            channel=channel,
            pool_id=pool_id if pool_id is not None else sign_up.pool_id,
            reason=reason,
            was=was,
        )
    )
    db.session.flush()


def history(sign_up: SignUp) -> Sequence[SignUpEvent]:
    """What happened to a sign-up, in order, with who did it."""
    query = select(SignUpEvent).where(SignUpEvent.sign_up_id == sign_up.id).options(joinedload(SignUpEvent.by))
    return db.session.scalars(query.order_by(SignUpEvent.at, SignUpEvent.id)).all()


def done_by_helpers(person: Person, *, limit: int = 20) -> Sequence[SignUpEvent]:
    """What those whom a person lets, or let, act for them did for them: the latest first."""
    helpers = select(Delegation.delegate_id).where(Delegation.person_id == person.id)
    query = (
        select(SignUpEvent)
        .join(SignUpEvent.sign_up)
        .where(SignUp.person_id == person.id, SignUpEvent.by_id.in_(helpers))
        .options(
            joinedload(SignUpEvent.by),
            joinedload(SignUpEvent.sign_up).joinedload(SignUp.roster).joinedload(Roster.activity),
        )
    )
    return db.session.scalars(query.order_by(SignUpEvent.at.desc(), SignUpEvent.id.desc()).limit(limit)).all()
