"""What booking a series would do, date by date: which dates go well, what stands in the way of others, what is free
instead. Nothing is written here; booking looks the same way once more, behind its locks.
"""

import enum
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import exists, func, select

from center.bookings.availability import facts_for, room_days, rules_of, uses_of
from center.bookings.checks import wish_for
from center.bookings.judging import Verdict, judge
from center.bookings.models import Booking, Channel, is_live_at
from center.bookings.quota_facts import Asker
from center.bookings.repeats import Repeat, dates_of
from center.bookings.rule_facts import load_terms
from center.bookings.rules import Facts, Party, Rule, Wish, breaches, nearest_times
from center.bookings.series_models import BookingSeries, SeriesDate
from center.db import db
from center.errors import DomainError, RuleBroken
from center.i18n import centre_zone, in_language, local_date, ngettext
from center.i18n import gettext as _
from center.organisations.models import Organisation
from center.people.models import Person
from center.premises.models import DayKind
from center.rooms.models import PUBLIC_HOLIDAY, AccessFeature, Noise, Room, UseKind
from center.rooms.queries import all_rooms, find_room
from center.rooms.schedule import Schedule, load_schedule
from center.spans import Span

BOOK, SKIP = "book", "skip"
OTHER_DAYS = timedelta(days=3)  # how far around a date another day is offered, or may be chosen, for it
FURTHEST = timedelta(days=13)
_LOUDNESS = (Noise.QUIET, Noise.MEDIUM, Noise.LOUD)


@dataclass(frozen=True)
class OnBehalf:
    """For whom a series is, and on whose footing it is judged."""

    person: Person
    organisation: Organisation | None
    party: Party


@dataclass(frozen=True, kw_only=True)
class SeriesRequest:
    """What somebody asks for on every date of a rule, checked for shape only."""

    room: Room
    repeat: Repeat
    starts: time
    minutes: int
    people: int
    purpose: str
    request_key: str
    note: str = ""
    purpose_id: int | None = None
    channel: Channel = Channel.ONLINE

    def span_on(self, day: date) -> Span:
        """The time of one date: the same on the clock, whatever the clocks did in between."""
        begins = datetime.combine(day, self.starts, centre_zone())
        return Span(begins, begins + timedelta(minutes=self.minutes))


class Standing(enum.StrEnum):
    """How a date of the plan stands."""

    CLASH = "clash"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    OK = "ok"
    QUOTA = "quota"
    RULE = "rule"  # another rule of the room


@dataclass(frozen=True)
class Place:
    """A room and a time in it."""

    room: Room
    span: Span

    @property
    def token(self) -> str:
        """How a form says it: R09/2026-11-24T14:30/120."""
        minutes = int(self.span.length.total_seconds() // 60)
        return f"{self.room.code}/{self.span.start.astimezone(centre_zone()):%Y-%m-%dT%H:%M}/{minutes}"

    @property
    def until_cleared(self) -> Span:
        """The time that a use takes with what is cleared up after it."""
        return Span(self.span.start, self.span.end + timedelta(minutes=self.room.buffer_minutes))

    def meets(self, other: "Place") -> bool:
        """Whether both take time of one part, clearing up included."""
        parts = {leaf.id for leaf in self.room.leaves} & {leaf.id for leaf in other.room.leaves}
        return bool(parts) and self.until_cleared.overlaps(other.until_cleared)


@dataclass
class PlannedDate:
    """One date of the rule: how it stands, what is free instead, and what was chosen for it."""

    on: date
    place: Place  # as the rule has it
    standing: Standing
    words: str = ""  # what stands in the way; or what is special about the day
    choice: str = ""  # BOOK, SKIP or the token of another place; "" while somebody must still choose
    chosen: Place | None = None
    problem: str = ""  # why what was chosen cannot be
    others: list[Place] = field(default_factory=list)
    verdict: Verdict | None = None  # on what was chosen

    @property
    def waits(self) -> bool:
        """Whether a member of staff must agree."""
        return bool(self.verdict and self.verdict.waits)

    @property
    def notices(self) -> list[DomainError]:
        """Rules that staff who book for others may override."""
        return list(self.verdict.notices) if self.verdict else []

    @property
    def is_ok(self) -> bool:
        return self.standing is Standing.OK

    @property
    def may_be_had(self) -> bool:
        """Whether it can be booked as the rule has it; by staff also where only rules stand against it."""
        return self.is_ok or bool(self.notices and not (self.verdict and self.verdict.refusals))

    @property
    def usual(self) -> str:
        """What is chosen unless somebody says otherwise: nobody is taken to want a closed day."""
        is_wanted = self.may_be_had and self.standing in {Standing.OK, Standing.QUOTA, Standing.RULE}
        return BOOK if is_wanted else SKIP


@dataclass
class Plan:
    """All dates of a series before it is booked."""

    request: SeriesRequest
    dates: list[PlannedDate]

    @property
    def to_book(self) -> list[PlannedDate]:
        return [each for each in self.dates if each.chosen and not each.problem]

    @property
    def skipped(self) -> list[PlannedDate]:
        return [each for each in self.dates if each.choice == SKIP]

    @property
    def problems(self) -> list[PlannedDate]:
        return [each for each in self.dates if each.problem]

    @property
    def waits(self) -> bool:
        """All dates wait together where one of them needs somebody's agreement."""
        return any(each.waits for each in self.to_book)

    @property
    def against_rules(self) -> list[PlannedDate]:
        """The dates that staff book against a rule, for which they say why."""
        return [each for each in self.to_book if each.notices]


def plan_series(
    request: SeriesRequest,
    choices: Mapping[date, str],
    *,
    whose: OnBehalf,
    now: datetime,
    is_final: bool = True,
    looks_around: bool = True,
) -> Plan:
    """Look at every date and at what was chosen for it.

    At the end (`is_final`) what was chosen and cannot be is marked, and so is a date for which nothing was chosen:
    nothing is then decided for anybody. Before, such dates are booked where they can be, and else skipped. Unless it
    `looks_around` it does not say what is free instead.
    """
    days = dates_of(request.repeat)
    plan = Plan(request, [])
    if not days:
        return plan
    looking = Looking(request.room, days[0], days[-1], request.purpose_id, whose=whose, now=now)
    looking.looks_around = looks_around
    taken: list[Place] = []
    for day in days:
        planned = looking.at(day, Place(request.room, request.span_on(day)), request.people, taken)
        _choose(planned, choices.get(day, ""), looking, request.people, taken)
        if planned.problem and not is_final:
            planned.problem, planned.chosen = "", None
            _choose(planned, planned.usual, looking, request.people, taken)
        if planned.chosen and not planned.problem:
            taken.append(planned.chosen)
        plan.dates.append(planned)
    return plan


def series_refusals(
    request: SeriesRequest, *, whose: OnBehalf, now: datetime, instead_of: BookingSeries | None = None
) -> list[DomainError]:
    """What stands against the series as a whole: that the organisation has one in this room already."""
    limit = request.room.org_series_limit
    if whose.organisation is None or not limit:
        return []
    if count_live_series(request.room, whose.organisation, now=now, but=instead_of) < limit:
        return []
    words = ngettext(
        "The organisation has %(num)d series in this room already, which is the limit. End it first, or ask the desk.",
        "The organisation has %(num)d series in this room already, which is the limit. End one first, or ask the desk.",
        limit,
    )
    return [RuleBroken(words, field="party", facts={"rule": "series_limit", "limit": limit})]


def count_live_series(
    room: Room, organisation: Organisation, *, now: datetime, but: BookingSeries | None = None
) -> int:
    """How many series of the organisation have a date ahead in this room. What was split of one counts with it."""
    ahead = exists().where(
        SeriesDate.series_id == BookingSeries.id,
        Booking.id == SeriesDate.booking_id,
        Booking.ends_at > now,
        is_live_at(now),
    )
    query = select(func.count()).where(
        BookingSeries.room_id == room.id, BookingSeries.organisation_id == organisation.id, ahead
    )
    if but is not None:
        query = query.where(BookingSeries.id != but.id)
    return db.session.scalar(query) or 0


def place_of(token: str, day: date) -> Place | None:
    """The place a form speaks of, where it is one near that day; None for nonsense."""
    code, _slash, rest = token.partition("/")
    text, _slash, minutes = rest.partition("/")
    try:
        start = datetime.strptime(text, "%Y-%m-%dT%H:%M").replace(tzinfo=centre_zone())
        length = timedelta(minutes=int(minutes)) if minutes.isascii() and len(minutes) <= 4 else timedelta(0)
    except ValueError:
        return None
    if abs(start.date() - day) > FURTHEST or not timedelta(0) < length <= timedelta(days=1):
        return None
    room = find_room(code)
    return Place(room, Span(start, start + length)) if room and not room.is_retired else None


class Looking:
    """Looks at dates between two days; reads what all of them share once."""

    looks_around = True

    def __init__(
        self, room: Room, first: date, last: date, purpose_id: int | None, *, whose: OnBehalf, now: datetime
    ) -> None:
        self.room, self.whose, self.now, self.purpose_id = room, whose, now, purpose_id
        self.asker = Asker(whose.person, whose.organisation)
        first, last = first - OTHER_DAYS, last + OTHER_DAYS
        self.schedule: Schedule = load_schedule([room], first, last, zone=centre_zone())
        terms = load_terms([room], first, last, asker=self.asker, now=now)[room.id]
        self.facts = facts_for(room, first, last, now=now, schedule=self.schedule, terms=terms)
        self.rules = rules_of(room)

    def at(
        self, day: date, place: Place, people: int, taken: Sequence[Place], *, instead_of: Booking | None = None
    ) -> PlannedDate:
        """How a date stands where it is meant to be, and what is free instead."""
        verdict = self.judged(place, people, taken, instead_of=instead_of)
        standing = self._standing(day, place, [*verdict.refusals, *verdict.notices])
        words = " ".join(str(each) for each in (*verdict.refusals, *verdict.notices)) or self._special(day)
        planned = PlannedDate(day, place, standing, words, verdict=verdict)
        if self.looks_around:
            planned.others = list(self._others(day, place, people, taken, [*verdict.refusals, *verdict.notices]))
        return planned

    def judged(
        self, place: Place, people: int, taken: Sequence[Place], *, instead_of: Booking | None = None
    ) -> Verdict:
        """What the rules say to a place, and that no other date of the series takes it."""
        verdict = judge(
            place.room,
            self._wish(place, people, instead_of),
            person=self.whose.person,
            organisation=self.whose.organisation,
            now=self.now,
            instead_of=instead_of,
            planned=[each.span for each in taken],
        )
        if not verdict.refusals and any(place.meets(each) for each in taken):
            words = _("Another date of this series has this time.")
            return replace(verdict, refusals=[RuleBroken(words, facts={"rule": Rule.FREE.value})])
        return verdict

    def _wish(self, place: Place, people: int, booking: Booking | None = None) -> Wish:
        """One date of a series; one that is booked keeps its own wishes for setting up and access."""
        set_up, needs = (booking.set_up, booking.needed) if booking else ("", frozenset[AccessFeature]())
        wish = wish_for(
            place.room, place.span, people, self.whose.party, purpose_id=self.purpose_id, set_up=set_up, needs=needs
        )
        return replace(wish, in_series=True)

    def _standing(self, day: date, place: Place, refusals: Sequence[DomainError]) -> Standing:
        broken = {str(each.facts.get("rule", "")) for each in refusals}
        if not refusals:
            return Standing.OK
        if Rule.OPEN.value in broken:
            return Standing.HOLIDAY if self.schedule.weekday(day) == PUBLIC_HOLIDAY else Standing.CLOSED
        if Rule.FREE.value in broken:
            return Standing.CLOSED if self._is_closure(place) else Standing.CLASH
        return Standing.QUOTA if any("limit" in each or "quota" in each for each in broken) else Standing.RULE

    def _is_closure(self, place: Place) -> bool:
        span = place.until_cleared
        uses = uses_of([place.room], span, now=self.now).get(place.room.id, ())
        return any(use.kind is UseKind.CLOSURE and use.span.overlaps(span) for use in uses)

    def _special(self, day: date) -> str:
        """A public holiday is said even where the room is open."""
        named = self.schedule.calendar.get(day)
        if named is None or named.kind is not DayKind.HOLIDAY:
            return ""
        name = in_language(named.name, named.name_en)
        return _("Public holiday: %(name)s. The room is open.", name=name) if name else _("Public holiday")

    def _others(
        self, day: date, place: Place, people: int, taken: Sequence[Place], refusals: Sequence[DomainError]
    ) -> Iterator[Place]:
        """Free times of the same day; where the date is refused also other rooms then, or else days around it."""
        wish = self._wish(place, people)
        found = [Place(place.room, span) for span in self._times(wish, day)]
        if refusals:
            found += self._rooms(day, place, wish)
            if not found:
                found = [Place(place.room, span) for span in self._on_other_days(wish, day)]
        yield from (each for each in found if not any(each.meets(other) for other in taken))

    def _times(self, wish: Wish, day: date) -> list[Span]:
        """Three free times of that day, the nearest."""
        opened = [span for span in self.facts.open_spans if local_date(span.start) == day]
        facts: Facts = replace(self.facts, open_spans=tuple(opened))
        return [span for span in nearest_times(wish, self.rules, facts, count=4) if span != wish.span][:3]

    def _on_other_days(self, wish: Wish, day: date) -> list[Span]:
        """On each of the three nearest days that have one, the free time nearest to the same clock time."""
        found: list[Span] = []
        for n in sorted(range(-OTHER_DAYS.days, OTHER_DAYS.days + 1), key=lambda n: (abs(n), -n)):
            there = Span(wish.span.start + timedelta(days=n), wish.span.end + timedelta(days=n))
            opened = [span for span in self.facts.open_spans if local_date(span.start) == day + timedelta(days=n)]
            facts = replace(self.facts, open_spans=tuple(opened))
            found += nearest_times(replace(wish, span=there), self.rules, facts, count=1)
        return found[:3]

    def _rooms(self, day: date, place: Place, wish: Wish) -> list[Place]:
        """Two rooms that are free then, hold the people and bear the noise; the smallest first."""
        able = [
            room
            for room in all_rooms()
            if room.capacity >= wish.people
            and _LOUDNESS.index(room.noise) >= _LOUDNESS.index(place.room.noise)
            and not {leaf.id for leaf in room.leaves} & {leaf.id for leaf in place.room.leaves}
        ]
        free = [
            each.room for each in room_days(able, day, day, now=self.now) if not breaches(wish, each.rules, each.facts)
        ]
        return [Place(room, place.span) for room in sorted(free, key=lambda room: (room.capacity, room.id))[:2]]


def _choose(planned: PlannedDate, choice: str, looking: Looking, people: int, taken: Sequence[Place]) -> None:
    """Put in what was chosen for a date, and what stands against it."""
    planned.choice = choice
    if choice == SKIP:
        return
    if choice == BOOK:
        planned.chosen = planned.place
        if not planned.may_be_had:
            planned.problem, planned.choice = _("This date cannot be booked any more. Please choose again."), ""
        return
    planned.chosen = place_of(choice, planned.on)
    if planned.chosen is None:
        planned.problem, planned.choice = _("Please choose what to do with this date."), ""
        return
    planned.verdict = looking.judged(planned.chosen, people, taken)
    if refusals := planned.verdict.refusals:
        planned.problem, planned.choice = " ".join(str(each) for each in refusals), ""
    elif planned.chosen not in planned.others:
        planned.others.append(planned.chosen)
