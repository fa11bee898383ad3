"""The best weekly times of rooms over a term, before anybody asks for one: "Tuesday and Thursday 14:30, 21 of 26 free".

Read in a number of statements that depends neither on rooms nor on days. Whoever books is judged again, date by date.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, select

from center.bookings.models import Booking
from center.bookings.rulebook.availability import is_over, of_use, rules_of
from center.bookings.rulebook.facts import Facts, Party, RoomRules, Terms
from center.bookings.rulebook.quotas import NOBODY, Asker
from center.bookings.rulebook.rule_facts import load_terms
from center.bookings.rulebook.rules import fitting_starts
from center.bookings.series.weekly_ranking import MOST, Lack, Ranked, Week, free_at, rank
from center.kernel.db import db
from center.kernel.i18n import centre_zone, local_date
from center.kernel.spans import Span, day_span, days, span_of
from center.rooms.models import PUBLIC_HOLIDAY, Occupancy, Room, RoomUse, UseKind
from center.rooms.queries import LONGEST_ROW, Schedule, load_schedule

LONGEST_TERM = 366  # days


@dataclass(frozen=True, kw_only=True)
class TermWants:
    """What somebody wants of a term: from when until when, on which weekdays, how often a week and how long."""

    first: date
    last: date
    week: Week
    party: Party = Party.ORGANISATION
    asker: Asker = NOBODY

    @property
    def dates(self) -> Iterator[date]:
        """The dates that could be meant; a term is at most a year."""
        last = min(self.last, self.first + timedelta(days=LONGEST_TERM - 1))
        return (day for day in days(self.first, last) if day.weekday() in self.week.weekdays)


@dataclass(frozen=True, kw_only=True)
class WeeklyTime:
    """A weekly time of a room: on how many of the dates it can be had, and why not on the others."""

    room: Room
    weekdays: tuple[int, ...]
    starts: time
    minutes: int
    free: int
    dates: tuple[date, ...]
    lacking: Mapping[date, Lack]

    @property
    def token(self) -> str:
        """Its room, weekdays and start as forms send them."""
        return f"{self.room.code}/{','.join(str(day) for day in self.weekdays)}T{self.starts:%H:%M}"

    def lacks(self, why: Lack) -> int:
        """How many dates it lacks for one reason."""
        return sum(each is why for each in self.lacking.values())


@dataclass(frozen=True)
class _Uses:
    """What takes a room's time on its days: all of it, and the closures among it."""

    taken: dict[date, list[Span]] = field(default_factory=dict)
    closed: dict[date, list[Span]] = field(default_factory=dict)


@dataclass(frozen=True)
class _Term:
    """A room over a term: its rules, what takes its time, and at which times it is free on each day."""

    room: Room
    rules: RoomRules
    uses: _Uses
    free: Mapping[date, frozenset[time]]
    bookable: "_Bookable"


def best_times(rooms: Sequence[Room], wish: TermWants, *, now: datetime, most: int = MOST) -> list[WeeklyTime]:
    """The best weekly times of these rooms, the best first; among equals those of earlier rooms."""
    schedule, terms = _read(rooms, wish, now=now)
    ranked = rank([each.free for each in terms], wish.week, most=most)
    return [_explained(each, terms[each.room], wish, schedule) for each in ranked]


def weekly_time(room: Room, wish: TermWants, starts: time, *, now: datetime) -> WeeklyTime:
    """How one weekly time of a room stands."""
    schedule, [term] = _read([room], wish, now=now)
    return _explained(free_at(term.free, wish.week.weekdays, starts), term, wish, schedule)


def free_counts(room: Room, wish: TermWants, dates: Sequence[date], *, now: datetime) -> tuple[dict[time, int], int]:
    """On how many of these dates each start is free, and how many dates there are."""
    _schedule, [term] = _read([room], replace(wish, first=min(dates), last=max(dates)), now=now)
    counts: dict[time, int] = {}
    for day in dates:
        for start in term.free.get(day, ()):
            counts[start] = counts.get(start, 0) + 1
    return counts, len(dates)


def _read(rooms: Sequence[Room], wish: TermWants, *, now: datetime) -> tuple[Schedule, list[_Term]]:
    dates = list(wish.dates)
    first, last = min(dates, default=wish.first), max(dates, default=wish.first)
    schedule = load_schedule(rooms, first, last, zone=centre_zone())
    uses = _uses(rooms, first, last, now=now)
    kept = load_terms(rooms, first, last, asker=wish.asker, now=now) if rooms else {}
    terms = []
    for room in rooms:
        rules, taken = rules_of(room), uses[room.id]
        reserved = _reserved(kept[room.id], wish)
        bookable = _Bookable.of(rules, wish, now=now)
        free = {
            day: _free_starts(
                day, room, rules, schedule, (*taken.taken.get(day, ()), *reserved.get(day, ())), wish, bookable
            )
            for day in dates
        }
        terms.append(_Term(room, rules, taken, free, bookable))
    return schedule, terms


def _free_starts(
    day: date,
    room: Room,
    rules: RoomRules,
    schedule: Schedule,
    taken: tuple[Span, ...],
    wish: TermWants,
    bookable: "_Bookable",
) -> frozenset[time]:
    """The clock times of a day at which the rule book finds the length free, open, and in a window."""
    if not bookable.first <= day <= bookable.last:
        return frozenset()
    facts = Facts(now=bookable.now, zone=schedule.zone, open_spans=tuple(schedule.open_spans(room, day)), taken=taken)
    starts = fitting_starts(timedelta(minutes=wish.week.minutes), rules, facts)
    is_near = day <= bookable.near
    return frozenset(_clock(start, facts) for start in starts if not is_near or start >= bookable.earliest)


def _clock(moment: datetime, facts: Facts) -> time:
    return moment.astimezone(facts.zone).time().replace(tzinfo=None)


@dataclass(frozen=True)
class _Bookable:
    """The days that a series of a party may have in a room: neither over nor too far ahead; and from when on."""

    now: datetime
    first: date
    last: date
    earliest: datetime
    near: date  # until this day the notice that the room wants matters

    @classmethod
    def of(cls, rules: RoomRules, wish: TermWants, *, now: datetime) -> "_Bookable":
        """Looked up once for all days of a term."""
        today = local_date(now)
        earliest = now if wish.party is Party.STAFF else now + timedelta(minutes=rules.notice_minutes)
        last = today + timedelta(days=rules.horizon(wish.party, in_series=True))
        return cls(now, today, last, earliest, local_date(earliest))


def _explained(ranked: Ranked, term: _Term, wish: TermWants, schedule: Schedule) -> WeeklyTime:
    lacking = {
        day: _why(day, ranked.starts, term, wish, schedule)
        for day in ranked.dates
        if ranked.starts not in term.free[day]
    }
    return WeeklyTime(
        room=term.room,
        weekdays=ranked.weekdays,
        starts=ranked.starts,
        minutes=wish.week.minutes,
        free=ranked.free,
        dates=ranked.dates,
        lacking=lacking,
    )


def _why(day: date, starts: time, term: _Term, wish: TermWants, schedule: Schedule) -> Lack:
    """What is most telling: it is no date to book, a holiday, closed, or taken by others."""
    if not term.bookable.first <= day <= term.bookable.last:
        return Lack.UNBOOKABLE
    span = span_of(day, starts, wish.week.minutes, schedule.zone)
    if not any(opened.covers(span) for opened in schedule.open_spans(term.room, day)):
        return Lack.HOLIDAY if schedule.weekday(day) == PUBLIC_HOLIDAY else Lack.CLOSED
    until_cleared = replace(span, end=span.end + term.rules.buffer)
    if any(each.overlaps(until_cleared) for each in term.uses.closed.get(day, ())):
        return Lack.CLOSED
    if any(each.overlaps(until_cleared) for each in term.uses.taken.get(day, ())):
        return Lack.TAKEN
    return Lack.UNBOOKABLE


def _reserved(terms: Terms, wish: TermWants) -> dict[date, list[Span]]:
    """Hours that are kept for others, by day; staff may take them."""
    kept: dict[date, list[Span]] = {}
    if wish.party is not Party.STAFF:
        for each in terms.reserved:
            kept.setdefault(local_date(each.span.start), []).append(each.span)
    return kept


def _uses(rooms: Sequence[Room], first: date, last: date, *, now: datetime) -> dict[int, _Uses]:
    """What takes time of each room, by day; read at once for all of them."""
    zone = centre_zone()
    within = Span(day_span(first, zone).start, day_span(last + timedelta(days=1), zone).end)
    found = {room.id: _Uses() for room in rooms}
    takers: dict[int, list[tuple[_Uses, timedelta]]] = {}
    for room in rooms:
        for leaf in room.leaves:
            takers.setdefault(leaf.id, []).append((found[room.id], rules_of(room).buffer))
    for row in db.session.execute(_rows(sorted(takers), within)):
        if not is_over(now, held_until=row.held_until, status=row.status, expires_at=row.expires_at or row.starts_at):
            for uses, buffer in takers[row.room_id]:
                _enter(uses, Span(row.starts_at, row.clear_at), buffer, zone, is_closed=row.kind is UseKind.CLOSURE)
    return found


def _rows(part_ids: Sequence[int], within: Span) -> Select[Any]:
    """The rows of the ledger in a span, with no more than says whether they still count."""
    return (
        select(
            Occupancy.room_id,
            Occupancy.starts_at,
            Occupancy.clear_at,
            of_use(RoomUse.kind),
            of_use(RoomUse.held_until),
            Booking.status,
            Booking.expires_at,
        )
        .select_from(Occupancy)
        .outerjoin(Booking, Booking.use_id == Occupancy.use_id)
        .where(
            Occupancy.room_id.in_(part_ids),
            Occupancy.clear_at > within.start,
            Occupancy.clear_at < within.end + LONGEST_ROW,
            Occupancy.starts_at < within.end,
        )
    )


def _enter(uses: _Uses, span: Span, buffer: timedelta, zone: ZoneInfo, *, is_closed: bool) -> None:
    """Put a use to every day whose uses it could keep from the room, clearing up included."""
    first, last = (moment.astimezone(zone).date() for moment in (span.start - buffer, span.end))
    for day in days(first, last):
        uses.taken.setdefault(day, []).append(span)
        if is_closed:
            uses.closed.setdefault(day, []).append(span)
