"""Writes of when rooms are open: weekly hours, fixed windows, and other hours on one date."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select

from center.kernel.acts import Act
from center.kernel.affected_uses import DecideUses
from center.kernel.db import db
from center.kernel.errors import RuleBroken
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.i18n import local_date
from center.kernel.spans import LocalSpan
from center.kernel.trail import note
from center.people.models import Person
from center.rooms.models import BookingWindow, ExceptionSpan, HoursException, OpeningHours, Room
from center.rooms.queries import all_rooms
from center.rooms.rules import Window
from center.rooms.uses import refuse, uses_keep_their_hours

Week = Sequence[Sequence[LocalSpan]]  # Monday to Sunday, then public holidays


def set_hours(room: Room, week: Week, *, by: Person, now: datetime, decide: DecideUses = refuse) -> None:
    """Set a room's opening hours; a part without any opens with its whole. See `add_exception` for `decide`."""
    with uses_keep_their_hours([room], now=now, decide=decide):
        room.hours = [
            OpeningHours(weekday=weekday, opens=span.opens, closes=span.closes)
            for weekday, spans in enumerate(week)
            for span in spans
        ]
    note(Act.ROOM_HOURS_SET, room, room=room, by=by)


def set_windows(room: Room, windows: Sequence[Window], *, by: Person) -> None:
    """Set the fixed windows inside which a booking must lie. Bookings that exist stay as they are."""
    room.windows = [
        BookingWindow(
            opens=window.hours.opens, closes=window.hours.closes, reason=window.reason, reason_en=window.reason_en
        )
        for window in windows
    ]
    db.session.flush()
    note(Act.ROOM_WINDOWS_SET, room, room=room, by=by)


def add_exception(
    room: Room | None,
    on_date: date,
    hours: Sequence[LocalSpan],
    *,
    reason: str,
    reason_en: str,
    by: Person,
    now: datetime,
    decide: DecideUses = refuse,
) -> HoursException:
    """Set other hours on one date, for a room or the centre; none means closed. `decide` decides on uses."""
    if on_date < local_date(now):
        raise RuleBroken(_l("This day has passed."), field="on_date")
    with uses_keep_their_hours(_concerned(room), now=now, field="on_date", decide=decide):
        if _find_exception(room, on_date) is not None:
            raise RuleBroken(_l("This day already has other hours. Remove those first."), field="on_date")
        exception = HoursException(
            room_id=room.id if room else None, on_date=on_date, reason=reason, reason_en=reason_en
        )
        exception.spans = [ExceptionSpan(opens=span.opens, closes=span.closes) for span in hours]
        db.session.add(exception)
    note(Act.HOURS_EXCEPTION_ADDED, room or on_date.isoformat(), room=room, by=by)
    return exception


def remove_exception(exception: HoursException, *, by: Person, now: datetime, decide: DecideUses = refuse) -> None:
    """Let the usual hours count again. `decide` is asked about live uses that rest on it."""
    room = db.session.get(Room, exception.room_id) if exception.room_id else None
    with uses_keep_their_hours(_concerned(room), now=now, decide=decide):
        db.session.delete(exception)
    note(Act.HOURS_EXCEPTION_REMOVED, room or exception.on_date.isoformat(), room=room, by=by)


def exceptions_between(first: date, last: date, *, room: Room | None = None) -> Sequence[HoursException]:
    """Other hours from first to last, of every room or of one (with its whole's and the centre's), by date."""
    query = select(HoursException).where(HoursException.on_date.between(first, last))
    if room is not None:
        ids = [room.id, *([room.parent_id] if room.parent_id else [])]
        query = query.where(HoursException.room_id.is_(None) | HoursException.room_id.in_(ids))
    return db.session.scalars(query.order_by(HoursException.on_date, HoursException.id)).all()


def _concerned(room: Room | None) -> Sequence[Room]:
    return [room] if room else all_rooms(with_retired=True)


def _find_exception(room: Room | None, on_date: date) -> HoursException | None:
    owner = HoursException.room_id == room.id if room else HoursException.room_id.is_(None)
    return db.session.scalar(select(HoursException).where(owner, HoursException.on_date == on_date))
