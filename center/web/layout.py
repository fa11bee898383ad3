"""What the frame of every page shows of whoever is signed in."""

from dataclasses import dataclass

from flask import g
from flask_login import current_user

from center.kernel import clock
from center.notices.queries import count_to_look_at
from center.signups.to_answer import topics_of


@dataclass(frozen=True)
class Layout:
    """How many messages they have not opened, and how many things wait for their answer though they did."""

    unread: int = 0
    unanswered: int = 0


def layout() -> Layout:
    """Both, read once a request by whichever page first draws its frame; none where the database is away."""
    if "layout" not in g:
        may_ask = not g.get("sessions_unreadable") and current_user.is_authenticated
        g.layout = _read(current_user.person_id) if may_ask else Layout()
    found: Layout = g.layout
    return found


def _read(person_id: int) -> Layout:
    return Layout(*count_to_look_at(person_id, topics_of(person_id, now=clock.now())))
