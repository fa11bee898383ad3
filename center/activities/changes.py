"""What depends on activities hears of their changes here, inside the transaction of the change.

Sign-ups lie above activities and cannot be called from them. `create_app` lists who listens
(`app.extensions["activity_listeners"]`), in the order in which they are called.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from flask import current_app

from center.activities.differences import Difference
from center.activities.models import Activity, ActivityChange, Session
from center.people.models import Person
from center.rooms.models import Room


@dataclass(frozen=True, kw_only=True)
class Before:
    """Where and when a session was before it was moved."""

    room: Room | None
    starts_at: datetime
    ends_at: datetime
    place: str = ""  # where it was in no room of the centre, in the activity's first language


@dataclass(frozen=True, kw_only=True)
class Change:
    """One change of an activity, or of one of its sessions."""

    activity: Activity
    what: ActivityChange
    by: Person | None
    now: datetime
    session: Session | None = None
    before: Before | None = None
    reason: str = ""
    differences: Sequence[Difference] = ()  # of what was edited: what people who signed up must hear of
    not_before: datetime | None = None  # until then what was edited can be undone, and news of it stays in the house
    undoes: datetime | None = None  # when that was told which this takes back: whom it has not reached hears nothing
    with_all: bool = False  # a session that is called off together with its whole activity, which is announced next


def announce(change: Change) -> None:
    """Let everything that depends on the activity follow the change."""
    for listener in current_app.extensions["activity_listeners"]:
        listener(change)
