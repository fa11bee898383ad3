"""What staff have set is kept until somebody changes it: another connection, this one, or one that takes it back."""

import re
from collections.abc import Iterator
from datetime import date

import pytest
from flask import Flask
from sqlalchemy import create_engine, text, update
from sqlalchemy.engine import Engine

from center.bookings.rulebook.quotas import NOBODY
from center.bookings.rulebook.rule_facts import load_terms
from center.kernel import clock
from center.kernel.caching.read_cache import KINDS, while_settings_stand
from center.kernel.db import db, transaction
from center.premises.queries import calendar_days, known_centre
from center.rooms.known_rooms import known_room, known_rooms
from center.rooms.models import Room
from center.rooms.queries import load_schedule
from tests.builders import ZONE, make_quota, make_room
from tests.statements import everything_sent, selects

TABLES = KINDS["settings"]
ADD_A_LINE = text("UPDATE rooms SET about = about || 'x' WHERE code = :code")
TODAY = date(2026, 11, 24)


@pytest.fixture
def somebody_else(app: Flask) -> Iterator[Engine]:
    """Another process that writes to the same database."""
    other = create_engine(db.engine.url)
    yield other
    other.dispose()


def ask(code: str) -> str:
    """What a request of its own is told about a room."""
    db.session.rollback()
    return known_room(code).about


def test_what_nobody_changed_is_read_once(app: Flask) -> None:
    code = make_room(about="a").code
    assert ask(code) == "a"
    with everything_sent() as seen:
        assert [ask(code), ask(code)] == ["a", "a"]
    assert ["reading_versions" in each for each in seen] == [True, True]


def test_anything_else_that_is_written_leaves_it_in_hand(app: Flask) -> None:
    code = make_room(about="a").code
    ask(code)
    with transaction() as session:
        session.execute(text("UPDATE room_uses SET label = 'x'"))
    with everything_sent() as seen:
        ask(code)
    assert len(seen) == 1


def test_a_change_by_somebody_else_is_seen_at_once(app: Flask, somebody_else: Engine) -> None:
    room = make_room(about="a")
    assert ask(room.code) == "a"
    with somebody_else.begin() as connection:
        connection.execute(ADD_A_LINE, {"code": room.code})
    assert ask(room.code) == "ax"


def test_a_change_is_seen_by_who_makes_it_and_goes_when_it_is_taken_back(app: Flask) -> None:
    room = make_room(about="a")
    assert ask(room.code) == "a"
    add = update(Room).where(Room.code == room.code).values(about=Room.about + "x")
    with pytest.raises(RuntimeError, match="taken back"), transaction() as session:
        session.execute(add)
        assert known_room(room.code).about == "ax"
        session.execute(add)
        assert known_room(room.code).about == "axx"
        raise RuntimeError("taken back")
    assert ask(room.code) == "a"


def test_nothing_is_kept_that_does_not_count_its_changes(app: Flask) -> None:
    """Whatever is read to be kept is read of those tables alone."""
    rooms = [make_room(), make_room()]
    make_quota(most_bookings=1, rooms=rooms)
    with selects() as seen:
        known_centre()
        known_rooms()
        calendar_days(TODAY, TODAY)
        load_schedule(rooms, TODAY, TODAY, zone=ZONE)
        load_terms(rooms, TODAY, TODAY, asker=NOBODY, now=clock.now())
    read = {table for sql, _values in seen for table in re.findall(r"(?:FROM|JOIN) \(?(\w+)", sql)}
    assert read - {"reading_versions", "bookings"} <= TABLES
    assert {"rooms", "quotas", "centre_facts", "calendar_days", "purposes"} <= read


def test_what_is_kept_belongs_to_no_session(app: Flask) -> None:
    room = known_room(make_room(about="a").code)
    db.session.rollback()
    assert room not in db.session
    assert (room.about, list(room.parts), room.parent, list(room.hours)[:0]) == ("a", [], None, [])


def test_readings_are_told_apart_by_their_key(app: Flask) -> None:
    assert [while_settings_stand(("n", n), lambda n=n: n) for n in (1, 2, 1)] == [1, 2, 1]  # type: ignore[misc]
