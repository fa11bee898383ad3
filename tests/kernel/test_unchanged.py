"""Readings are kept exactly as long as nobody writes: neither another connection nor this one, committed or not."""

import time
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import create_engine, text
from sqlalchemy.engine import Engine

from center.kernel.caching import read_cache
from center.kernel.caching.read_cache import MOST_KEPT, while_unchanged
from center.kernel.db import db, transaction
from tests.builders import make_room

PATIENCE = 30  # seconds for others to write nothing between two readings
ADD_A_LINE = text("UPDATE rooms SET about = about || 'x'")


@pytest.fixture
def somebody_else(app: Flask) -> Iterator[Engine]:
    """Another process that writes to the same database."""
    other = create_engine(db.engine.url)
    yield other
    other.dispose()


class Reader:
    """Reads the rooms' descriptions, and counts how often it really had to."""

    def __init__(self) -> None:
        self.reads = 0

    def ask(self) -> list[str]:
        """As a request of its own asks."""
        db.session.rollback()
        return while_unchanged("rooms", self._read)

    def _read(self) -> list[str]:
        self.reads += 1
        return list(db.session.connection().execute(text("SELECT about FROM rooms ORDER BY id")).scalars())


def test_what_nobody_changed_is_read_once(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL counts what is written to its other databases, too, so this asks until nobody wrote for a moment."""
    make_room(about="a")
    db.engine.dispose()  # the readings belong to a connection: this is about the only one
    states: list[Any] = []
    reader = Reader()
    look = read_cache._state

    def noted(connection: Any) -> Any:
        states.append(look(connection))
        return states[-1]

    monkeypatch.setattr(read_cache, "_state", noted)
    until = time.monotonic() + PATIENCE
    while len(states) < 3 or (len(set(states)) == len(states) and time.monotonic() < until):
        assert reader.ask() == ["a"]
    assert reader.reads == len(set(states)) < len(states)


def test_what_somebody_else_commits_is_seen_at_once(app: Flask, somebody_else: Engine) -> None:
    make_room(about="a")
    reader = Reader()
    assert reader.ask() == ["a"]
    for expected in ("ax", "axx"):
        db.session.rollback()
        with somebody_else.begin() as connection:
            connection.execute(ADD_A_LINE)
        assert reader.ask() == [expected]


def test_what_this_process_commits_is_seen_at_once(app: Flask) -> None:
    make_room(about="a")
    reader = Reader()
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
