"""A change of a booking, before anybody makes it: what it makes different, which rules it asks, what it comes to."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from center.bookings.models import Booking, BookingStatus
from center.bookings.queries import find_series_of
from center.bookings.rulebook.facts import Rule
from center.bookings.rulebook.judging import Verdict, judge, party_of
from center.bookings.rulebook.refusals import rule_of
from center.bookings.rulebook.rule_facts import kinds_of_use
from center.bookings.writing import Shape, shape_of
from center.kernel.i18n import format_span, in_language
from center.kernel.i18n import gettext as _
from center.rooms.labels import feature_names


@dataclass(frozen=True)
class Change:
    """From one shape to another."""

    was: Shape
    to: Shape

    @property
    def is_moved(self) -> bool:
        """Whether it is at another time or in another room, so that calendars and doors must know."""
        return (self.was.room.id, self.was.span) != (self.to.room.id, self.to.span)

    @cached_property
    def is_within(self) -> bool:
        """Whether it takes nothing that it does not have: same room, time inside the old time."""
        return self.was.room.id == self.to.room.id and self.was.span.covers(self.to.span)

    @property
    def asks_approval(self) -> bool:
        """Whether a member of staff must agree anew, where the room asks for that: not to less of the same."""
        is_less = self.is_within and self.to.people <= self.was.people
        return not is_less or self._is_for_something_else

    @property
    def _is_for_something_else(self) -> bool:
        return (self.was.purpose, self.was.purpose_id) != (self.to.purpose, self.to.purpose_id)

    def clear_at(self, cleared_at: datetime, *, had: datetime, is_blocked: bool) -> datetime:
        """Until when the room is cleared after the change, where clearing up would last until `cleared_at` now.

        A use that stays or gives time back is not refused for the clearing up it `had`. That grows with the rules of
        the room where a change of time leaves space for it, which `is_blocked` denies.
        """
        gains_set_up = bool(self.to.set_up.strip() and not self.was.set_up.strip())
        if not self.is_within or gains_set_up or not (is_blocked or self.to.span == self.was.span):
            return cleared_at
        return max(min(cleared_at, had), self.to.span.end)

    @property
    def needs_setting_up(self) -> bool:
        """Whether what was made ready no longer fits."""
        return self.is_moved or (self.was.set_up, self.was.needs) != (self.to.set_up, self.to.needs)

    def asks(self, rule: Rule | None, *, is_longer: bool = False) -> bool:
        """Whether a rule is asked again: all where time is taken anew, else those of what has changed."""
        if not self.is_within:
            return True
        asked: set[str] = set()
        if self.to.span != self.was.span:
            asked |= {Rule.SHORTEST, Rule.STEP}
        if self.to.people != self.was.people:
            asked |= {Rule.CAPACITY, Rule.MIN_PEOPLE}
        if self.to.purpose_id != self.was.purpose_id:
            asked.add(Rule.PURPOSE)
        if self.to.needs - self.was.needs:
            asked.add(Rule.NEEDS)
        if is_longer:
            asked |= {Rule.CLOSED, Rule.FREE, Rule.OWN}
        return rule in asked


@dataclass(frozen=True)
class ChangeEffects:
    """What the rules say to a change, how the booking would stand, and until when its room would be cleared."""

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


OF_PLACE = 2  # the first of the words: where and when


def differences(change: Change) -> list[tuple[str, str, str]]:
    """What a change makes different, each as a label with the words of before and after."""
    was, to = _words(change.was), _words(change.to)
    return [(label, before, after) for (label, before), (_label, after) in zip(was, to, strict=True) if before != after]


def _words(shape: Shape) -> list[tuple[str, str]]:
    kinds = dict(kinds_of_use(shape.room))
    return [
        (_("Room"), in_language(shape.room.name, shape.room.name_en)),
        (_("When"), format_span(shape.span.start, shape.span.end)),
        (_("People"), str(shape.people)),
        (_("What for"), shape.purpose),
        (_("Kind of use"), kinds.get(shape.purpose_id or 0, "")),
        (_("Anything the staff should know"), shape.note),
        (_("What you need in the room"), feature_names(sorted(shape.needs))),
        (_("How the room should stand"), shape.set_up),
    ]


def say_all(change: Change, *, but_place: bool = False) -> str:
    """All of it, a line each; without where and when, which a move says by itself."""
    found: Sequence[tuple[str, str, str]] = differences(change)
    if but_place:
        place = {label for label, _words in _words(change.to)[:OF_PLACE]}
        found = [each for each in found if each[0] not in place]
    return "\n".join(
        _("%(what)s: %(now_is)s (before: %(was)s)", what=what, was=was or "—", now_is=now_is or "—")
        for what, was, now_is in found
    )
