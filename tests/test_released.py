"""A database of each released version becomes one of this, whole; so does one from just before the first release.

What each version made is kept in tests/data/released/ (`python -m tools.released`).
"""

import gzip
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
import pytest
from flask import Flask
from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from center.commands.cli import cli
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel import schema
from center.kernel.db import db
from center.kernel.sqlite import driver
from migrations.first import guards
from tests.conftest import make_app
from tests.engines import ONE_ENGINE, Engines, dispose
from tests.schema import differences_from_the_models, triggers

RELEASED = sorted(folder.name for folder in (Path(__file__).parent / "data" / "released").iterdir())

# What the first version refused, and so does every later one.
FORBIDDEN = {
    "occupancies_no_overlap": "UPDATE occupancies SET starts_at = (SELECT min(starts_at) FROM occupancies),"
    " clear_at = (SELECT min(clear_at) FROM occupancies), room_id = (SELECT min(room_id) FROM occupancies)",
    "occupancies_on_parts": "UPDATE occupancies SET room_id = (SELECT min(parent_id) FROM rooms)",
    "rooms_parts": "UPDATE rooms SET parent_id = id WHERE id IN (SELECT parent_id FROM rooms)",
    "booking_events_append_only": "UPDATE booking_events SET what = 'cancelled'",
    "sign_up_events_append_only": "DELETE FROM sign_up_events",
    "activity_events_append_only": "UPDATE activity_events SET reason = 'x'",
    "staff_events_append_only": "DELETE FROM staff_events",
    "places_held_once": "DELETE FROM places_held",
    "draws_once": "DELETE FROM draws",
    "lots_append_only": "UPDATE lots SET pool_id = NULL",
    "ck_people_erased": "UPDATE people SET erased_at = created_at",
    "ck_bookings_span": "UPDATE bookings SET ends_at = starts_at",
}


@pytest.fixture(params=RELEASED)
def released(engine: str, engines: Engines, worker: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app on a database that a released version has filled."""
    name = f"{worker}_{re.sub(r'[^a-z0-9]', '_', request.param)}_{abs(hash(request.node.name)) % 10**6}"
    url = engines.empty_url(engine, name)
    _load(url, Path(__file__).parent / "data" / "released" / request.param / f"{engine}.sql.gz")
    app = make_app(url)
    with app.app_context():
        yield app
    dispose(app)


def test_a_database_of_a_released_version_is_upgraded_and_loses_nothing(released: Flask) -> None:
    before = _rows()
    assert all(before[table] for table in ("bookings", "sign_ups", "notices", "staff_events"))
    _leave()
    flask_migrate.upgrade()
    after = _rows()
    assert _counts(before).items() <= _counts(after).items()
    assert {row["reference"] for row in after["bookings"]} == {row["reference"] for row in before["bookings"]}
    assert {row["name"] for row in after["people"]} == {row["name"] for row in before["people"]}
    assert (ledger_findings(), missing_holds()) == ([], [])
    assert not schema.are_behind()
    assert differences_from_the_models() == []


def test_what_a_released_version_refused_is_refused_after_the_upgrade(released: Flask) -> None:
    _leave()
    flask_migrate.upgrade()
    written = re.findall(r"CREATE TRIGGER (\w+)", "".join(guards(db.engine.dialect.name)))
    assert set(written) <= triggers()
    for guard, statement in FORBIDDEN.items():
        with pytest.raises(DBAPIError, match=guard), db.engine.begin() as connection:
            connection.execute(text(statement))


@ONE_ENGINE
def test_what_a_released_version_made_is_made_like_that_ever_after(
    released: Flask, engine: str, engines: Engines, worker: str
) -> None:
    [revision] = schema.current()
    made = _made()
    app = make_app(engines.empty_url(engine, f"{worker}_made_{revision}"))
    with app.app_context():
        flask_migrate.upgrade(revision=revision)
        assert _made() == made
    dispose(app)


def test_a_database_from_just_before_the_first_release_goes_on_as_one_of_it(released: Flask) -> None:
    before = _rows()
    _stamp(schema.LAST_UNRELEASED)
    assert schema.are_behind()
    _leave()
    assert run(released, "db", "upgrade").exit_code == 0
    assert not schema.are_behind()
    assert {table: len(rows) for table, rows in before.items()}.items() <= {
        t: len(r) for t, r in _rows().items()
    }.items()


def test_an_older_database_is_told_what_brings_it_here_and_stays_as_it_is(
    released: Flask, caplog: pytest.LogCaptureFixture
) -> None:
    _stamp("0033")
    _leave()
    assert run(released, "db", "upgrade").exit_code == 1
    assert "it is from before version 0.1.0, at migration 0033: bring it to migration 0043 with" in caplog.text
    assert schema.current() == {"0033"}


def run(app: Flask, *arguments: str) -> Any:
    return app.test_cli_runner().invoke(cli, list(arguments))


def _load(url: str, file: Path) -> None:
    script = gzip.decompress(file.read_bytes()).decode()
    if url.startswith("sqlite"):
        connection = driver.connect(str(make_url(url).database))
        connection.executescript(script)
        connection.close()
        return
    with psycopg.connect(url, autocommit=True) as server:
        server.execute(script)


def _leave() -> None:
    db.session.remove()


def _stamp(revision: str) -> None:
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def _made() -> set[str]:
    with db.engine.connect() as connection:
        made = text("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name <> 'alembic_version'")
        return set(connection.execute(made).scalars())


def _rows() -> dict[str, list[Any]]:
    with db.engine.connect() as connection:
        tables = inspect(connection).get_table_names()
        return {each: list(connection.execute(text(f'SELECT * FROM "{each}"')).mappings()) for each in tables}


def _counts(rows: dict[str, list[Any]]) -> dict[str, int]:
    return {table: len(some) for table, some in rows.items()}
