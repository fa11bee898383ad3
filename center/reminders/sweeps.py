"""Reminders that are due. Each part says whom it would remind, and reminds them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select

from center.kernel.db import db, transaction
from center.kernel.sweeps import Sweep
from center.reminders import bookings, sign_ups
from center.reminders.hours import Near, day_before, evening, morning, soon

SOME = 50
When = Callable[[datetime], Near | None]


@dataclass(frozen=True)
class Part:
    """What people are reminded of: `due` finds by id, first due first, what `remind` looks at again and tells of."""

    name: str
    due: Callable[[Near], Select[*tuple[int, ...]]]
    remind: Callable[[int, Near, datetime], None]


BOOKINGS = Part("bookings", bookings.due, bookings.remind)
SESSIONS = Part("sessions", sign_ups.due, sign_ups.remind)


def find_due(part: Part, near: Near | None) -> Sequence[int]:
    """Some of what a part would remind of now."""
    if near is None:
        return []
    return list(dict.fromkeys(row[0] for row in db.session.execute(part.due(near).limit(SOME))))


def remind(part: Part, item_id: int, near: Near | None, now: datetime) -> None:
    """Remind of one thing, if it is still due."""
    with transaction():
        if near is not None:
            part.remind(item_id, near, now)


def _sweep(part: Part, name: str, when: When, again: When) -> Sweep:
    return Sweep(
        f"reminders of {part.name} {name}",
        lambda now: find_due(part, when(now)),
        lambda item_id, now: remind(part, item_id, again(now), now),
    )


SWEEPS = tuple(
    _sweep(part, *how)
    for part in (BOOKINGS, SESSIONS)
    for how in (
        ("tomorrow", evening, day_before),
        ("tomorrow, by hand", morning, day_before),
        ("that are soon", soon, soon),
    )
)
