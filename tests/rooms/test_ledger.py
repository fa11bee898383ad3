"""The ledger of room time: what the database itself refuses."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError

from center.kernel.db import db, transaction
from center.rooms import ledger
from center.rooms.ledger import TimeTaken
from center.rooms.models import Occupancy, Room, RoomUse, UseKind
from tests.builders import ZONE, at, make_hall, make_room


def take(room: Room, start: datetime, end: datetime) -> RoomUse:
    with transaction() as session:
        room = session.get_one(Room, room.id)
        return ledger.take(UseKind.BOOKING, room, starts_at=start, clear_at=end, zone=ZONE)


def write_row(room: Room, start: datetime, end: datetime) -> None:
    """A row written past the ledger's own code."""
    with transaction() as session:
        use = RoomUse(kind=UseKind.BOOKING)
        session.add(use)
        session.flush()
        session.add(Occupancy(use_id=use.id, room_id=room.id, starts_at=start, clear_at=end))


def rows(room: Room | None = None) -> Any:
    query = select(Occupancy).order_by(Occupancy.room_id, Occupancy.starts_at)
    db.session.rollback()
    return db.session.scalars(query.where(Occupancy.room_id == room.id) if room else query).all()


def test_back_to_back_uses_fit(app: Flask) -> None:
    room = make_room()
    take(room, at(10), at(11))
    take(room, at(11), at(12))
    take(room, at(9), at(10))
    assert len(rows(room)) == 3


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param((10, 0), (11, 0), id="the same"),
        pytest.param((10, 59), (12, 0), id="its last minute"),
        pytest.param((9, 0), (10, 1), id="its first minute"),
        pytest.param((10, 15), (10, 45), id="inside"),
        pytest.param((8, 0), (20, 0), id="around"),
    ],
)
def test_overlap_is_refused_and_nothing_is_left(app: Flask, start: tuple[int, int], end: tuple[int, int]) -> None:
    room = make_room()
    take(room, at(10), at(11))
    take(room, at(18), at(19))
    with pytest.raises(TimeTaken):
        take(room, at(*start), at(*end))
    assert len(rows(room)) == 2
    assert db.session.scalar(select(db.func.count()).select_from(RoomUse)) == 2


def test_the_whole_takes_every_part(app: Flask) -> None:
    hall, left, right = make_hall()
    use = take(hall, at(10), at(11))
    assert [(row.room_id, row.use_id) for row in rows()] == [(left.id, use.id), (right.id, use.id)]
    for part in (left, right):
        with pytest.raises(TimeTaken):
            take(part, at(10), at(11))


def test_a_part_blocks_the_whole_and_not_the_other_part(app: Flask) -> None:
    hall, left, right = make_hall()
    take(left, at(10), at(11))
    take(right, at(10), at(11))
    take(right, at(12), at(13))
    for hour in (10, 12):
        with pytest.raises(TimeTaken):
            take(hall, at(hour), at(hour + 1))
    assert len(rows()) == 3


def test_two_rooms_do_not_disturb_each_other(app: Flask) -> None:
    take(make_room(), at(10), at(11))
    take(make_room(), at(10), at(11))


def test_a_row_on_a_whole_is_refused_by_the_database(app: Flask) -> None:
    hall, _left, _right = make_hall()
    with pytest.raises(DBAPIError, match="occupancies_on_parts"):
        write_row(hall, at(10), at(11))


def test_a_room_with_rows_cannot_become_a_whole(app: Flask) -> None:
    room = make_room()
    take(room, at(10), at(11))
    with pytest.raises(DBAPIError, match="rooms_parts"):
        make_room(parent=room)


def test_moving_a_row_into_another_is_refused(app: Flask) -> None:
    room = make_room()
    take(room, at(10), at(11))
    late = take(room, at(12), at(13))
    with pytest.raises(DBAPIError, match="occupancies_no_overlap"), transaction() as session:
        session.execute(update(Occupancy).where(Occupancy.use_id == late.id).values(starts_at=at(10, 30)))


def test_moving_a_row_within_its_own_time_is_fine(app: Flask) -> None:
    room = make_room()
    use = take(room, at(10), at(12))
    with transaction() as session:
        session.execute(update(Occupancy).where(Occupancy.use_id == use.id).values(starts_at=at(11)))
    assert rows(room)[0].starts_at == at(11)


def test_a_row_of_more_than_a_day_is_refused(app: Flask) -> None:
    room = make_room()
    with pytest.raises(DBAPIError, match="occupancies_one_day"):
        write_row(room, at(0), at(2, days=2))


def test_replace_does_not_slip_past_the_triggers(app: Flask, engine: str) -> None:
    if engine != "sqlite":
        pytest.skip("REPLACE is SQLite's")
    room = make_room()
    take(room, at(10), at(11))
    other = take(make_room(), at(10), at(11))
    statement = text(
        "REPLACE INTO occupancies (id, use_id, room_id, starts_at, clear_at) "
        "SELECT :id, :use, room_id, starts_at, clear_at FROM occupancies WHERE room_id = :room"
    )
    with pytest.raises(DBAPIError, match="occupancies_no_overlap"), transaction() as session:
        session.execute(statement, {"id": rows()[-1].id, "use": other.id, "room": room.id})
    assert len(rows(room)) == 1


def test_a_closure_of_two_weeks_makes_one_row_a_day(app: Flask) -> None:
    room = make_room()
    take(room, at(8, days=1), at(18, days=14))
    listed = rows(room)
    assert len(listed) == 14
    assert all(row.clear_at - row.starts_at <= timedelta(days=1) for row in listed)
    with pytest.raises(TimeTaken):
        take(room, at(3, days=7), at(4, days=7))


def test_released_time_is_free_again(app: Flask) -> None:
    room = make_room()
    use = take(room, at(10), at(11))
    with transaction():
        ledger.release(use.id)
    take(room, at(10), at(11))


def test_releasing_from_a_moment_keeps_what_has_passed(app: Flask) -> None:
    room = make_room()
    use = take(room, at(8, days=1), at(18, days=5))
    with transaction():
        ledger.release_from(use.id, at(12, days=3))
    assert [(row.starts_at, row.clear_at) for row in rows(room)][-1] == (at(0, days=3), at(12, days=3))
    take(room, at(12, days=3), at(13, days=3))
