"""When a room can be had: the times at which a use would break no rule, and those that a form offers."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import islice

from center.bookings.models import Booking
from center.bookings.rulebook.availability import RoomDay, rules_of
from center.bookings.rulebook.facts import NEVER_OVERRIDDEN, Facts, Party, ProposedUse, RoomRules, Rule
from center.bookings.rulebook.judging import look_up, party_of
from center.bookings.rulebook.quotas import NOBODY, Asker
from center.bookings.rulebook.rules import (
    bookable_spans,
    breaches_at_any_time,
    breaches_of_time,
    fitting_starts,
    next_step,
    quota_states,
)
from center.kernel.i18n import centre_zone, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import LocalSpan, Span, day_span, subtract
from center.rooms.models import Room
from center.rooms.queries import load_schedule, own_hours
from center.rooms.wants import lacking_features

STAFF_LONGEST = 12 * 60
FINEST_LENGTH = 30
ALL_RULES = frozenset(Rule)
LOOK_BACK, LOOK_AHEAD = timedelta(days=7), timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Time without a break that somebody may book some of; `first` is the earliest start in it."""

    span: Span
    first: datetime
    party: Party


def nearest_times(
    proposed: ProposedUse, room: RoomRules, facts: Facts, *, count: int = 3, whose: Party = Party.PERSON
) -> list[Span]:
    """The nearest times (earliest first) at which the use, or the longest use allowed, would break no rule at all.

    To staff they are those against which nothing speaks for that party, else those that staff may have all the same.
    """
    length = proposed.span.length
    if (longest := room.longest(proposed.party)) is not None:
        length = min(length, timedelta(minutes=longest))
    length = max(length, timedelta(minutes=room.min_minutes))
    start = proposed.span.start
    proposed = replace(proposed, span=Span(start, start + length))
    if any(each.rule in _binding(proposed) for each in breaches_at_any_time(proposed, room, facts)):
        return []
    cleared = replace(room, buffer_minutes=room.buffer_minutes + proposed.extra_minutes)
    possible = [replace(proposed, span=Span(at, at + length)) for at in fitting_starts(length, cleared, facts)]
    possible.sort(key=lambda each: (abs(each.span.start - start), each.span.start))
    by_rules = whose if proposed.party is Party.STAFF else proposed.party
    found = list(islice((each for each in possible if is_time_for(replace(each, party=by_rules), room, facts)), count))
    if proposed.party is Party.STAFF and not found:
        found = list(islice((each for each in possible if not breaches_of_time(each, room, facts)), count))
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
    if any(each.rule in _binding(least) for each in breaches_at_any_time(least, room, facts)):
        return []
    found = []
    for span in subtract(bookable_spans(facts.open_spans, room, facts.zone), _in_the_way(party, room, facts)):
        piece = span.clip(_reach(party, room, facts))
        first = _first_start(replace(least, span=piece), shortest, room, facts) if piece else None
        if piece and first:
            found.append(Stretch(piece, first, party))
    return found


def is_in_reach(party: Party, room: RoomRules, facts: Facts) -> bool:
    """Whether any of the opening time is neither too soon nor too far ahead for a party. It asks none of the terms."""
    reach = _reach(party, room, facts)
    return any(span.overlaps(reach) for span in facts.open_spans)


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
    return NEVER_OVERRIDDEN if proposed.party is Party.STAFF else ALL_RULES


def offered_times(room: Room, rules: RoomRules, party: Party, day: RoomDay | None) -> tuple[list[time], list[int]]:
    """The starts that the party may have on the day, and the lengths that it may have from any of them.

    Of no day, every start within the hours of the room; where no length would do, every one that it allows.
    """
    lengths = lengths_for(rules, rules.longest(party) or STAFF_LONGEST)
    if day is None:
        return grid(room, rules, None), lengths
    return clocks(free_starts(party, day)), [each for each in lengths if free_starts(party, day, each)] or lengths


def taken_starts(party: Party, day: RoomDay | None) -> list[time]:
    """The starts of the day that only others' bookings keep from the party: to be shown as taken, and waited for."""
    if day is None:
        return []
    closed = tuple(each.span for each in day.facts.closed)
    free = set(free_starts(party, day))
    as_if_free = free_starts(party, replace(day, facts=replace(day.facts, taken=closed)))
    return clocks([each for each in as_if_free if each not in free])


def staff_starts(day: RoomDay, minutes: int) -> dict[time, str]:
    """The starts of the day for a use that staff move, each with what speaks against it: taken, a rule, or ""."""
    length = timedelta(minutes=minutes)
    at_all_hours = replace(day.rules, windows=())
    fitting = fitting_starts(length, at_all_hours, replace(day.facts, taken=()))
    free = set(fitting_starts(length, at_all_hours, day.facts))
    allowed = set(free_starts(Party.STAFF, day, minutes))
    to_come = [start for start in fitting if start >= day.facts.now]
    marks = {
        start: "" if start in allowed else _("against a rule") if start in free else _("taken") for start in to_come
    }
    return dict(zip(clocks(to_come), marks.values(), strict=True))


def free_starts(party: Party, day: RoomDay, minutes: int = 0) -> Sequence[datetime]:
    """The starts on a day at which a use of that length, or else the shortest, would break no rule of time."""
    length = timedelta(minutes=max(minutes, day.rules.min_minutes))
    known = day.starts_worked_out
    if (party, length) not in known:
        known[party, length] = [
            start
            for start in fitting_starts(length, day.rules, day.facts)
            if is_time_for(ProposedUse(Span(start, start + length), 1, party), day.rules, day.facts)
        ]
    return known[party, length]


def clocks(moments: Sequence[datetime]) -> list[time]:
    """Moments as the clock of the centre shows them."""
    zone = centre_zone()
    return [moment.astimezone(zone).time() for moment in moments]


def lengths_for(rules: RoomRules, longest: int) -> list[int]:
    """Lengths to choose from: by half hours at the finest, and always the longest."""
    longest = max(longest, rules.min_minutes)
    return sorted({*range(rules.min_minutes, longest, max(rules.step_minutes, FINEST_LENGTH)), longest})


def grid(room: Room, rules: RoomRules, day: date | None) -> list[time]:
    """Every start within the day's hours; without a day, or on one when the room is closed, within any day's."""
    zone = centre_zone()
    opened = load_schedule([room], day, day, zone=zone).open_spans(room, day) if day else []
    some_day = date(2001, 1, 1)
    any_hours = [LocalSpan(row.opens, row.closes).on(some_day, zone) for row in own_hours(room).hours]
    spans = bookable_spans(opened, rules, zone) if opened else any_hours
    step = timedelta(minutes=rules.step_minutes)
    starts: set[time] = set()
    for span in spans:
        late = span.start.astimezone(zone)
        start = late + timedelta(minutes=-(late.hour * 60 + late.minute) % rules.step_minutes)
        while start < span.end:
            starts.add(start.time())
            start += step
    return sorted(starts)


def nearest_free_times(
    room: Room,
    proposed: ProposedUse,
    *,
    now: datetime,
    asker: Asker = NOBODY,
    instead_of: Booking | None = None,
    avoiding: Sequence[Span] = (),
) -> list[Span]:
    """The three nearest times at which the use would break no rule, within a fortnight; none where one always would.

    The time of `instead_of` counts as free; what overlaps `avoiding` counts as taken.
    """
    if proposed.party is not Party.STAFF and lacking_features(room, proposed.needs):
        return []
    rules = rules_of(room)
    today = local_date(now)
    horizon = today + timedelta(days=rules.horizon(proposed.party, in_series=proposed.in_series))
    middle = min(max(local_date(proposed.span.start), today), horizon)
    first, last = max(today, middle - LOOK_BACK), min(horizon, middle + LOOK_AHEAD)
    facts = look_up(room, first, last, asker, now=now, instead_of=instead_of)
    facts = replace(facts, taken=(*facts.taken, *avoiding))
    return nearest_times(proposed, rules, facts, whose=party_of(asker.organisation))
