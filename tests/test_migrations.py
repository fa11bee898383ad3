"""The migrations, from an empty database on each engine, build what the models say and what the ledger needs."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, inspect, select, text
from sqlalchemy.exc import IntegrityError

from center.incubator.models.incubations import Incubation, IncubationStage
from center.kernel.config import ROOT
from center.kernel.db import Base, db, transaction
from center.organisations.models import Organisation
from migrations.first import guards
from tests.builders import make_centre
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.incubator import kept_files
from tests.incubator.builders import make_incubation
from tests.schema import differences_from_the_models, functions, triggers

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
VERSIONS = sorted(Path(ROOT / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def empty_app(engine: str, engines: Engines, worker: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app on a database that has no tables yet."""
    name = re.sub(r"\W+", "_", request.node.name)[:24]
    app = make_app(engines.empty_url(engine, f"{worker}_{name}_{abs(hash(request.node.nodeid)) % 10**6}"))
    with app.app_context():
        yield app
    dispose(app)


@pytest.fixture
def migrated(empty_app: Flask) -> Flask:
    """The app on a database that has run every migration."""
    flask_migrate.upgrade()
    return empty_app


def test_migrations_form_one_line_with_one_end() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_a_migration_is_called_by_its_number_and_a_word_as_its_file_is() -> None:
    """Numbers alone are names of before the first release; and the database keeps 32 letters."""
    names = {each.revision for each in ScriptDirectory(str(ROOT / "migrations")).walk_revisions()}
    assert names == {file.stem for file in VERSIONS}
    assert all(re.fullmatch(r"[0-9]{4}_[a-z_]{1,27}", name) for name in names)


def test_a_migrated_database_is_what_the_models_say(migrated: Flask) -> None:
    assert differences_from_the_models() == []


def test_every_named_constraint_is_in_the_database(migrated: Flask) -> None:
    found = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        checks = {str(row["name"]) for row in found.get_check_constraints(table.name)}
        uniques = {str(row["name"]) for row in found.get_unique_constraints(table.name)}
        foreign = {str(row["name"]) for row in found.get_foreign_keys(table.name)}
        assert {_name(each) for each in table.constraints if isinstance(each, CheckConstraint)} <= checks, table.name
        assert {_name(each) for each in table.constraints if isinstance(each, UniqueConstraint)} <= uniques, table.name
        assert {_name(e) for e in table.constraints if isinstance(e, ForeignKeyConstraint)} <= foreign, table.name
        assert found.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"


def test_every_trigger_that_a_migration_makes_is_in_the_database(migrated: Flask) -> None:
    assert triggers() >= _triggers_written_for(db.engine.dialect.name)


def test_downgrading_leaves_nothing_and_upgrading_again_works(migrated: Flask) -> None:
    tables, guarded = set(inspect(db.engine).get_table_names()), triggers()
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    assert triggers() == set()
    assert functions() == set()
    flask_migrate.upgrade()
    assert set(inspect(db.engine).get_table_names()) == tables
    assert triggers() == guarded


def test_files_that_lay_open_are_encrypted_and_can_be_read_as_before(migrated: Flask) -> None:
    kept_files.write_every_file()
    read, kept = kept_files.as_read(), kept_files.as_kept()
    db.session.remove()
    flask_migrate.downgrade(revision="0026_agreements")
    assert kept_files.as_kept() == read
    flask_migrate.upgrade()
    assert all(content.startswith(b"aes1:") for content in kept_files.as_kept().values())
    assert kept_files.as_kept() != kept
    assert kept_files.as_read() == read


def test_who_was_leaving_already_gets_a_last_day_and_nobody_else_does(migrated: Flask) -> None:
    make_centre()
    leaves = make_incubation(stage=IncubationStage.WITHDRAWING).organisation
    stays = make_incubation(stage=IncubationStage.INCUBATING).organisation
    with transaction():
        for each in db.session.scalars(select(Incubation)):
            each.due_on, each.organisation.uses_until = NOON.date(), None
    ids = leaves.id, stays.id
    db.session.remove()
    flask_migrate.downgrade(revision="0036_service_registers")
    flask_migrate.upgrade()
    found = [db.session.get_one(Organisation, each).uses_until for each in ids]
    assert found == [datetime(2026, 11, 24, 16, tzinfo=UTC), None]  # midnight in the centre's zone


def test_the_ledger_refuses_a_row_that_overlaps_another(rooms: None) -> None:
    _take(3, NOON, NOON + 2 * HOUR)
    for start, end in ((-1, 1), (1, 3), (0, 2), (-1, 3)):
        _refused("occupancies_no_overlap", _take, 3, NOON + start * HOUR, NOON + end * HOUR)
    _refused("occupancies_no_overlap", _take, 3, NOON + HOUR / 2, NOON + HOUR)
    _take(3, NOON + 2 * HOUR, NOON + 3 * HOUR)
    _take(3, NOON - HOUR, NOON)
    _take(4, NOON, NOON + 2 * HOUR)


def test_the_ledger_refuses_a_row_that_is_moved_onto_another(rooms: None) -> None:
    _take(3, NOON, NOON + HOUR)
    _take(3, NOON + 2 * HOUR, NOON + 3 * HOUR)
    _take(4, NOON + 2 * HOUR, NOON + 3 * HOUR)
    late = _plain(NOON + 2 * HOUR)
    move = "UPDATE occupancies SET starts_at = :to WHERE room_id = 3 AND starts_at = :late"
    _refused("occupancies_no_overlap", _write, move, to=_plain(NOON + HOUR / 2), late=late)
    switch = "UPDATE occupancies SET room_id = 3 WHERE room_id = 4 AND starts_at = :late"
    _refused("occupancies_no_overlap", _write, switch, late=late)
    _write(move, to=_plain(NOON + HOUR), late=late)


def test_the_ledger_refuses_replacing_one_row_by_another(rooms: None) -> None:
    _take(3, NOON, NOON + HOUR)
    if db.engine.dialect.name == "sqlite":
        again = (
            "INSERT OR REPLACE INTO occupancies (id, use_id, room_id, starts_at, clear_at) VALUES (99, 1, 3, :s, :c)"
        )
        _refused("occupancies_no_overlap", _write, again, s=_plain(NOON), c=_plain(NOON + HOUR))


def test_the_ledger_refuses_a_row_longer_than_a_day(rooms: None) -> None:
    _refused("occupancies_one_day", _take, 3, NOON, NOON + 26 * HOUR)
    _take(3, NOON, NOON + 24 * HOUR)


def test_the_ledger_refuses_a_row_that_ends_before_it_starts(rooms: None) -> None:
    with pytest.raises(IntegrityError):
        _take(3, NOON, NOON - HOUR)


def test_the_ledger_refuses_time_of_a_whole_that_has_parts(rooms: None) -> None:
    _refused("occupancies_on_parts", _take, 1, NOON, NOON + HOUR)


def test_a_room_in_use_cannot_be_divided_and_parts_have_no_parts(rooms: None) -> None:
    _take(3, NOON, NOON + HOUR)
    _refused("rooms_parts", _write, "UPDATE rooms SET parent_id = 3 WHERE id = 4")
    _refused("rooms_parts", _write, "UPDATE rooms SET parent_id = 2 WHERE id = 4")
    _refused("rooms_parts", _write, "UPDATE rooms SET parent_id = 4 WHERE id = 1")


@pytest.fixture
def rooms(app: Flask) -> None:
    """Room 1, which has part 2, and rooms 3 and 4; a use with id 1."""
    facts = {c.name: _plain_default(c) for c in Base.metadata.tables["rooms"].columns}
    for number, parent in ((1, None), (2, 1), (3, None), (4, None)):
        row = {**facts, "id": number, "code": str(number), "name": "x", "capacity": 9, "parent_id": parent}
        _write(f"INSERT INTO rooms ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})", **row)
    _write("INSERT INTO room_uses (id, kind) VALUES (1, 'booking')")


def _plain_default(column: Any) -> Any:
    default = column.default.arg if column.default is not None else None
    return getattr(default, "value", default)


def _take(room: int, starts_at: datetime, clear_at: datetime) -> None:
    insert = "INSERT INTO occupancies (use_id, room_id, starts_at, clear_at) VALUES (1, :room, :starts, :clear)"
    _write(insert, room=room, starts=_plain(starts_at), clear=_plain(clear_at))


def _plain(moment: datetime) -> Any:
    """A moment as the engine's driver wants it when no column type helps."""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}" if db.engine.dialect.name == "sqlite" else moment


def _write(statement: str, **values: Any) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)


def _refused(constraint: str, write: Any, *args: Any, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        write(*args, **values)


def _name(constraint: Any) -> str:
    name = constraint.name
    return str(name if name is None else db.engine.dialect.identifier_preparer.format_constraint(constraint)).strip('"')


def _triggers_written_for(engine: str) -> set[str]:
    """The names after CREATE TRIGGER in the migrations' texts for this engine."""
    later = "".join(file.read_text() for file in VERSIONS)
    texts = re.findall(rf'^{engine.upper()} = """(.*?)"""', later, re.DOTALL | re.MULTILINE)
    return set(re.findall(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)", "".join([*guards(engine), *texts])))
