"""The starts and lengths that a form of bookings offers for a room and a day."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.facts import Party, ProposedUse, RoomRules
from center.bookings.rulebook.rules import bookable_spans
from center.bookings.rulebook.times import fitting_starts, is_time_for
from center.kernel.i18n import centre_zone
from center.kernel.i18n import gettext as _
from center.kernel.spans import LocalSpan, Span
from center.rooms.models import Room
from center.rooms.schedule import load_schedule, own_hours

STAFF_LONGEST = 12 * 60
FINEST_LENGTH = 30


def times(room: Room, rules: RoomRules, party: Party, day: RoomDay | None) -> tuple[list[time], list[int]]:
    """The starts that the party may have on the day, and the lengths that it may have from any of them.

    As long as no day is known, every start within the room's hours; where no length would do, every one it allows.
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
    """The starts of the day for a use of that length that staff move: each with what speaks against it, or "".

    What others have cannot be had; what is against a rule staff may have all the same, with a reason.
    """
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


def free_starts(party: Party, day: RoomDay, minutes: int = 0) -> list[datetime]:
    """The starts on a day at which a use of that length, or else the shortest, would break no rule of time."""
    length = timedelta(minutes=max(minutes, day.rules.min_minutes))
    return [
        start
        for start in fitting_starts(length, day.rules, day.facts)
        if is_time_for(ProposedUse(Span(start, start + length), 1, party), day.rules, day.facts)
    ]


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
    if opened:
        spans = bookable_spans(opened, rules, zone)
    else:
        some_day = date(2001, 1, 1)
        spans = [Span(hours.start, hours.end) for hours in _any_hours(room, some_day)]
    step = timedelta(minutes=rules.step_minutes)
    starts: set[time] = set()
    for span in spans:
        late = span.start.astimezone(zone)
        start = late + timedelta(minutes=-(late.hour * 60 + late.minute) % rules.step_minutes)
        while start < span.end:
            starts.add(start.time())
            start += step
    return sorted(starts)


def _any_hours(room: Room, day: date) -> list[Span]:
    return [LocalSpan(row.opens, row.closes).on(day, centre_zone()) for row in own_hours(room).hours]
