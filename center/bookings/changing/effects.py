"""What a change of a booking would come to, before anybody makes it."""

from dataclasses import dataclass, replace
from datetime import datetime

from center.bookings.changes import Change, Shape, shape_of
from center.bookings.models import Booking, BookingStatus
from center.bookings.queries import find_series_of
from center.bookings.rulebook.judging import Verdict, judge, party_of
from center.bookings.rulebook.refusals import rule_of


@dataclass(frozen=True)
class ChangeEffects:
    """What a change would come to: the verdict of the rules it asks again, how the booking would stand, and until when
    the room would be cleared.
    """

    change: Change
    verdict: Verdict
    status: BookingStatus
    clear_at: datetime

    @property
    def waits_anew(self) -> bool:
        """Whether a member of staff must agree to what was agreed or did not need it before."""
        return self.status is BookingStatus.REQUESTED and self.change.asks_approval


def look_ahead(booking: Booking, to: Shape, *, as_staff: bool, now: datetime) -> ChangeEffects:
    """What the rules say to a change as things stand."""
    change = Change(shape_of(booking), to)
    proposed = to.proposed(party_of(booking.organisation_id, as_staff=as_staff))
    proposed = replace(proposed, in_series=find_series_of(booking) is not None)
    organisation = booking.organisation
    verdict = judge(to.room, proposed, person=booking.person, organisation=organisation, now=now, instead_of=booking)
    cleared_at = proposed.until_cleared(verdict.rules).end
    clear_at = change.clear_at(cleared_at, had=booking.clear_at, is_blocked=verdict.is_blocked)
    verdict = _asked_again(verdict, change, is_longer=clear_at > booking.clear_at)
    return ChangeEffects(change, verdict, _status_after(booking, change, verdict.waits, as_staff=as_staff), clear_at)


def _status_after(booking: Booking, change: Change, waits: bool, *, as_staff: bool) -> BookingStatus:
    """What staff change stands as it stood; what its person changes is confirmed or waits as if asked for today."""
    if as_staff or (waits and not change.asks_approval):
        return booking.status
    return BookingStatus.REQUESTED if waits else BookingStatus.CONFIRMED


def _asked_again(verdict: Verdict, change: Change, *, is_longer: bool) -> Verdict:
    """The verdict without the rules that the change does not ask again."""
    refusals = [each for each in verdict.refusals if change.asks(rule_of(each), is_longer=is_longer)]
    over = [
        (words, rule)
        for words, rule in zip(verdict.notices, verdict.overridable, strict=True)
        if change.asks(rule, is_longer=is_longer)
    ]
    notices, rules = [words for words, _rule in over], [rule for _words, rule in over]
    return replace(verdict, refusals=refusals, notices=notices, overridable=rules)
