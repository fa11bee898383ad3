"""Asking for a change before deciding, and the answer to that. Called like the other actions."""

from collections.abc import Sequence
from datetime import datetime

from center.bookings import messages, news, trail
from center.bookings.models import Booking, BookingChange, BookingEvent, BookingStatus, Channel
from center.bookings.rulebook.checks import refuse_overdue, refuse_unseen
from center.bookings.rulebook.deciding import TAKEN_BACK_WITHIN
from center.bookings.writing import count_change
from center.kernel.db import lock
from center.kernel.errors import Conflict
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person


def ask_for_change(booking: Booking, wanted: str, *, by: Person, now: datetime, seen: int | None = None) -> None:
    """Ask the person of a waiting request to change it; its time stays held. Asking for the same twice is once."""
    _lock_waiting(booking, now=now)
    if booking.change_wanted == wanted and booking.change_answered_at is None:
        return
    refuse_unseen(booking, seen)
    booking.change_wanted, booking.change_wanted_at = wanted, now
    booking.change_answer, booking.change_answered_at = "", None
    count_change(booking, now=now)
    trail.note(booking, BookingChange.CHANGE_ASKED, by=by, channel=Channel.DESK, now=now, reason=wanted)
    messages.tell(booking, news.CHANGE_ASKED, now=now, reason=wanted, not_before=now + TAKEN_BACK_WITHIN)


def ask_as_before(booking: Booking, *, now: datetime) -> None:
    """Let a request stand as it did before it was asked about last: with what was asked and answered by then."""
    wanted, answered = _asked_before(trail.history(booking))
    booking.change_wanted, booking.change_wanted_at = (wanted.reason, wanted.at) if wanted else ("", None)
    booking.change_answer, booking.change_answered_at = (answered.reason, answered.at) if answered else ("", None)
    count_change(booking, now=now)


def _asked_before(history: Sequence[BookingEvent]) -> tuple[BookingEvent | None, BookingEvent | None]:
    """What was asked before the last time, and the answer to it; a change of the request settles both."""
    states: list[tuple[BookingEvent | None, BookingEvent | None]] = [(None, None)]
    last = None
    for event in history:
        if event.what is BookingChange.CHANGE_ASKED:
            states.append((event, None))
        elif event.what is BookingChange.DECISION_UNDONE and last is BookingChange.CHANGE_ASKED:
            states.pop()
        elif event.what is BookingChange.EDITED and event.reason and event.channel is Channel.ONLINE:
            states.append((states[-1][0], event))
        elif event.what in {BookingChange.EDITED, BookingChange.MOVED}:
            states.append((None, None))
        last = event.what
    return states[-2]


def answer(booking: Booking, words: str, *, by: Person, now: datetime) -> None:
    """What the person says to what was asked of them; the request is back among those to decide."""
    _lock_waiting(booking, now=now)
    if booking.change_wanted_at is None:
        raise Conflict(_l("Nothing is asked of you here any more."))
    if booking.change_answer == words:
        return
    booking.change_answer, booking.change_answered_at = words, now
    count_change(booking, now=now)
    trail.note(booking, BookingChange.EDITED, by=by, channel=Channel.ONLINE, now=now, reason=words)


def _lock_waiting(booking: Booking, *, now: datetime) -> None:
    lock(booking)
    refuse_overdue(booking, now=now)
    if booking.status is not BookingStatus.REQUESTED:
        raise Conflict(_l("This request no longer waits for a decision. Please look at it again."))
