"""A slip is taken back within ten minutes; the guardians who were told of it hear of that, too."""

from datetime import datetime

from center.afterschool.custody import ledger, messages
from center.afterschool.custody.ledger import Sent
from center.afterschool.handing_over.saying import is_undone
from center.afterschool.models.custody import GONE, CustodyEvent, Holder, Outcome
from center.kernel.db import lock
from center.people.models import Person

TOLD = (*GONE, Holder.ROOM)


def undo(event: CustodyEvent, *, by: Person, now: datetime, sent: Sent | None = None) -> CustodyEvent:
    """Take back what was said of a child a moment ago; twice is once. Raises RuleBroken after ten minutes."""
    if event.day is not None:
        lock(event.day)
    ledger.hold(event.child)
    was_undone = is_undone(event)
    back = ledger.undo(event, by=by, now=now, sent=sent)
    if not was_undone and event.holder in TOLD and event.outcome is Outcome.ACCEPTED:
        messages.tell_corrected(event, ledger.now_holding(event.child_id), now=now)
    return back
