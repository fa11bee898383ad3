"""The history of a roster, written with each change, in the same transaction."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from center.kernel.db import db
from center.people.models import Person
from center.signups.models import Roster
from center.signups.models.changing import RosterChange, RosterEvent

Details = Mapping[str, tuple[Any, Any]]  # each thing by name: as it was, as it is


def note(roster: Roster, what: RosterChange, details: Details, *, by: Person | None, now: datetime) -> None:
    """Write one change down. `by` is None where the site itself made it by a rule."""
    written = json.dumps({name: [_plain(was), _plain(now_is)] for name, (was, now_is) in details.items()})
    db.session.add(RosterEvent(roster_id=roster.id, at=now, by_id=by.id if by else None, what=what, details=written))
    db.session.flush()


def history(roster: Roster) -> Sequence[RosterEvent]:
    """What happened to a roster, in order, with who did it."""
    query = select(RosterEvent).where(RosterEvent.roster_id == roster.id).options(joinedload(RosterEvent.by))
    return db.session.scalars(query.order_by(RosterEvent.at, RosterEvent.id)).all()


def details_of(event: RosterEvent) -> dict[str, list[Any]]:
    """What was changed, each thing by name: as it was, as it is."""
    found: dict[str, list[Any]] = json.loads(event.details)
    return found


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, datetime) else value
