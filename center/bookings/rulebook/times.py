"""When a room can be had: the times at which a use would break no rule. Pure: facts come in, times come out."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import islice

from center.bookings.rulebook.facts import NEVER_OVERRIDDEN, Facts, Party, ProposedUse, RoomRules, Rule
from center.bookings.rulebook.rules import bookable_spans, breaches_of_time, next_step, quota_states, standing_breaches
from center.kernel.spans import Span, day_span, merge, subtract


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time without a break that somebody may book some of; `first` is the earliest start in it."""

    span: Span
    first: datetime
    party: Party


def fitting_starts(length: timedelta, room: RoomRules, facts: Facts) -> Iterator[datetime]:
    """In order, the starts at which a use of this length fits: open, in a window, on the step, and free until cleared.

    A use that ends at closing time may be cleared up after it.
    """
    step = timedelta(minutes=room.step_minutes)
    taken = merge(facts.taken)
    ends = [span.end for span in taken]
    for hours in bookable_spans(facts.open_spans, room, facts.zone):
        start = next_step(hours.start, room, facts.zone)
        while start + length <= hours.end:
            ahead = bisect_right(ends, start)  # the first to end after the start: no other can be in the way
            if ahead == len(taken) or taken[ahead].start >= start + length + room.buffer:
                yield start
            start += step


def nearest_times(
    proposed: ProposedUse, room: RoomRules, facts: Facts, *, count: int = 3, whose: Party = Party.PERSON
) -> list[Span]:
    """The nearest times (earliest first) at which the use, or the longest use allowed, would break no rule at all.

    Staff are offered times at which nothing speaks against that party, or else those that they may have all the same.
    """
    length = proposed.span.length
    if (longest := room.longest(proposed.party)) is not None:
        length = min(length, timedelta(minutes=longest))
    length = max(length, timedelta(minutes=room.min_minutes))
    start = proposed.span.start
    proposed = replace(proposed, span=Span(start, start + length))
    if any(each.rule in _binding(proposed) for each in standing_breaches(proposed, room, facts)):
        return []
    cleared = replace(room, buffer_minutes=room.buffer_minutes + proposed.extra_minutes)
    possible = [replace(proposed, span=Span(at, at + length)) for at in fitting_starts(length, cleared, facts)]
    possible.sort(key=lambda each: (abs(each.span.start - start), each.span.start))
    by_rules = whose if proposed.party is Party.STAFF else proposed.party
    found = _first(count, (each for each in possible if is_time_for(replace(each, party=by_rules), room, facts)))
    if proposed.party is Party.STAFF and not found:
        found = _first(count, (each for each in possible if not breaches_of_time(each, room, facts)))
    return sorted(each.span for each in found)


def is_time_for(proposed: ProposedUse, room: RoomRules, facts: Facts) -> bool:
    """Whether no rule of time and no quota is against a proposed use that fits into free time."""
    if breaches_of_time(proposed, room, facts):
        return False
    return not facts.terms.quotas or all(state.is_kept for state in quota_states(proposed, facts))


def free_stretches(party: Party, room: RoomRules, facts: Facts) -> list[Stretch]:
    """The stretches of time of which a party may book some, each long enough for the shortest use, in order."""
    shortest = timedelta(minutes=room.min_minutes)
    least = ProposedUse(Span(facts.now, facts.now + shortest), room.min_people, party)
    if any(each.rule in _binding(least) for each in standing_breaches(least, room, facts)):
        return []
    found = []
    for span in subtract(bookable_spans(facts.open_spans, room, facts.zone), _in_the_way(party, room, facts)):
        piece = span.clip(_reach(party, room, facts))
        first = _first_start(replace(least, span=piece), shortest, room, facts) if piece else None
        if piece and first:
            found.append(Stretch(piece, first, party))
    return found


def _in_the_way(party: Party, room: RoomRules, facts: Facts) -> list[Span]:
    """Where no use may lie: what is taken, with time to clear up before it, and what is kept for others."""
    taken = [Span(each.start - room.buffer, each.end) for each in facts.taken]
    return taken if party is Party.STAFF else [*taken, *(each.span for each in facts.terms.reserved)]


def _reach(party: Party, room: RoomRules, facts: Facts) -> Span:
    """From the earliest start until the end of the last day that the party may book."""
    notice = timedelta(minutes=0 if party is Party.STAFF else room.notice_minutes)
    last = facts.now.astimezone(facts.zone).date() + timedelta(days=room.horizon(party))
    end = day_span(last, facts.zone).end
    return Span(min(facts.now + notice, end - timedelta(minutes=1)), end)


def _first_start(within: ProposedUse, shortest: timedelta, room: RoomRules, facts: Facts) -> datetime | None:
    """The first start of the shortest use in a stretch, that keeps the quotas where there are any."""
    start, end = next_step(within.span.start, room, facts.zone), within.span.end
    while start + shortest <= end:
        if not facts.terms.quotas or is_time_for(replace(within, span=Span(start, start + shortest)), room, facts):
            return start
        start += timedelta(minutes=room.step_minutes)
    return None


def _binding(proposed: ProposedUse) -> frozenset[Rule]:
    """The rules that nobody sets aside for this wish."""
    return NEVER_OVERRIDDEN if proposed.party is Party.STAFF else frozenset(Rule)


def _first(count: int, wishes: Iterator[ProposedUse]) -> list[ProposedUse]:
    return list(islice(wishes, count))
