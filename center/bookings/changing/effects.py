"""What a change of a booking would come to, before anybody makes it."""

from dataclasses import dataclass, replace
from datetime import datetime

from center.bookings.changes import Change, Shape
from center.bookings.models import Booking, BookingStatus
from center.bookings.queries import find_series_of
from center.bookings.rulebook.facts import Party, propose
from center.bookings.rulebook.judging import Verdict, judge
from center.bookings.rulebook.refusals import rule_of
from center.kernel.spans import Span


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


def shape_of(booking: Booking) -> Shape:
    """The booking as it is."""
    return Shape(
        room=booking.room,
        span=Span(booking.starts_at, booking.ends_at),
        people=booking.people,
        purpose=booking.purpose,
        purpose_id=booking.purpose_id,
        note=booking.note,
        set_up=booking.set_up,
        needs=booking.needed,
    )


def look_ahead(booking: Booking, to: Shape, *, as_staff: bool, now: datetime) -> ChangeEffects:
    """What the rules say to a change as things stand."""
    change = Change(shape_of(booking), to)
    proposed = propose(
        to.room,
        to.span,
        to.people,
        footing(booking, as_staff=as_staff),
        purpose_id=to.purpose_id,
        set_up=to.set_up,
        needs=to.needs,
    )
    proposed = replace(proposed, in_series=find_series_of(booking) is not None)
    organisation = booking.organisation
    verdict = judge(to.room, proposed, person=booking.person, organisation=organisation, now=now, instead_of=booking)
    cleared_at = proposed.until_cleared(verdict.rules).end
    clear_at = change.clear_at(cleared_at, had=booking.clear_at, is_blocked=verdict.is_blocked)
    verdict = _asked_again(verdict, change, is_longer=clear_at > booking.clear_at)
    return ChangeEffects(change, verdict, _status_after(booking, change, verdict.waits, as_staff=as_staff), clear_at)


def footing(booking: Booking, *, as_staff: bool) -> Party:
    """On whose limits a change of the booking is judged."""
    if as_staff:
        return Party.STAFF
    return Party.ORGANISATION if booking.organisation_id is not None else Party.PERSON


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
