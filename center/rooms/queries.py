"""Ordered reads of rooms, and when they are open: weekday hours, holidays, make-up working days, other hours."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import selectinload
from sqlalchemy.orm.strategy_options import _AbstractLoad

from center.kernel.caching.json_rows import AnySelect, Listing
from center.kernel.caching.read_cache import while_settings_stand
from center.kernel.db import db, must_find
from center.kernel.i18n import centre, in_language
from center.kernel.i18n import gettext as _
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.spans import LocalSpan, Span, intersect, merge
from center.premises.library import NamedDay
from center.premises.models import DayKind
from center.premises.queries import calendar_days
from center.rooms.models import PUBLIC_HOLIDAY, ExceptionSpan, HoursException, Room
from center.rooms.rules import CODE

NO_SUCH_ROOM = _l("There is no room with this code.")
LONGEST_ROW = timedelta(hours=25)  # the ledger splits longer uses by day


def find_room(code: str) -> Room | None:
    """The room or part with this code, with everything its page and its rules need."""
    if not CODE.fullmatch(code):
        return None  # no room has such a code, and PostgreSQL would choke on some
    return db.session.scalar(select(Room).where(Room.code == code).options(*whole_room()))


def get_room(code: str) -> Room:
    """Like find_room; raises NotFound."""
    return must_find(find_room(code), NO_SUCH_ROOM)


def all_rooms(*, with_retired: bool = False) -> Sequence[Room]:
    """All rooms and parts, each part right after its whole."""
    query = select(Room).options(*whole_room()).order_by(Room.position, Room.code)
    if not with_retired:
        query = query.where(Room.is_retired.is_(False))
    return sorted(db.session.scalars(query).all(), key=after_its_whole)


def rooms_on_boards() -> Sequence[Room]:
    """All rooms in use with what says when they are open and how they are booked, but not what stands in them."""
    query = select(Room).options(*_hours_of_room()).where(Room.is_retired.is_(False))
    return sorted(db.session.scalars(query).all(), key=after_its_whole)


def after_its_whole(room: Room) -> tuple[int, str, bool, int, str]:
    """An order in which the parts of a divided room follow it."""
    whole = room.parent or room
    return whole.position, whole.code, room is not whole, room.position, room.code


def whole_room() -> tuple[_AbstractLoad, ...]:
    """Load options for everything that a room's page and its rules need."""
    return (*_hours_of_room(), selectinload(Room.equipment), selectinload(Room.features))


def _hours_of_room() -> tuple[_AbstractLoad, ...]:
    parent = selectinload(Room.parent)
    return (
        selectinload(Room.parts).selectinload(Room.hours),
        parent.selectinload(Room.hours),
        parent.selectinload(Room.windows),
        selectinload(Room.hours),
        selectinload(Room.windows),
    )


MONDAY, SATURDAY = 0, 5


def _exceptions_between(first: Any, last: Any) -> AnySelect:
    return (
        select(
            HoursException.id,
            HoursException.room_id,
            HoursException.on_date,
            HoursException.reason,
            HoursException.reason_en,
            ExceptionSpan.opens,
            ExceptionSpan.closes,
        )
        .outerjoin(ExceptionSpan, ExceptionSpan.exception_id == HoursException.id)
        .where(HoursException.on_date.between(first, last))
    )


EXCEPTIONS = Listing(_exceptions_between(bindparam("first"), bindparam("last")))


@dataclass(frozen=True)
class OtherHours:
    """What an exception says of one date: the hours instead of the usual ones; none means closed."""

    hours: tuple[LocalSpan, ...] = ()
    reason: str = ""
    reason_en: str = ""


@dataclass(frozen=True)
class Schedule:
    """When rooms are open on the days it was loaded for. `exceptions` are by (room id or None for all, date)."""

    zone: ZoneInfo
    calendar: Mapping[date, NamedDay]
    exceptions: Mapping[tuple[int | None, date], OtherHours]

    def open_spans(self, room: Room, day: date) -> list[Span]:
        """When the room is open that day, in order. A whole is open only while its parts are."""
        spans = merge(hours.on(day, self.zone) for hours in self._hours(room, day))
        for part in room.parts:
            if self._differs(part, day):
                spans = intersect(spans, [hours.on(day, self.zone) for hours in self._hours(part, day)])
        return spans

    def closed_reason(self, room: Room, day: date) -> str:
        """Why the room is closed all that day, in the reader's language; "" when it is open."""
        if self.open_spans(room, day):
            return ""
        for each in (room, *room.parts):
            if not self._hours(each, day):
                return self._reason(each, day)
        return _("Closed on this day")

    def exception_for(self, room: Room, day: date) -> OtherHours | None:
        """The exception that rules this room that day: its own, else its whole's, else the centre's."""
        keys = ((room_id, day) for room_id in (room.id, room.parent_id, None))
        return next((self.exceptions[key] for key in keys if key in self.exceptions), None)

    def weekday(self, day: date) -> int:
        """Whose weekday's hours count: 7 on a public holiday, Monday's on a weekend day that is worked."""
        named = self.calendar.get(day)
        if named and named.kind is DayKind.HOLIDAY:
            return PUBLIC_HOLIDAY
        if named and named.kind is DayKind.WORKING and day.weekday() >= SATURDAY:
            return MONDAY
        return day.weekday()

    def _hours(self, room: Room, day: date) -> list[LocalSpan]:
        if exception := self.exception_for(room, day):
            return list(exception.hours)
        weekday = self.weekday(day)
        return [LocalSpan(row.opens, row.closes) for row in own_hours(room).hours if row.weekday == weekday]

    def _differs(self, part: Room, day: date) -> bool:
        return bool(part.hours) or (part.id, day) in self.exceptions

    def _reason(self, room: Room, day: date) -> str:
        if exception := self.exception_for(room, day):
            return in_language(exception.reason, exception.reason_en) or _("Closed on this day")
        named = self.calendar.get(day)
        if named and named.kind is DayKind.HOLIDAY:
            name = in_language(named.name, named.name_en)
            return _("Public holiday: %(name)s", name=name) if name else _("Public holiday")
        return _closed_weekdays()[self.weekday(day)]


def load_schedule(rooms: Sequence[Room], first: date, last: date, *, zone: ZoneInfo) -> Schedule:
    """When these rooms are open from first to last; kept while the settings stand, so nobody changes it."""
    ids = {room.id for room in rooms} | {room.parent_id for room in rooms if room.parent_id}
    ids |= {part.id for room in rooms for part in room.parts}

    def read() -> Schedule:
        return Schedule(zone=zone, calendar=calendar_days(first, last), exceptions=_exceptions(ids, first, last))

    return while_settings_stand(("schedule", centre().holiday_country, frozenset(ids), first, last, zone), read)


def own_hours(room: Room) -> Room:
    """The room whose weekly hours count: itself, or its whole when a part has no hours of its own."""
    return room.parent if room.parent and not room.hours else room


def _exceptions(room_ids: set[int], first: date, last: date) -> dict[tuple[int | None, date], OtherHours]:
    years = (_exceptions_of(room_ids, year) for year in range(first.year, last.year + 1))
    return {key: hours for each in years for key, hours in each.items() if first <= key[1] <= last}


def _exceptions_of(room_ids: set[int], year: int) -> dict[tuple[int | None, date], OtherHours]:
    def read() -> dict[tuple[int | None, date], OtherHours]:
        theirs = or_(HoursException.room_id.is_(None), HoursException.room_id.in_(sorted(room_ids)))
        query = _exceptions_between(date(year, 1, 1), date(year, 12, 31)).where(theirs)
        return other_hours(db.session.connection().execute(query))

    return while_settings_stand(("exceptions", frozenset(room_ids), year), read)


def other_hours(rows: Iterable[Any]) -> dict[tuple[int | None, date], OtherHours]:
    """Rows of exceptions, each with one of its spans, put together."""
    found: dict[tuple[int | None, date], OtherHours] = {}
    for row in sorted(rows, key=lambda row: (row.id, row.opens or time(0))):
        key = (row.room_id, row.on_date)
        before = found.get(key, OtherHours(reason=row.reason, reason_en=row.reason_en))
        hours = (*before.hours, LocalSpan(row.opens, row.closes)) if row.opens is not None else before.hours
        found[key] = OtherHours(hours, before.reason, before.reason_en)
    return found


def _closed_weekdays() -> list[str]:
    return [
        _("Closed on Mondays"),
        _("Closed on Tuesdays"),
        _("Closed on Wednesdays"),
        _("Closed on Thursdays"),
        _("Closed on Fridays"),
        _("Closed on Saturdays"),
        _("Closed on Sundays"),
    ]
