"""Time first, then rooms: which are free for a use and suit it, why the others do not, and when else there are any.

The rule book of bookings judges each room; what is read does not depend on how many rooms or bookings there are.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from center.bookings.rulebook.availability import facts_of, opened_and_taken, rules_of
from center.bookings.rulebook.facts import Breach, Facts, ProposedUse, RoomRules, Rule, Terms, Use
from center.bookings.rulebook.judging import party_of, with_party
from center.bookings.rulebook.quotas import NOBODY, Asker
from center.bookings.rulebook.refusals import refusal
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import needs_approval, weigh
from center.bookings.rulebook.times import nearest_times
from center.kernel.i18n import gettext as _
from center.kernel.i18n import local_date
from center.kernel.spans import Span, days
from center.rooms.models import Room
from center.rooms.queries import Schedule
from center.rooms.sentences import who_may_book
from center.rooms.wants import Wants

OTHER_TIMES = 3
LOOK_BACK, LOOK_AHEAD = timedelta(days=7), timedelta(days=14)
OF_TIME = frozenset(
    {
        Rule.CLOSED,
        Rule.FREE,
        Rule.HORIZON,
        Rule.NOTICE,
        Rule.OPEN,
        Rule.PAST,
        Rule.PRIORITY,
        Rule.QUOTA,
        Rule.STEP,
        Rule.WINDOW,
    }
)
OF_PERSON = frozenset({Rule.LIMITED, Rule.LIVE_LIMIT})
OF_LENGTH = frozenset({Rule.LONGEST, Rule.SHORTEST})


@dataclass(frozen=True)
class Fit:
    """A room that is free for all of the time and suits; `waits` when the desk must agree.

    `notices` are rules that staff may override who book for somebody.
    """

    room: Room
    waits: bool
    notices: Sequence[str] = ()


@dataclass(frozen=True)
class Miss:
    """A room that cannot be had as wished, and why, in one sentence."""

    room: Room
    reason: str


@dataclass(frozen=True)
class OtherTime:
    """Another time, and the smallest room that can be had then."""

    room: Room
    span: Span


@dataclass(frozen=True)
class Found:
    """The answer: rooms that suit, the smallest first; the others in their usual order; other times if none suits.

    `personal` is the limit on their own bookings that keeps a person from every room that would suit.
    """

    fits: Sequence[Fit]
    misses: Sequence[Miss]
    others: Sequence[OtherTime]
    personal: str = ""


@dataclass(frozen=True)
class RoomTimes:
    """When rooms are open and taken over some days, read for all of them at once."""

    first: date
    last: date
    schedule: Schedule
    uses: Mapping[int, Sequence[Use]]
    now: datetime
    terms: dict[int, Terms]
    asker: Asker = NOBODY

    def facts(self, room: Room) -> Facts:
        """What the rule book needs to judge a use proposed for this room within these days."""
        uses, on = self.uses.get(room.id, ()), days(self.first, self.last)
        facts = facts_of(room, on, self.schedule, uses, now=self.now, terms=self.terms[room.id])
        is_undecided = self.asker.organisation is None and self.asker.may_lead
        return facts if is_undecided else with_party(facts, self.asker)


@dataclass(frozen=True)
class _Verdict:
    """What the rule book and the needs say of one room."""

    room: Room
    rules: RoomRules
    facts: Facts
    broken: Sequence[Breach]
    notices: Sequence[Breach]
    lacking: Sequence[str]

    @property
    def suits(self) -> bool:
        """Whether no rule is broken and nothing that was asked for is lacking."""
        return not (self.broken or self.lacking)

    def suits_but_for(self, rules: frozenset[Rule]) -> bool:
        """The same, where these rules do not count."""
        return not self.lacking and {each.rule for each in self.broken} <= rules


def find_rooms(
    rooms: Sequence[Room],
    proposed: ProposedUse,
    wants: Wants,
    *,
    now: datetime,
    asker: Asker = NOBODY,
) -> Found:
    """These rooms, each judged for this wish of whoever asks.

    Staff who look for somebody are shown what they may book against a rule, too.
    """
    first, last = local_date(proposed.span.start), local_date(proposed.span.end)
    times = load_room_times(rooms, first, last, now=now, asker=asker)
    verdicts = [_judge(room, proposed, wants, times.facts(room), asker) for room in rooms]
    fits = [_fit(each, proposed) for each in verdicts if each.suits]
    misses = [Miss(each.room, _reason(each, proposed, times)) for each in verdicts if not each.suits]
    others = [] if fits else _other_times(verdicts, proposed, now=now, asker=asker)
    in_order = sorted(fits, key=lambda fit: (bool(fit.notices), *_by_size(fit.room)))
    return Found(in_order, misses, others, "" if fits or others else _personal(verdicts))


def load_room_times(
    rooms: Sequence[Room], first: date, last: date, *, now: datetime, asker: Asker = NOBODY
) -> RoomTimes:
    """Opening, taken and kept time of these rooms from first to last, in a fixed number of queries."""
    schedule, uses = opened_and_taken(rooms, first, last, now=now)
    terms = load_terms(rooms, first, last, asker=asker, now=now)
    return RoomTimes(first, last, schedule, uses, now, terms, asker)


def first_guess(
    rooms: Sequence[Room], proposed: ProposedUse, first: date, last: date, *, now: datetime, asker: Asker
) -> Span | None:
    """The time nearest to the use, within these days, at which some room can be had; None where there is none."""
    times = load_room_times(rooms, first, last, now=now, asker=asker)
    whose = party_of(asker.organisation)
    options = (
        OtherTime(room, span)
        for room in rooms
        for span in nearest_times(proposed, rules_of(room), times.facts(room), count=1, whose=whose)
    )
    return next((each.span for each in nearest_of(options, proposed.span.start, count=1)), None)


def nearest_of(options: Iterable[OtherTime], start: datetime, *, count: int = OTHER_TIMES) -> list[OtherTime]:
    """The options nearest to a start, no two at one time, the smallest room for each; the earliest first."""
    nearest: dict[datetime, OtherTime] = {}
    for each in sorted(options, key=lambda o: (abs(o.span.start - start), o.span.start, _by_size(o.room))):
        nearest.setdefault(each.span.start, each)
    return sorted(list(nearest.values())[:count], key=lambda option: option.span)


def _judge(room: Room, proposed: ProposedUse, wants: Wants, facts: Facts, asker: Asker) -> _Verdict:
    rules = rules_of(room)
    stops, notices = weigh(proposed, rules, facts, whose=party_of(asker.organisation))
    return _Verdict(room, rules, facts, stops, notices, wants.missing_in(room))


def _fit(verdict: _Verdict, proposed: ProposedUse) -> Fit:
    said = [
        str(refusal(each, verdict.room, verdict.rules, facts=verdict.facts, by_staff=True)) for each in verdict.notices
    ]
    return Fit(verdict.room, needs_approval(proposed, verdict.rules, verdict.facts), said)


def _reason(verdict: _Verdict, proposed: ProposedUse, times: RoomTimes) -> str:
    """The most telling reason: what the room lacks, what closes it, or the first rule that is broken."""
    if verdict.lacking:
        return _("Missing here: %(features)s.", features=_(", ").join(verdict.lacking))
    first = verdict.broken[0]
    if first.rule is Rule.PARTY:
        return who_may_book(verdict.room)
    closed_reason = times.schedule.closed_reason(verdict.room, times.first)
    return str(refusal(first, verdict.room, verdict.rules, closed_reason=closed_reason, facts=verdict.facts))


def _personal(verdicts: Sequence[_Verdict]) -> str:
    """The limit that is all that keeps the person from a room, whatever the time."""
    for each in verdicts:
        limits = [breach for breach in each.broken if breach.rule in OF_PERSON]
        if limits and each.suits_but_for(OF_TIME | OF_LENGTH | OF_PERSON):
            return str(refusal(limits[0], each.room, each.rules, facts=each.facts))
    return ""


def _other_times(
    verdicts: Sequence[_Verdict], proposed: ProposedUse, *, now: datetime, asker: Asker
) -> list[OtherTime]:
    """The nearest times for a use that no room can meet, in rooms that suit but for the time; else for its length."""
    suitable = [each for each in verdicts if each.suits_but_for(OF_TIME)]
    suitable = suitable or [each for each in verdicts if each.suits_but_for(OF_TIME | OF_LENGTH)]
    whose = party_of(asker.organisation)
    if not suitable:
        return []
    today = local_date(now)
    horizon = today + timedelta(days=max(each.rules.horizon(proposed.party) for each in suitable))
    middle = min(max(local_date(proposed.span.start), today), horizon)
    first, last = max(today, middle - LOOK_BACK), min(horizon, middle + LOOK_AHEAD)
    times = load_room_times([each.room for each in suitable], first, last, now=now, asker=asker)
    options = (
        OtherTime(each.room, span)
        for each in suitable
        for span in nearest_times(proposed, each.rules, times.facts(each.room), whose=whose)
    )
    return nearest_of(options, proposed.span.start)


def _by_size(room: Room) -> tuple[int, int, str]:
    return room.capacity, room.position, room.code
