"""Staff who book against a rule: with a reason, and written down."""

from collections.abc import Sequence
from datetime import datetime

from center.bookings import trail
from center.bookings.models import Booking, BookingChange, Channel
from center.bookings.rulebook.judging import Verdict
from center.bookings.rulebook.rule_words import rule_name
from center.kernel.errors import DomainError, RuleBroken
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.people.models import Person

MOST_OF_REASON = 120
ROOM_FOR_WORDS = 200


class NeedsReason(RuleBroken):
    """Rules stand against it (`notices`) that staff may override, once they say why."""

    def __init__(self, notices: Sequence[DomainError]) -> None:
        super().__init__(_l("This is against a rule. Say why you book it all the same."), field="override_reason")
        self.notices = tuple(notices)


def check_override(verdict: Verdict, reason: str) -> None:
    """Raises NeedsReason where staff book against rules and have not said why."""
    if verdict.notices and not reason.strip():
        raise NeedsReason(verdict.notices)


def note_override(
    booking: Booking, verdict: Verdict, reason: str, *, by: Person, channel: Channel, now: datetime
) -> None:
    """Write down which rules were overridden, and why."""
    if not verdict.notices:
        return
    names = _(", ").join(dict.fromkeys(rule_name(rule) for rule in verdict.overridable))
    why = reason.strip()[:MOST_OF_REASON]
    words = f"{names[: ROOM_FOR_WORDS - MOST_OF_REASON - 3]} · {why}"
    trail.note(booking, BookingChange.OVERRIDDEN, by=by, channel=channel, now=now, reason=words)
