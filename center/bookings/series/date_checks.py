"""Looking at the dates of a plan: what stands in the way of one, and what is free instead. Nothing is written."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from center.bookings.models import Booking
from center.bookings.places import Place, place_now
from center.bookings.rulebook.availability import RoomDay, room_days, rules_of
from center.bookings.rulebook.facts import Party, ProposedUse, Rule, Terms, propose
from center.bookings.rulebook.judging import Verdict, judge, look_up, party_of, with_party
from center.bookings.rulebook.quotas import Asker
from center.bookings.rulebook.refusals import RuleRefused, rule_of
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import weigh
from center.bookings.rulebook.times import nearest_times
from center.bookings.series.date_plans import DateState, PlannedDate
from center.kernel.errors import DomainError
from center.kernel.i18n import centre_zone, in_language, local_date
from center.kernel.i18n import gettext as _
from center.kernel.spans import Span
from center.organisations.models import Organisation
from center.people.models import Person
from center.premises.models import DayKind
from center.rooms.models import PUBLIC_HOLIDAY, Noise, Room
from center.rooms.queries import Schedule, all_rooms, load_schedule
from center.rooms.wants import lacking_features


@dataclass(frozen=True)
class OnBehalf:
    """For whom a series is, and on whose footing it is judged."""

    person: Person
    organisation: Organisation | None
    party: Party


OTHER_DAYS = timedelta(days=3)  # how far around a date another day is offered for it
LOUDNESS = (Noise.QUIET, Noise.MEDIUM, Noise.LOUD)
# What staff could set aside, and nobody is offered all the same.
NOT_OFFERED = frozenset({Rule.AUDIENCE, Rule.OPEN, Rule.PARTY, Rule.PURPOSE, Rule.STEP, Rule.WINDOW})
OF_AMOUNT = frozenset({Rule.ALLOWANCE, Rule.LIMITED, Rule.LIVE_LIMIT, Rule.QUOTA})
MOST_TIMES, MOST_ROOMS = 3, 2


class DateChecks:
    """Looks at dates of a plan, one after the other; reads what all of them share once."""

    def __init__(
        self,
        room: Room,
        dates: Sequence[PlannedDate[Any]],
        *,
        people: int,
        whose: OnBehalf,
        now: datetime,
        purpose_id: int | None = None,
        looks_around: bool = True,
        reads_once: bool = False,
        may_have: Callable[[Place], bool] = lambda _place: True,
    ) -> None:
        """`may_have` says whether a place may be offered; without `looks_around` nothing is.

        If it `reads_once`, dates in its room are judged by what was read for all of them: limits then do not count
        what the other dates take.
        """
        self.room, self.people, self.whose, self.now, self.purpose_id = room, people, whose, now, purpose_id
        self.looks_around, self.may_have = looks_around, may_have
        self.asker = Asker(whose.person, whose.organisation)
        self.taken: list[Place] = []  # by the dates that were decided already
        days = [each.day for each in dates]
        first, last = min(days) - OTHER_DAYS, max(days) + OTHER_DAYS
        self.schedule: Schedule = load_schedule([room], first, last, zone=centre_zone())
        self.facts = look_up(room, first, last, self.asker, now=now, schedule=self.schedule)
        self.rules = rules_of(room)
        self.known = (self.facts, self.schedule) if reads_once else None

    def check(self, each: PlannedDate[Place]) -> None:
        """Say how a date stands where it is asked for, and what is free instead."""
        verdict = each.judged = self.judged(each.place, each.booking)
        against = [*verdict.refusals, *verdict.notices]
        each.state = self._state(each.day, against)
        each.words = " ".join(str(words) for words in against) or self._special(each.day)
        if self.looks_around:
            each.others = self._others(each.day, self._proposed(each.place), is_refused=bool(against))

    def decide(self, each: PlannedDate[Place], choice: str, *, is_final: bool) -> None:
        """Put in what was chosen for a date; what it takes anew, later ones cannot have."""
        each.choose(choice, lambda place: (place, self.judged(place, each.booking)), is_final=is_final)
        if each.chosen and each.booking is None:
            self.taken.append(each.chosen)

    def judged(self, place: Place, instead_of: Booking | None = None) -> Verdict:
        """What the rules say to a place, and that no other date of the series takes it."""
        verdict = judge(
            place.room,
            self._proposed(place, instead_of),
            person=self.whose.person,
            organisation=self.whose.organisation,
            now=self.now,
            instead_of=instead_of,
            planned=[each.span for each in self.taken],
            known=self.known if place.room is self.room and instead_of is None else None,
        )
        if instead_of is not None and place_now(instead_of).holds(place):
            verdict = replace(verdict, refusals=[each for each in verdict.refusals if not _is_taken(each)])
        if not verdict.refusals and any(place.meets(each) for each in self.taken):
            words = _("Another date of this series has this time.")
            return replace(verdict, refusals=[RuleRefused(words, rule=Rule.FREE)])
        return verdict

    def _proposed(self, place: Place, booking: Booking | None = None) -> ProposedUse:
        """One date of a series; one that is booked keeps its own wishes for setting up and access."""
        own: dict[str, Any] = {"set_up": booking.set_up, "needs": booking.needed} if booking else {}
        proposed = propose(place.room, place.span, self.people, self.whose.party, purpose_id=self.purpose_id, **own)
        return replace(proposed, in_series=True)

    def _state(self, day: date, refusals: Sequence[DomainError]) -> DateState:
        broken = {rule_of(each) for each in refusals}
        if not refusals:
            return DateState.OK
        if Rule.OPEN in broken:
            return DateState.HOLIDAY if self.schedule.weekday(day) == PUBLIC_HOLIDAY else DateState.CLOSED
        if Rule.CLOSED in broken:
            return DateState.CLOSED
        if {Rule.FREE, Rule.OWN} & broken:
            return DateState.CLASH
        return DateState.QUOTA if OF_AMOUNT & broken else DateState.RULE

    def _special(self, day: date) -> str:
        """A public holiday is said even where the room is open."""
        named = self.schedule.calendar.get(day)
        if named is None or named.kind is not DayKind.HOLIDAY:
            return ""
        name = in_language(named.name, named.name_en)
        return _("Public holiday: %(name)s. The room is open.", name=name) if name else _("Public holiday")

    def _others(self, day: date, proposed: ProposedUse, *, is_refused: bool) -> list[Place]:
        """Free times of the same day; where the date is refused also other rooms then, or else days around it."""
        found = [Place(self.room, span) for span in self._times(day, proposed)]
        if is_refused:
            found += self._rooms(day, proposed)
            if not found:
                found = [Place(self.room, span) for span in self._on_other_days(day, proposed)]
        return [each for each in found if not any(each.meets(other) for other in self.taken)]

    def _times(self, day: date, proposed: ProposedUse) -> list[Span]:
        """Three free times of that day, the nearest."""
        nearest = self._nearest(day, proposed, count=9)
        return self._offered((span for span in nearest if span != proposed.span), MOST_TIMES)

    def _on_other_days(self, day: date, proposed: ProposedUse) -> list[Span]:
        """On each of the three nearest days that have one, the free time nearest to the same clock time."""
        found: list[Span] = []
        for n in sorted(range(-OTHER_DAYS.days, OTHER_DAYS.days + 1), key=lambda n: (abs(n), -n)):
            there = Span(proposed.span.start + timedelta(days=n), proposed.span.end + timedelta(days=n))
            found += self._nearest(day + timedelta(days=n), replace(proposed, span=there), count=1)
        return self._offered(iter(found), MOST_TIMES)

    def _nearest(self, day: date, proposed: ProposedUse, *, count: int) -> list[Span]:
        """The nearest times of a day, the nearest first."""
        opened = [span for span in self.facts.open_spans if local_date(span.start) == day]
        facts = replace(self.facts, open_spans=tuple(opened))
        times = nearest_times(proposed, self.rules, facts, count=count, whose=party_of(self.whose.organisation))
        return sorted(times, key=lambda span: (abs(span.start - proposed.span.start), span.start))

    def _offered(self, spans: Iterator[Span], most: int) -> list[Span]:
        """The first of these times that may be offered in the series' own room, in order of time."""
        return sorted(islice((span for span in spans if self.may_have(Place(self.room, span))), most))

    def _rooms(self, day: date, proposed: ProposedUse) -> list[Place]:
        """The two smallest rooms that are free then, hold the people, bear the noise, and are for the party."""
        able = [
            room
            for room in all_rooms()
            if room.capacity >= proposed.people
            and LOUDNESS.index(room.noise) >= LOUDNESS.index(self.room.noise)
            and not {leaf.id for leaf in room.leaves} & {leaf.id for leaf in self.room.leaves}
        ]
        terms = load_terms(able, day, day, asker=self.asker, now=self.now) if able else {}
        plans = room_days(sorted(able, key=lambda room: (room.capacity, room.id)), day, day, now=self.now)
        places = (Place(plan.room, proposed.span) for plan in plans if self._suits(plan, terms[plan.room.id], proposed))
        return list(islice((each for each in places if self.may_have(each)), MOST_ROOMS))

    def _suits(self, plan: RoomDay, terms: Terms, proposed: ProposedUse) -> bool:
        """Whether nothing speaks against the use in this room, nor anything that only staff could set aside."""
        if lacking_features(plan.room, proposed.needs):
            return False
        facts = with_party(replace(plan.facts, terms=terms), self.asker)
        stops, notices = weigh(proposed, plan.rules, facts, whose=party_of(self.whose.organisation))
        return not stops and not any(each.rule in NOT_OFFERED for each in notices)


def _is_taken(refusal: DomainError) -> bool:
    """Of what only gives time back: all that can be in its way is that clearing up takes longer by now."""
    return rule_of(refusal) in {Rule.CLOSED, Rule.FREE, Rule.OWN}
