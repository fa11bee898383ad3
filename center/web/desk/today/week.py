"""The director's week: what is late, due today and in the seven days to come, in a fixed number of reads."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from center.allocation.models import AllocationRound, RoundState
from center.allocation.rounds.queries import rounds_under_way
from center.allocation.words import STATES
from center.bookings.approvals.listing import Request, count_to_decide, to_decide
from center.bookings.rulebook.availability import RoomDay, room_days
from center.bookings.rulebook.segments import SegmentState
from center.incubator.filings.queries import FilingLine, lines
from center.incubator.models.incubations import Incubation, IncubationStage
from center.incubator.models.publications import Publication
from center.incubator.publication.publishing import not_yet_decided
from center.incubator.queries import listed
from center.incubator.registration.queries import Entry, register
from center.incubator.registration.rules import Validity
from center.incubator.stages.clock import calendar_around
from center.incubator.stages.deadlines import Due, how_due
from center.kernel.i18n import local_date
from center.rooms.models import Room
from center.rooms.queries import rooms_on_boards
from center.timetable.boards import IN_USE

A_WEEK = timedelta(days=7)
SHOWN = 5
APPLICATIONS = (IncubationStage.SUBMITTED, IncubationStage.SCREENING, IncubationStage.RECONSIDERED)
REVIEWS = (IncubationStage.REVIEW, IncubationStage.MID_REVIEW)
OTHER_STEPS = (IncubationStage.SIGNING, IncubationStage.WITHDRAWING)
TO_RENEW = (Validity.LAPSED, Validity.RENEW)
SHUT = (SegmentState.CLOSED, SegmentState.SHUT)


@dataclass(frozen=True)
class RoomWeek:
    """How much of a room's open time of the seven days is used, in minutes; and whether nobody uses it today."""

    room: Room
    used: int
    open: int
    is_idle_today: bool

    @property
    def share(self) -> int:
        """The share of it that is used, in hundredths, rounded down."""
        return self.used * 100 // self.open


@dataclass(frozen=True)
class TermStep:
    """A round of allocation that is under way, what it waits for and until when."""

    found: AllocationRound
    state: tuple[Any, str]
    until: datetime | None
    waits_for_staff: bool  # its result can be worked out, or lies there and is not published


@dataclass(frozen=True, kw_only=True)
class Organisations:
    """The organisations of the incubator that wait for the centre, what is due first on top."""

    applications: Sequence[Incubation]
    reviews: Sequence[Incubation]
    others: Sequence[Incubation]
    dues: Mapping[int, Due]


@dataclass(frozen=True, kw_only=True)
class Week:
    """All that the director looks at in the morning, without the counts of the desk's first page."""

    today: date
    last: date
    requests: Sequence[Request]
    request_count: int
    organisations: Organisations
    publications: Sequence[Publication]
    late_filings: Sequence[FilingLine]
    renewals: Sequence[Entry]
    terms: Sequence[TermStep]
    rooms: Sequence[RoomWeek]

    @property
    def idle_today(self) -> list[RoomWeek]:
        """The rooms that are open today and used by nobody."""
        return [each for each in self.rooms if each.is_idle_today]


def directors_week(now: datetime) -> Week:
    """What the director is to know of today and the six days after it."""
    today = local_date(now)
    last = today + A_WEEK - timedelta(days=1)
    return Week(
        today=today,
        last=last,
        requests=to_decide(now, limit=SHOWN),
        request_count=count_to_decide(now),
        organisations=_organisations(today),
        publications=not_yet_decided(),
        late_filings=[each for each in lines(today) if each.is_late],
        renewals=[each for each in register(today) if each.validity in TO_RENEW],
        terms=[_step(each, now=now) for each in rounds_under_way()],
        rooms=rooms_of_week(room_days(rooms_on_boards(), today, last, now=now), today=today),
    )


def rooms_of_week(days: Sequence[RoomDay], *, today: date) -> list[RoomWeek]:
    """How much each room is used in these days, the least used first; what is never open is left out. Pure."""
    by_room: dict[int, list[RoomDay]] = {}
    for each in days:
        by_room.setdefault(each.room.id, []).append(each)
    found = [_of_room(each, today=today) for each in by_room.values()]
    return sorted((each for each in found if each.open), key=lambda each: (each.share, each.room.code))


def _of_room(days: Sequence[RoomDay], *, today: date) -> RoomWeek:
    used = all_open = 0
    is_idle_today = False
    for each in days:
        pieces = [(piece.state, _minutes(piece.end - piece.start)) for piece in each.segments]
        used += sum(minutes for state, minutes in pieces if state in IN_USE and state not in SHUT)
        all_open += sum(minutes for state, minutes in pieces if state not in SHUT)
        if each.day == today:
            is_idle_today = bool(pieces) and not any(state in IN_USE for state, _minutes_ in pieces)
    return RoomWeek(days[0].room, used, all_open, is_idle_today)


def _minutes(length: timedelta) -> int:
    return int(length.total_seconds()) // 60


def _organisations(today: date) -> Organisations:
    found = listed()
    calendar = calendar_around(today)
    return Organisations(
        applications=[each for each in found if each.stage in APPLICATIONS],
        reviews=[each for each in found if each.stage in REVIEWS],
        others=[each for each in found if each.stage in OTHER_STEPS],
        dues={each.id: how_due(each.due_on, today=today, calendar=calendar) for each in found},
    )


def _step(found: AllocationRound, *, now: datetime) -> TermStep:
    is_open = found.state is RoundState.OPEN
    until = found.opens_at if is_open and now < found.opens_at else found.closes_at if is_open else None
    waits = found.is_closed(now) or found.state is RoundState.DRAFT
    return TermStep(found, STATES[found.state], None if waits else until, waits)
