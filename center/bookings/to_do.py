"""What the desk has to do beside today's bookings: counts for its board, each with the page that it leads to."""

from datetime import datetime
from typing import Any

from center.bookings.visits import actions as presence
from center.bookings.visits import limits
from center.bookings.waiting import wishes
from center.kernel.access import Permission
from center.kernel.i18n import ngettext


def to_do(user: Any, *, now: datetime) -> list[tuple[int, str, str]]:
    """(how many, the endpoint, what they are) for what this member of staff may do; the most urgent first."""
    found = []
    if Permission.EDIT_PEOPLE in user.permissions:
        calls, proposals = presence.count_open_calls(), limits.count_proposals(now=now)
        found.append(
            (calls, "bookings.calls", ngettext("person to ask how they are", "people to ask how they are", calls))
        )
        say = ngettext("missed-visits case to decide", "missed-visits cases to decide", proposals)
        found.append((proposals, "bookings.booking_limits", say))
    if Permission.SEE_BOOKINGS in user.permissions:
        waiting = wishes.count_waiting(now=now)
        say = ngettext("person waits for a time", "people wait for a time", waiting)
        found.append((waiting, "bookings.waiting_list", say))
    return found
