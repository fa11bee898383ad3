"""What the rule book is told, and what it answers: wishes, facts, rules and breaches. Pure."""

import enum
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from center.bookings.rulebook.quotas import QuotaState
from center.bookings.rulebook.terms import NO_TERMS, PurposeTerms, Reserved, Terms
from center.kernel.spans import LocalSpan, Span
from center.rooms.models import AccessFeature
from center.rooms.rules import BookingRules


class Party(enum.StrEnum):
    """On whose footing a room is booked. Staff book for others, whose limits are notices to them."""

    ORGANISATION = "organisation"
    PERSON = "person"
    STAFF = "staff"


class Rule(enum.StrEnum):
    """The rules a booking can break."""

    AUDIENCE = "audience"
    CAPACITY = "capacity"
    CLOSED = "closed"
    FREE = "free"
    HORIZON = "horizon"
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


# Nobody books against these: the room is used or closed then, the time is over, or the room is not safe for so many.
NEVER_OVERRIDDEN = frozenset({Rule.CAPACITY, Rule.CLOSED, Rule.FREE, Rule.OWN, Rule.PAST})


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


@dataclass(frozen=True, kw_only=True)
class Facts:
    """How things stand: opening and taken time around the proposed use, and how many live bookings the party has."""

    now: datetime
    zone: ZoneInfo
    open_spans: tuple[Span, ...]
    taken: tuple[Span, ...]  # closed time included
    closed: tuple[ClosedTime, ...] = ()
    live_count: int = 0
    live_ends: tuple[datetime, ...] = ()  # when each of the live bookings is over, the first first
    terms: Terms = NO_TERMS
    account_waits: bool = False  # the desk has not yet confirmed who asks
    limited_until: datetime | None = None  # until when a member of staff decided that they book at the desk only


Limit = int | datetime | date | QuotaState | Reserved | PurposeTerms | ClosedTime | None


@dataclass(frozen=True)
class Breach:
    """A rule that the proposed use breaks, with the limit it sets."""

    rule: Rule
    field: str
    limit: Limit = None
