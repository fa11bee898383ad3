"""A room's month as a reader meets it: each day free, full, closed or over. Pure: facts come in, nothing is read."""

import enum
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from center.bookings.rulebook.availability import RoomDay
from center.bookings.rulebook.segments import SegmentState
from center.premises.library import NamedDay
from center.timetable.boards import Stretches


class DayState(enum.StrEnum):
    """What a day of a room is, to somebody who looks for time."""

    CLOSED = "closed"
    FREE = "free"
    FULL = "full"
    LATER = "later"  # time is left, but it is too far ahead to book it
    OTHERWISE = "otherwise"  # time is left, which only the desk can give: it is too soon, or the desk's room
    PAST = "past"


@dataclass(frozen=True, slots=True)
class MonthDay:
    """One day: how it stands, how many stretches of it are free, why it is closed, and what the calendar calls it."""

    day: date
    state: DayState
    free: int = 0
    reason: str = ""
    named: NamedDay | None = None


@dataclass(frozen=True, slots=True)
class Month:
    """The days of one month."""

    days: tuple[MonthDay, ...]

    @property
    def first(self) -> date:
        """The first day that is drawn."""
        return self.days[0].day

    @property
    def last(self) -> date:
        """The last day that is drawn."""
        return self.days[-1].day

    @property
    def weeks(self) -> list[list[MonthDay | None]]:
        """The days in weeks from Monday to Sunday; None for a day of another month."""
        cells: list[MonthDay | None] = [None] * self.first.weekday() + list(self.days)
        cells += [None] * (-len(cells) % 7)
        return [cells[n : n + 7] for n in range(0, len(cells), 7)]


def month_of(day: date) -> tuple[date, date]:
    """The first and the last day of the month in which a day lies."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)


def make_month(
    room_days: Sequence[RoomDay],
    calendar: Mapping[date, NamedDay],
    may_book: Stretches,
    *,
    now: datetime,
    zone: ZoneInfo,
    furthest: int,
) -> Month:
    """The month of one room from its days, for a reader who may book what `may_book` says.

    `furthest` is how many days ahead they may book at most; 0 where they may not book the room at all.
    """
    today = now.astimezone(zone).date()
    days = []
    for room_day in room_days:
        free = len(may_book(room_day)) if room_day.day >= today else 0
        state, reason = _state_of(room_day, has_offers=bool(free), now=now, today=today, furthest=furthest)
        days.append(MonthDay(room_day.day, state, free, reason, calendar.get(room_day.day)))
    return Month(tuple(days))


def _state_of(
    room_day: RoomDay, *, has_offers: bool, now: datetime, today: date, furthest: int
) -> tuple[DayState, str]:
    if room_day.day < today:
        return DayState.PAST, ""
    if not room_day.segments:
        return DayState.CLOSED, room_day.closed_reason
    if room_day.segments[-1].end <= now:
        return DayState.PAST, ""
    if has_offers:
        return DayState.FREE, ""
    states = {segment.state for segment in room_day.segments}
    if not states & {SegmentState.FREE, SegmentState.BOOKED, SegmentState.HELD, SegmentState.PAST}:
        closed = [segment for segment in room_day.segments if segment.state is SegmentState.CLOSED]
        return DayState.CLOSED, closed[0].label if closed else ""
    if not room_day.free_starts(room_day.room.min_minutes):
        return DayState.FULL, ""
    is_later = furthest and room_day.day > today + timedelta(days=furthest)
    return (DayState.LATER if is_later else DayState.OTHERWISE), ""
