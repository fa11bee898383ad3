"""The history of sign-ups and rosters: who changed what when, written in the transaction of the change."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.people.models import Delegation, Person
from center.signups.models import Channel, Pool, Roster, SignUp, SignUpState
from center.signups.models.history import RosterChange, RosterEvent, SignUpChange, SignUpEvent


def note(
    sign_up: SignUp,
    what: SignUpChange,
    *,
    by: Person | None,
    now: datetime,
    channel: Channel | None = None,
    pool: Pool | None = None,
    reason: str = "",
    was: SignUpState | None = None,
) -> None:
    """Write down one change of a sign-up. `by` is None where the site made it by a rule. `was` is the state before a
    decision that may be taken back, `pool` where a place was that is free now.
    """
    pool_id = pool.id if pool is not None else sign_up.pool_id
    who = {"by_id": by.id if by else None, "channel": channel}
    db.session.add(
        SignUpEvent(sign_up_id=sign_up.id, at=now, what=what, pool_id=pool_id, reason=reason, was=was, **who)
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


Details = Mapping[str, tuple[Any, Any]]  # each thing by name: as it was, as it is


def note_roster(roster: Roster, what: RosterChange, details: Details, *, by: Person | None, now: datetime) -> None:
    """Write down one change of a roster. `by` is None where the site made it by a rule."""
    written = json.dumps({name: [_plain(was), _plain(now_is)] for name, (was, now_is) in details.items()})
    db.session.add(RosterEvent(roster_id=roster.id, at=now, by_id=by.id if by else None, what=what, details=written))
    db.session.flush()


def roster_history(roster: Roster) -> Sequence[RosterEvent]:
    """What happened to a roster, in order, with who did it."""
    query = select(RosterEvent).where(RosterEvent.roster_id == roster.id).options(joinedload(RosterEvent.by))
    return db.session.scalars(query.order_by(RosterEvent.at, RosterEvent.id)).all()


def details_of(event: RosterEvent) -> dict[str, list[Any]]:
    """What was changed, each thing by name: as it was, as it is."""
    found: dict[str, list[Any]] = json.loads(event.details)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
