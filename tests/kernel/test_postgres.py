"""PostgreSQL's driver as the site uses it: results are described when asked, connections looked at once idle."""

from contextlib import closing
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import text

from center.kernel import postgres
from center.kernel.db import db
from tests.statements import everything_sent

pytestmark = pytest.mark.parametrize("engine", ["postgresql"], indirect=True)


def end_all_others() -> None:
    """Let the server close every connection to this database but the one that says so."""
    with psycopg.connect(db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)) as other:
        other.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )


def test_a_result_is_described_as_the_driver_describes_it(app: Flask) -> None:
    with db.engine.connect() as connection, closing(connection.connection.cursor()) as cursor:
        cursor.execute("SELECT 1 AS one, 'b'::text AS b, now() AS at")
        described: Any = cursor.description
        assert [each.name for each in described] == ["one", "b", "at"] == [each[0] for each in described]
        assert (len(described), described[1].type_display, [*described][2].name) == (3, "text", "at")
        cursor.execute("SET LOCAL statement_timeout = 0")
        assert cursor.description is None
        assert [*connection.execute(text("SELECT 2 AS two, 'c' AS c")).mappings()] == [{"two": 2, "c": "c"}]


def test_a_connection_that_was_closed_while_idle_is_replaced(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    db.session.execute(text("SELECT 1"))
    db.session.rollback()
    monkeypatch.setattr(postgres, "ASK_AFTER", 0.0)
    end_all_others()
    assert db.session.scalar(text("SELECT 5")) == 5


def test_a_connection_in_use_a_moment_ago_is_not_asked(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[object] = []
    monkeypatch.setattr(db.engine.dialect, "do_ping", asked.append)
    monkeypatch.setattr(postgres, "ASK_AFTER", 3600.0)
    with everything_sent() as sent:
        for _time in range(3):
            db.session.execute(text("SELECT 1"))
            db.session.rollback()
    assert (asked, len(sent)) == ([], 3)
    monkeypatch.setattr(postgres, "ASK_AFTER", 0.0)
    db.session.execute(text("SELECT 1"))
    assert len(asked) == 1


def test_no_statement_of_a_page_starts_processes_or_is_compiled(app: Flask) -> None:
    for setting, value in (("max_parallel_workers_per_gather", "0"), ("jit", "off"), ("lock_timeout", "15s")):
        assert db.session.scalar(text(f"SHOW {setting}")) == value
