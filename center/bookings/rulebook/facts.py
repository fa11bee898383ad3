"""What the rule book is told, and what it answers: wishes, facts, rules and breaches. Pure."""

import enum
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from center.bookings.models import BookingStatus
from center.bookings.rulebook.quotas import ALL_WEEKDAYS, KindOf, QuotaState, QuotaUses, local_days
from center.kernel.spans import LocalSpan, Span, days, merge
from center.rooms.models import AccessFeature, Room, UseKind
from center.rooms.rule_models import PurposeRule
from center.rooms.rules import BookingRules


@dataclass(frozen=True)
class Named:
    """Something with a name in both languages."""

    name: str
    name_en: str = ""


@dataclass(frozen=True)
class DayHours:
    """Hours on some weekdays, where 7 is a public holiday."""

    weekdays: frozenset[int]
    hours: LocalSpan


@dataclass(frozen=True, kw_only=True)
class Priority:
    """Hours that are kept for somebody, until so many days before if they are released at all."""

    name: Named
    hours: LocalSpan
    weekdays: frozenset[int] = ALL_WEEKDAYS
    release_days: int | None = None
    starts_on: date | None = None
    ends_on: date | None = None

    def is_kept_on(self, day: date, *, today: date, kind: int) -> bool:
        """Whether the hours are kept on this day, seen from today."""
        if (
            kind not in self.weekdays
            or (self.starts_on and day < self.starts_on)
            or (self.ends_on and day > self.ends_on)
        ):
            return False
        return self.release_days is None or day - today > timedelta(days=self.release_days)


@dataclass(frozen=True)
class Reserved:
    """Time that is kept for others."""

    span: Span
    priority: Priority


@dataclass(frozen=True)
class PurposeTerms:
    """A kind of use and what becomes of it in this room."""

    id: int
    name: Named
    rule: PurposeRule


@dataclass(frozen=True, kw_only=True)
class Terms:
    """All of it for one room: time kept for others, hours without approval, who may come, what for, and quotas."""

    reserved: tuple[Reserved, ...] = ()
    approval_hours: tuple[DayHours, ...] = ()
    audience: tuple[Named, ...] = ()  # groups of people; none means that the room is for everybody
    is_invited: bool = True  # whether the party belongs to one of them
    purposes: Mapping[int, PurposeTerms] = field(default_factory=dict)
    quotas: tuple[QuotaUses, ...] = ()
    kinds: Mapping[date, int] = field(default_factory=dict)  # days whose rules are not those of their weekday

    def kind_of(self, day: date) -> int:
        """The weekday whose rules count on a date; 7 on a public holiday."""
        return self.kinds.get(day, day.weekday())


NO_TERMS = Terms()


def reserve(
    priorities: Iterable[Priority], first: date, last: date, *, today: date, kind_of: KindOf, zone: ZoneInfo
) -> Iterator[Reserved]:
    """The time that is kept on these days, by day."""
    known = list(priorities)
    for day in days(first, last):
        for each in known:
            if each.is_kept_on(day, today=today, kind=kind_of(day)):
                yield Reserved(each.hours.on(day, zone), each)


def is_within(use: Span, allowed: Iterable[DayHours], *, kind_of: KindOf, zone: ZoneInfo) -> bool:
    """Whether all of a use lies inside the hours."""
    known = list(allowed)
    spans = [e.hours.on(day, zone) for day in local_days(use, zone) for e in known if kind_of(day) in e.weekdays]
    return any(span.covers(use) for span in merge(spans))


class Party(enum.StrEnum):
    """On whose footing a room is booked. Staff book for others, whose limits are notices to them."""

    ORGANISATION = "organisation"
    PERSON = "person"
    STAFF = "staff"


class Rule(enum.StrEnum):
    """The rules a booking can break."""

    ALLOWANCE = "allowance"
    AUDIENCE = "audience"
    CAPACITY = "capacity"
    CLOSED = "closed"
    FREE = "free"
    HORIZON = "horizon"
    LEAVING = "leaving"
    LIMITED = "limited"
    LIVE_LIMIT = "live_limit"
    LONGEST = "longest"
    MIN_PEOPLE = "min_people"
    NEEDS = "needs"
    NOTICE = "notice"
    OPEN = "open"
    OWN = "own"
    PARTY = "party"
    PAST = "past"
    PRIORITY = "priority"
    PURPOSE = "purpose"
    QUOTA = "quota"
    SHORTEST = "shortest"
    STEP = "step"
    WINDOW = "window"


# Nobody books against these: the room is used or closed then, the time is over, the room is not safe for so many, or
# whoever asks has left by then.
NEVER_OVERRIDDEN = frozenset({Rule.CAPACITY, Rule.CLOSED, Rule.FREE, Rule.LEAVING, Rule.OWN, Rule.PAST})


# What need not be said beside a rule that says it all: one mistake has one answer.
SAID_BY: Mapping[Rule, frozenset[Rule]] = {
    Rule.PARTY: frozenset({Rule.AUDIENCE, Rule.HORIZON, Rule.LIVE_LIMIT, Rule.LONGEST, Rule.QUOTA}),
    Rule.LIMITED: frozenset({Rule.LIVE_LIMIT, Rule.QUOTA}),
    Rule.LIVE_LIMIT: frozenset({Rule.QUOTA}),
    Rule.PAST: frozenset({Rule.CLOSED, Rule.FREE, Rule.NOTICE, Rule.OPEN, Rule.PRIORITY, Rule.WINDOW}),
    Rule.OPEN: frozenset({Rule.CLOSED, Rule.FREE, Rule.PRIORITY}),
    Rule.CLOSED: frozenset({Rule.FREE}),
}


class Agreement(enum.StrEnum):
    """Why a booking needs a member of staff to agree."""

    ACCOUNT = "account"
    ALLOWANCE = "allowance"
    HOURS = "hours"
    PEOPLE = "people"
    PURPOSE = "purpose"
    ROOM = "room"


@dataclass(frozen=True, kw_only=True)
class RoomRules(BookingRules):
    """A room's booking settings as plain values, with what else the rule book needs to know of the room."""

    capacity: int
    windows: tuple[LocalSpan, ...] = ()

    @property
    def buffer(self) -> timedelta:
        """For how long the room is cleared after each use."""
        return timedelta(minutes=self.buffer_minutes)

    def longest(self, party: Party) -> int | None:
        """The longest use in minutes, or None for staff, whom only the opening hours bind."""
        return {Party.PERSON: self.max_minutes, Party.ORGANISATION: self.org_max_minutes}.get(party)

    def horizon(self, party: Party, *, in_series: bool = False) -> int:
        """How many days ahead a use may end. Organisations' series reach further than their single bookings."""
        if in_series and party is not Party.STAFF:
            return max(self.series_weeks * 7, self.org_horizon_days)
        return {Party.PERSON: self.horizon_days, Party.ORGANISATION: self.org_horizon_days}.get(party, 366)


@dataclass(frozen=True)
class ProposedUse:
    """What is asked for."""

    span: Span
    people: int
    party: Party
    purpose_id: int | None = None  # which kind of use it is, where staff keep a list of them
    extra_minutes: int = 0  # of clearing up, on top of the room's own
    needs: frozenset[AccessFeature] = frozenset()
    in_series: bool = False  # one date of a series, which may lie further ahead than a single booking

    def until_cleared(self, room: RoomRules) -> Span:
        """The time that the use takes with what is cleared up after it."""
        return Span(self.span.start, self.span.end + room.buffer + timedelta(minutes=self.extra_minutes))


@dataclass(frozen=True)
class ClosedTime:
    """Time in which the room is closed; `until` is when it opens again, `reason` what the public may read of why."""

    span: Span
    until: datetime
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Use:
    """A use of a room as the ledger has it, with what may be said of it."""

    room_id: int
    span: Span  # until cleared
    kind: UseKind
    ends_at: datetime
    label: str
    booking_reference: str | None
    booking_status: BookingStatus | None = None
    closed: ClosedTime | None = None  # of a closure
    is_hidden: bool = False  # in a confidential room, where only "in use" may be said


@dataclass(frozen=True, kw_only=True)
class MonthHours:
    """How long an organisation may use rooms in a month by what is agreed with it, and how much of that is used."""

    allowed: int  # minutes
    used: int
    asks: bool  # whether staff must agree to more; otherwise it is refused

    @property
    def is_over(self) -> bool:
        """Whether more is used already than is agreed."""
        return self.used > self.allowed

    def is_kept(self, span: Span) -> bool:
        """Whether a use of this length is still within what is agreed."""
        return self.used + int(span.length.total_seconds()) // 60 <= self.allowed


@dataclass(frozen=True, kw_only=True)
class Facts:
    """How things stand: opening and taken time around the proposed use, and how many live bookings the party has."""

    now: datetime
    zone: ZoneInfo
    open_spans: tuple[Span, ...] = ()
    taken: tuple[Span, ...] = ()  # closed time included
    closed: tuple[ClosedTime, ...] = ()
    live_count: int = 0
    live_ends: tuple[datetime, ...] = ()  # when each of the live bookings is over, the first first
    terms: Terms = NO_TERMS
    account_waits: bool = False  # the desk has not yet confirmed who asks
    uses_until: datetime | None = None  # when the organisation that asks has left
    agreed: Mapping[tuple[int, date], MonthHours] = field(default_factory=dict)  # with organisations, by month
    hours: MonthHours | None = None  # of the one that asks, in the month of the use
    limited_until: datetime | None = None  # until when a member of staff decided that they book at the desk only


Limit = int | datetime | date | QuotaState | Reserved | PurposeTerms | ClosedTime | MonthHours | None


@dataclass(frozen=True)
class Breach:
    """A rule that the proposed use breaks, with the limit it sets."""

    rule: Rule
    field: str
    limit: Limit = None


def propose(
    room: Room,
    span: Span,
    people: int,
    party: Party,
    *,
    purpose_id: int | None = None,
    set_up: str = "",
    needs: Iterable[AccessFeature] = (),
) -> ProposedUse:
    """A use proposed for this room. One that wants it set up takes the room for longer, where the room says so."""
    extra = room.set_up_minutes if set_up.strip() else 0
    return ProposedUse(span, people, party, purpose_id, extra, frozenset(needs))
