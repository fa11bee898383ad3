"""Transactions: returning commits, raising leaves nothing, and nothing is written outside one."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import NullPool, create_engine, func, insert, select, text
from sqlalchemy.exc import IntegrityError

from center.kernel import clock
from center.kernel.db import (
    WroteOutsideTransaction,
    db,
    engine_options,
    lock,
    prepare_engine,
    transaction,
)
from center.kernel.errors import Forbidden, NotFound
from center.kernel.sqlite import driver, journal_mode, wal_is_safe
from center.kernel.transactions import insert_new
from center.people.models import Grid, Person
from tests.engines import ONE_ENGINE
from tests.there import there


def count_grids() -> int:
    db.session.rollback()
    return db.session.scalar(select(func.count()).select_from(Grid)) or 0


def test_returning_commits_and_raising_leaves_nothing(app: Flask) -> None:
    with transaction() as session:
        session.add(Grid(name="第1网格"))
    with pytest.raises(ZeroDivisionError), transaction() as session:
        session.add(Grid(name="第2网格"))
        session.flush()
        raise ZeroDivisionError
    assert count_grids() == 1


def test_a_write_outside_a_transaction_is_refused(app: Flask) -> None:
    db.session.add(Grid(name="第1网格"))
    with pytest.raises(WroteOutsideTransaction):
        db.session.flush()
    db.session.rollback()
    with pytest.raises(WroteOutsideTransaction):
        db.session.execute(insert(Grid).values(name="第2网格"))
    with pytest.raises(WroteOutsideTransaction):
        insert_new(Grid(name="第3网格"))


def test_a_new_object_that_is_written_at_once_is_the_session_s_with_its_defaults(app: Flask) -> None:
    with transaction() as session:
        person = Person(
            name="李小明", sort_key="li xiao ming", initials="lxm", plain_name="李小明", created_at=clock.now()
        )
        insert_new(person)
        assert person in session
        assert person.__dict__["unit"] == ""
        person.phone = "13800000000"
    db.session.expire_all()
    assert (person.name, person.phone, person.unit) == ("李小明", "13800000000", "")


def test_transactions_do_not_nest(app: Flask) -> None:
    with pytest.raises(RuntimeError), transaction(), transaction():
        pass


def test_what_an_action_reads_is_current(app: Flask) -> None:
    with transaction() as session:
        grid = Grid(name="旧名")
        session.add(grid)
    with db.engine.begin() as other:
        other.execute(text("UPDATE grids SET name = '新名'"))
    with transaction():
        lock(grid)
        assert grid.name == "新名"


def test_what_somebody_else_removed_is_not_found_whichever_way_it_is_touched(app: Flask) -> None:
    with transaction() as session:
        grids = {name: Grid(name=name) for name in ("touched", "held", "changed")}
        session.add_all(grids.values())
    touches: dict[str, Callable[[Grid], object]] = {"touched": lambda grid: grid.name, "held": lock}
    for name, touch in touches.items():
        _remove_elsewhere(name)
        with pytest.raises(NotFound), transaction():
            touch(grids[name])
    with pytest.raises(NotFound), transaction() as session:
        grids["changed"].name = "neu"
        session.execute(text("DELETE FROM grids"))
        session.flush()


def _remove_elsewhere(name: Any) -> None:
    db.session.rollback()
    with db.engine.begin() as other:
        other.execute(text("DELETE FROM grids WHERE name = :name"), {"name": name})
    count_grids()  # a request has read something before it acts


def test_an_error_of_the_database_does_not_carry_what_was_typed(app: Flask) -> None:
    with transaction() as session:
        session.add(Grid(name="第1网格"))
    with pytest.raises(IntegrityError) as caught, transaction() as session:
        session.add(Grid(name="第1网格"))
        session.flush()
    assert "第1网格" not in str(caught.value.statement) + str(caught.value).partition("DETAIL")[0]


def test_a_request_without_a_valid_token_writes_nothing(app: Flask) -> None:
    with app.test_request_context("/", method="POST"):
        g.csrf_failed = True
        with pytest.raises(Forbidden), transaction() as session:
            session.add(Grid(name="第1网格"))
    assert count_grids() == 0


def test_moments_without_a_zone_are_refused(app: Flask) -> None:
    naive = clock.now().replace(tzinfo=None)
    with pytest.raises(Exception, match="naive time refused"), transaction() as session:
        session.add(Person(name="某人", created_at=naive))
        session.flush()


@pytest.fixture
def holder(app: Flask) -> Any:
    """Somebody else who has begun to write, and takes their time."""
    other = driver.connect(there(db.engine.url.database), isolation_level=None, timeout=0)
    other.execute("BEGIN IMMEDIATE")
    other.execute("INSERT INTO grids (name) VALUES ('第9网格')")
    yield other
    other.close()


@ONE_ENGINE
def test_a_database_that_stays_locked_is_answered_with_503(
    client: FlaskClient, holder: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("center.kernel.db.LOCK_TIMEOUT_MS", 100)
    assert client.post("/sign-in", data={"login": "19900000099", "password": "x"}).status_code == 503


@ONE_ENGINE
@pytest.mark.skipif(not wal_is_safe(), reason="this SQLite may not use WAL")
def test_who_reads_waits_for_nobody_who_writes_and_holds_nobody_up(
    app: Flask, client: FlaskClient, holder: Any
) -> None:
    assert client.get("/rooms").status_code == 200
    assert count_grids() == 0
    with db.engine.connect() as reader:
        assert reader.execute(text("SELECT count(*) FROM grids")).scalar() == 0
        holder.execute("COMMIT")
        assert reader.execute(text("SELECT count(*) FROM grids")).scalar() == 0
    assert count_grids() == 1


@ONE_ENGINE
def test_a_database_of_before_gets_the_journal_that_suits_it_even_if_somebody_has_it_open(
    app: Flask, tmp_path: Path
) -> None:
    file = tmp_path / "old.db"
    with closing(driver.connect(file, isolation_level=None)) as old:
        old.executescript("PRAGMA journal_mode=DELETE; CREATE TABLE t (x); INSERT INTO t VALUES (1); BEGIN IMMEDIATE")
        assert rows_of(file) == 1
        old.execute("COMMIT")
    assert rows_of(file) == 1
    with closing(driver.connect(file)) as new:
        assert new.execute("PRAGMA journal_mode").fetchone()[0].upper() == journal_mode()


def rows_of(file: Any) -> Any:
    """How many rows a connection of the product finds in `t`."""
    address = f"sqlite:///{file}"
    options = engine_options(address)
    engine = create_engine(address, **{**options, "poolclass": NullPool})
    prepare_engine(engine)
    with engine.connect() as connection:
        return connection.execute(text("SELECT count(*) FROM t")).scalar()


@pytest.mark.parametrize(
    ("version", "is_safe"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 45, 0), False),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_wal_only_where_its_fault_is_mended(version: tuple[int, int, int], is_safe: bool) -> None:
    assert wal_is_safe(version) is is_safe


@pytest.mark.parametrize("address", ["sqlite://", "postgresql+psycopg://nobody@localhost/none"], ids=["file", "server"])
def test_texts_of_statements_are_kept_within_bounds(address: str) -> None:
    kept: Any = create_engine(address, **engine_options(address))._compiled_cache
    for n in range(1000):
        kept[(n,)] = n
    assert len(kept) <= 300
