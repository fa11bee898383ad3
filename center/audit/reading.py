"""Reading the audit trail: what staff changed and what became of bookings and activities, as one list.

Each history is read by its own index; the latest of all are merged here, and what one press did stands together.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, cast
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from center.activities.models import Activity, ActivityEvent
from center.bookings.models import Booking, BookingEvent
from center.kernel.acts import Area
from center.kernel.db import db
from center.kernel.marks import Mark
from center.kernel.spans import day_span
from center.kernel.trail import StaffEvent
from center.people.queries import names_of
from center.rooms.models import Room

PAGE = 50
MOST_AT_ONCE = 5000  # rows of an export, and of what one press did
BOOKINGS, ACTIVITIES = "bookings", "activities"  # beside the areas of staff's own changes
MODELS: tuple[Any, ...] = (StaffEvent, BookingEvent, ActivityEvent)  # by rank: of one moment the last is listed first


@dataclass(frozen=True, kw_only=True)
class TrailFilter:
    """Which entries to list: of which days, about what, in which rooms, by whom. None leaves a question open."""

    first: date | None = None
    last: date | None = None
    about: str | None = None
    room_ids: Collection[int] | None = None
    by_ids: Collection[int] | None = None


@dataclass(frozen=True)
class Entry:
    """One event of any history."""

    mark: Mark
    event: Any

    @property
    def press(self) -> str:
        """What it was pressed with; what is known of no press stands for itself."""
        return self.event.press or str(self.mark)


@dataclass(frozen=True)
class Press:
    """Everything that one press did, and which of it says best what it was."""

    entries: Sequence[Entry]

    @property
    def head(self) -> Entry:
        """What staff did is said before what followed from it."""
        return min(self.entries, key=lambda entry: entry.mark.rank)

    @property
    def rest(self) -> list[Entry]:
        """What else it did, in order."""
        return [entry for entry in sorted(self.entries, key=lambda each: each.mark) if entry is not self.head]


@dataclass(frozen=True)
class TrailPage:
    """Some presses, the latest first, and where the earlier ones go on."""

    presses: Sequence[Press]
    before: Mark | None  # None on the last page


def latest(wanted: TrailFilter, *, zone: ZoneInfo, before: Mark | None = None, most: int = PAGE) -> TrailPage:
    """What the filter wants, the latest first, grouped by what was pressed; what stands before a mark only."""
    entries: list[Entry] = []
    for rank, model in enumerate(MODELS):
        conditions = _conditions(model, rank, wanted, zone, before)
        if conditions is not None:
            query = _whole(model).where(*conditions).order_by(model.at.desc(), model.id.desc()).limit(most + 1)
            entries += _entries(rank, query)
    entries.sort(key=lambda entry: entry.mark, reverse=True)
    shown = entries[:most]
    return TrailPage(grouped(shown), shown[-1].mark if len(entries) > most else None)


def of_press(press: str) -> Press | None:
    """Everything that one press did; None where there is no such press."""
    found = [
        entry
        for rank, model in enumerate(MODELS)
        for entry in _entries(rank, _whole(model).where(model.press == press).order_by(model.id).limit(MOST_AT_ONCE))
    ]
    return Press(found) if found else None


def grouped(entries: Iterable[Entry]) -> list[Press]:
    """The entries by what was pressed, in the order of the list."""
    presses: dict[str, list[Entry]] = {}
    for entry in entries:
        presses.setdefault(entry.press, []).append(entry)
    return [Press(each) for each in presses.values()]


def names_in(presses: Iterable[Press]) -> dict[int, str]:
    """The names of all people whom staff's changes mention by number."""
    events = [entry.event for press in presses for entry in press.entries if isinstance(entry.event, StaffEvent)]
    return names_of(number for event in events for number in (event.by_id, event.person_id, *_people_in(event)))


def _people_in(event: StaffEvent) -> Iterator[int]:
    for change in event.changes:
        for values in change["fields"].values():
            yield from (value["person"] for value in values if isinstance(value, dict))


def _entries(rank: int, query: Select[Any]) -> list[Entry]:
    return [Entry(Mark(event.at, rank, event.id), event) for event in db.session.scalars(query).all()]


def _conditions(
    model: Any, rank: int, wanted: TrailFilter, zone: ZoneInfo, before: Mark | None
) -> list[ColumnElement[bool]] | None:
    """What an event of this history must meet; None where none of them is wanted."""
    about = _ABOUT[model](wanted.about) if wanted.about else []
    rooms = _ROOMS[model](wanted.room_ids) if wanted.room_ids is not None else []
    if about is None or rooms is None:
        return None
    conditions = [*about, *rooms]
    if wanted.first is not None:
        conditions.append(model.at >= day_span(wanted.first, zone).start)
    if wanted.last is not None:
        conditions.append(model.at < day_span(wanted.last, zone).end)
    if wanted.by_ids is not None:
        conditions.append(model.by_id.in_(sorted(wanted.by_ids)))
    if before is not None:
        conditions.append(_stands_before(model, rank, before))
    return conditions


def _stands_before(model: Any, rank: int, mark: Mark) -> ColumnElement[bool]:
    """Whether an event of this history comes later in the list; of one moment the lower ranks do."""
    if rank == mark.rank:
        return or_(model.at < mark.at, and_(model.at == mark.at, model.id < mark.id))
    return cast(ColumnElement[bool], model.at <= mark.at if rank < mark.rank else model.at < mark.at)


_ABOUT: dict[Any, Callable[[str], list[ColumnElement[bool]] | None]] = {
    StaffEvent: lambda about: [StaffEvent.area == about] if about in set(Area) else None,
    BookingEvent: lambda about: [] if about == BOOKINGS else None,
    ActivityEvent: lambda about: [] if about == ACTIVITIES else None,
}
_ROOMS: dict[Any, Callable[[Collection[int]], list[ColumnElement[bool]] | None]] = {
    StaffEvent: lambda ids: [StaffEvent.room_id.in_(sorted(ids))],
    BookingEvent: lambda ids: [BookingEvent.booking_id.in_(select(Booking.id).where(Booking.room_id.in_(sorted(ids))))],
    ActivityEvent: lambda ids: [ActivityEvent.session.has(room_id=next(iter(ids), None))] if ids else None,
}


def _whole(model: Any) -> Select[Any]:
    """Its events with everything that is said of them."""
    query = select(model)
    if model is BookingEvent:
        booking = joinedload(BookingEvent.booking)
        return query.options(
            joinedload(BookingEvent.by),
            joinedload(BookingEvent.was_room).joinedload(Room.parent),
            booking.joinedload(Booking.room).selectinload(Room.parent),
            booking.joinedload(Booking.person),
            booking.joinedload(Booking.organisation),
        )
    if model is ActivityEvent:
        return query.options(
            joinedload(ActivityEvent.by),
            joinedload(ActivityEvent.session),
            joinedload(ActivityEvent.activity).joinedload(Activity.organisation),
        )
    return query
