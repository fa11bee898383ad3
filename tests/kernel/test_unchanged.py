"""Readings are kept exactly as long as nobody writes: neither another connection nor this one, committed or not."""

import time
from collections.abc import Iterator
from importlib import import_module
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, select, text
from sqlalchemy.engine import Engine

from center.bookings import readings
from center.kernel.caching import read_cache
from center.kernel.caching.read_cache import KINDS, MOST_KEPT, kinds_of, while_unchanged
from center.kernel.db import db, transaction
from center.people.models import Account
from center.timetable.happenings import COMING, OF_A_DAY
from tests.builders import make_room
from tests.engines import ONE_ENGINE
from tests.schema import triggers

PATIENCE = 30  # seconds for others to write nothing between two readings
ADD_A_LINE = text("UPDATE rooms SET about = about || 'x'")
BOOK = text("INSERT INTO room_uses (kind) VALUES ('hold')")
EVERYTHING, OF_SETTINGS, OF_USES = None, frozenset({"settings"}), frozenset({"uses"})
ANY = pytest.mark.parametrize("of", [EVERYTHING, OF_SETTINGS], ids=["everything", "settings"])


@pytest.fixture
def somebody_else(app: Flask) -> Iterator[Engine]:
    """Another process that writes to the same database."""
    other = create_engine(db.engine.url)
    yield other
    other.dispose()


class Reader:
    """Reads the rooms' descriptions, and counts how often it really had to."""

    def __init__(self, of: frozenset[str] | None = EVERYTHING) -> None:
        self.reads, self.of = 0, of

    def ask(self) -> list[str]:
        """As a request of its own asks."""
        db.session.rollback()
        return while_unchanged("rooms", self._read, of=self.of)

    def _read(self) -> list[str]:
        self.reads += 1
        return list(db.session.connection().execute(text("SELECT about FROM rooms ORDER BY id")).scalars())


def test_what_nobody_changed_is_read_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL counts what is written to its other databases, too, so this asks until nobody wrote for a moment."""
    make_room(about="a")
    db.engine.dispose()  # on SQLite a state belongs to a connection: this is about the only one
    states: list[Any] = []
    reader = Reader()
    look = read_cache._state

    def noted(connection: Any, of: Any) -> Any:
        states.append(look(connection, of))
        return states[-1]

    monkeypatch.setattr(read_cache, "_state", noted)
    until = time.monotonic() + PATIENCE
    while len(states) < 3 or (len(set(states)) == len(states) and time.monotonic() < until):
        assert reader.ask() == ["a"]
    assert reader.reads == len(set(states)) < len(states)


def test_what_is_kept_of_some_rows_outlives_a_commit_that_changes_others(app: Flask, somebody_else: Engine) -> None:
    make_room(about="a")
    reader = Reader(OF_SETTINGS)
    assert reader.ask() == ["a"]
    db.session.rollback()
    with somebody_else.begin() as connection:
        connection.execute(BOOK)
    assert reader.ask() == ["a"]
    assert reader.reads == 1


def test_all_threads_share_what_one_has_read(app: Flask) -> None:
    """Each has a connection of its own."""
    make_room(about="a")
    reader = Reader(OF_SETTINGS)

    def ask() -> None:
        with app.app_context():
            reader.ask()

    db.session.rollback()
    for _n in range(3):
        thread = Thread(target=ask)
        thread.start()
        thread.join()
    assert reader.reads == 1


def test_a_change_that_is_not_committed_is_neither_seen_nor_kept(app: Flask, somebody_else: Engine) -> None:
    make_room(about="a")
    reader = Reader(OF_SETTINGS)
    assert reader.ask() == ["a"]
    db.session.rollback()
    with somebody_else.connect() as connection:
        connection.execute(ADD_A_LINE)
        assert reader.ask() == ["a"]
        db.session.rollback()
        connection.rollback()
    assert reader.ask() == ["a"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_change_of_a_row_of_a_kind_changes_its_version(app: Flask, kind: str) -> None:
    known = {f"{table}_reading_version" for table in KINDS[kind]}
    if db.engine.dialect.name == "sqlite":
        known = {f"{each}_{act}" for each in known for act in ("insert", "update", "delete")}
    assert triggers() >= known


@ONE_ENGINE
def test_the_kinds_are_those_for_which_the_migrations_made_triggers(app: Flask) -> None:
    made = import_module("migrations.versions.0031_reading_versions").KINDS
    assert {kind: frozenset(tables) for kind, tables in made.items()} == KINDS


@ONE_ENGINE
def test_all_that_boards_are_drawn_from_is_kept_by_the_rows_it_is_read_from(app: Flask) -> None:
    of_boards = frozenset({"settings", "uses", "organisations"})
    assert kinds_of(readings._ALL) == kinds_of(readings._ONE) == of_boards
    for also in (COMING, OF_A_DAY):
        assert kinds_of(readings._all_with(also)) == of_boards | {"activities", "places"}


@ONE_ENGINE
def test_a_statement_that_reads_other_rows_too_is_kept_while_nobody_writes_anything(app: Flask) -> None:
    assert kinds_of(text("SELECT 1")) is None
    assert kinds_of(select(Account.id)) is None


@ANY
def test_what_somebody_else_commits_is_seen_at_once(
    app: Flask, somebody_else: Engine, of: frozenset[str] | None
) -> None:
    make_room(about="a")
    reader = Reader(of)
    assert reader.ask() == ["a"]
    for expected in ("ax", "axx"):
        db.session.rollback()
        with somebody_else.begin() as connection:
            connection.execute(ADD_A_LINE)
        assert reader.ask() == [expected]


@ANY
def test_what_this_process_commits_is_seen_at_once(app: Flask, of: frozenset[str] | None) -> None:
    make_room(about="a")
    reader = Reader(of)
    assert reader.ask() == ["a"]
    with transaction():
        db.session.connection().execute(ADD_A_LINE)
    assert reader.ask() == ["ax"]


def test_what_is_taken_back_was_never_kept(app: Flask) -> None:
    make_room(about="a")
    reader = Reader()
    with pytest.raises(ZeroDivisionError), transaction():
        db.session.connection().execute(ADD_A_LINE)
        assert while_unchanged("rooms", reader._read) == ["ax"]
        raise ZeroDivisionError
    assert reader.ask() == ["a"]


def test_what_was_asked_for_longest_ago_is_forgotten_first(app: Flask) -> None:
    reads = []
    for number in [*range(MOST_KEPT + 1), 0]:
        while_unchanged(number, lambda number=number: reads.append(number))  # type: ignore[misc]
    assert reads == [*range(MOST_KEPT + 1), 0]
