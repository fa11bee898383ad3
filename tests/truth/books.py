"""All that the centre has written about room time, read at one moment, and whether it is true."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from typing import Any

from sqlalchemy import select

from center.bookings.models import LIVE, Booking, BookingStatus
from center.bookings.models.series import BookingSeries, SeriesDate
from center.bookings.models.waiting import SlotWish, WishState
from center.kernel.db import db
from center.kernel.spans import Span, split_by_day, subtract
from center.rooms.models import Closure, Occupancy, Room
from tests.builders import ZONE


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the ledger: whose use, which part, from when until it is cleared."""

    use_id: int
    room_id: int
    span: Span


@dataclass(frozen=True)
class Books:
    """The ledger, and what bookings, wishes, closures and series say of themselves."""

    rows: frozenset[Row]
    bookings: tuple[Any, ...]
    wishes: tuple[Any, ...]
    closures: tuple[Any, ...]
    dates: tuple[Any, ...]
    leaves: dict[int, list[int]]

    @cached_property
    def live(self) -> list[int]:
        """The ids of the bookings that stand."""
        return [each.id for each in self.bookings if each.status in LIVE]

    @cached_property
    def standings(self) -> dict[int, BookingStatus]:
        return {each.id: each.status for each in self.bookings}

    def check(self, now: datetime) -> None:
        """Fails unless no two uses of a part overlap, every live use has its rows, and no other has any."""
        self._no_overlap()
        held = defaultdict(set)
        for row in self.rows:
            held[row.use_id].add(row)
        for booking in self.bookings:
            due = self._due(booking) if booking.status in LIVE else set()
            assert held.pop(booking.use_id, set()) == due, booking
        for wish in self.wishes:
            if wish.state is WishState.OFFERED:
                has_ended = wish.offer_ends_at <= now
                rows = held.pop(wish.use_id, set())
                assert rows == self._due(wish) or (has_ended and not rows), wish
        for closure in self.closures:
            self._check_closure(closure, held.pop(closure.use_id, set()))
        assert not held, held

    def _no_overlap(self) -> None:
        """Looked at pair by pair, not as the database looks."""
        for row, later in pairwise(sorted(self.rows, key=lambda row: (row.room_id, row.span))):
            assert row.room_id != later.room_id or row.span.end <= later.span.start, (row, later)

    def _due(self, use: Any) -> set[Row]:
        pieces = list(split_by_day(Span(use.starts_at, use.clear_at), ZONE))
        return {Row(use.use_id, part, piece) for part in self.leaves[use.room_id] for piece in pieces}

    def _check_closure(self, closure: Any, rows: set[Row]) -> None:
        """Its rows lie in its time; and while it stands none of its time is free, whoever has it."""
        end = min(closure.ends_at, closure.lifted_at or closure.ends_at)
        assert all(closure.starts_at <= row.span.start and row.span.end <= end for row in rows), closure
        parts = self._parts_of(closure)
        assert {row.room_id for row in rows} <= set(parts), closure
        if closure.lifted_at is None:
            for part in parts:
                left = subtract([Span(closure.starts_at, closure.ends_at)], self._taken[part])
                assert not left, (closure, part, left)

    def _parts_of(self, closure: Any) -> list[int]:
        if closure.room_id is not None:
            return self.leaves[closure.room_id]
        return sorted({part for parts in self.leaves.values() for part in parts})

    @cached_property
    def _taken(self) -> dict[int, list[Span]]:
        taken = defaultdict(list)
        for row in self.rows:
            taken[row.room_id].append(row.span)
        return taken


def read_books() -> Books:
    """The books as they are now."""
    db.session.rollback()
    rows = _all(Occupancy.use_id, Occupancy.room_id, Occupancy.starts_at, Occupancy.clear_at)
    times = (Booking.starts_at, Booking.ends_at, Booking.clear_at)
    offer = (SlotWish.use_id, SlotWish.starts_at, SlotWish.ends_at, SlotWish.clear_at, SlotWish.offer_ends_at)
    lines = (Closure.starts_at, Closure.ends_at, Closure.lifted_at, Closure.sequence)
    books = Books(
        rows=frozenset(Row(use_id, room_id, Span(start, end)) for use_id, room_id, start, end in rows),
        bookings=_all(Booking.id, Booking.use_id, Booking.room_id, Booking.status, Booking.sequence, *times),
        wishes=_all(SlotWish.id, SlotWish.room_id, SlotWish.state, *offer),
        closures=_all(Closure.id, Closure.use_id, Closure.room_id, *lines),
        dates=tuple(_series_dates()),
        leaves=_leaves(),
    )
    db.session.rollback()
    return books


@dataclass(frozen=True, slots=True)
class OfSeries:
    """A date of a series, or of what was split off from it: `root` is the one first booked."""

    root: int
    on: Any
    series_id: int
    booking_id: int | None


def _series_dates() -> Iterator[OfSeries]:
    split = {row.id: row.split_from_id for row in _all(BookingSeries.id, BookingSeries.split_from_id)}
    for series_id, on, booking_id in _all(SeriesDate.series_id, SeriesDate.on_date, SeriesDate.booking_id):
        root = series_id
        while before := split[root]:
            root = before
        yield OfSeries(root, on, series_id, booking_id)


def _leaves() -> dict[int, list[int]]:
    rooms = _all(Room.id, Room.parent_id)
    return {room_id: [part for part, parent in rooms if parent == room_id] or [room_id] for room_id, _parent in rooms}


def _all(*columns: Any) -> tuple[Any, ...]:
    return tuple(db.session.execute(select(*columns).order_by(*columns[:2])).all())
