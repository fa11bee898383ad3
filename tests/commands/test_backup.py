"""Backups: what is wrong with one is found before anything changes; what is right comes back whole, on each engine."""

import json
import os
import shutil
import threading
import zipfile
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from psycopg import sql
from sqlalchemy import text
from sqlalchemy.engine import make_url

from center.bookings import actions
from center.bookings.rulebook.facts import Party
from center.bookings.writing import BookingRequest
from center.commands import archive, restore, sqlite_files
from center.commands.archive import BackupError
from center.commands.backup import back_up, counts_of
from center.commands.cli import cli
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel import clock, schema
from center.kernel.db import db, transaction
from center.kernel.spans import Span
from center.kernel.sqlite import driver
from center.people.erasing.actions import erase
from center.people.models import Person
from center.rooms.models import Room
from tests.builders import at, make_booking, make_person, make_room
from tests.conftest import make_app
from tests.engines import Engines, Postgres, dispose

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


@pytest.fixture
def own(engine: str, engines: Engines, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Flask]:
    """The app on a database that this test alone may wreck."""
    server = engines.postgres() if engine == "postgresql" else None
    if server:
        _use_its_programs(server, monkeypatch)
    name = f"w{os.urandom(4).hex()}"
    url = engines.new_url(engine, name)
    if not server:
        (tmp_path / "home").mkdir()
        file = tmp_path / "home" / "center.db"
        shutil.move(str(make_url(url).database), file)
        url = f"sqlite:///{file}"
    app = make_app(url, data_dir=tmp_path)
    with app.app_context():
        yield app
    dispose(app)
    if server:
        _drop_all(server, str(make_url(url).database))


def _use_its_programs(server: Postgres, monkeypatch: pytest.MonkeyPatch) -> None:
    """pg_dump as old as the server, which the tests may have started from a wheel."""
    if server.bin_dir:
        monkeypatch.setenv("PATH", f"{server.bin_dir}{os.pathsep}{os.environ['PATH']}")
    elif not shutil.which("pg_dump"):
        pytest.skip("pg_dump is not installed: backups of PostgreSQL NOT RUN")


def _drop_all(server: Postgres, name: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        found = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [name]).fetchall()
        for (each,) in found:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(each)))


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(cli, list(arguments), input=typed)


def saved(app: Flask, tmp_path: Path) -> Path:
    """A backup of two bookings."""
    room = make_room()
    make_booking(room=room)
    make_booking(room=room, starts_at=at(14))
    file = tmp_path / "center.backup"
    assert run(app, "backup", str(file)).exit_code == 0
    return file


def rewritten(file: Path, *, change: Callable[[dict[str, Any]], Any], payload: bytes | None = None) -> Path:
    """The same archive with another manifest, or another database."""
    with zipfile.ZipFile(file) as whole:
        told = json.loads(whole.read(archive.MANIFEST))
        inside = whole.read(archive.PAYLOAD) if payload is None else payload
    change(told)
    with zipfile.ZipFile(file, "w") as whole:
        whole.writestr(archive.MANIFEST, json.dumps(told))
        whole.writestr(archive.PAYLOAD, inside)
    return file


def refused(app: Flask, file: Path, says: str) -> None:
    """The restore is refused with these words, in one line, and the database is as it was."""
    before, names = everything(), databases(app)
    done = run(app, "restore", str(file), "--yes")
    assert done.exit_code == 1, done.output
    assert says in done.output
    assert "Traceback" not in done.output
    assert "Restored" not in done.output
    assert everything() == before
    assert databases(app) == names


def everything() -> dict[str, int]:
    db.session.rollback()
    with db.engine.connect() as connection:
        return counts_of(connection)


def databases(app: Flask) -> list[str]:
    """The databases, or files, beside this one: a refused restore leaves none behind."""
    url = make_url(app.extensions["settings"].database_url)
    if url.get_backend_name() == "sqlite":
        return sorted(each.name for each in Path(str(url.database)).parent.iterdir())
    with db.engine.connect() as connection:
        found = connection.execute(
            text("SELECT datname FROM pg_database WHERE starts_with(datname, :name) ORDER BY datname"),
            {"name": str(url.database)},
        )
        return list(found.scalars())


def test_a_backup_tells_what_it_holds_and_only_its_owner_reads_it(own: Flask, tmp_path: Path) -> None:
    file = saved(own, tmp_path)
    told = archive.read_manifest(file)
    assert (told.format, told.engine) == (1, db.engine.dialect.name)
    assert told.counts["bookings"] == 2
    assert told.counts == everything()
    assert file.stat().st_mode & 0o777 == 0o600
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []


def test_an_older_backup_is_replaced_and_nothing_else_is(own: Flask, tmp_path: Path) -> None:
    file = saved(own, tmp_path)
    make_person()
    assert run(own, "backup", str(file)).exit_code == 0
    assert archive.read_manifest(file).counts["people"] == everything()["people"]
    notes = tmp_path / "notes.txt"
    notes.write_text("mine")
    done = run(own, "backup", str(notes))
    assert done.exit_code == 1
    assert "is not a backup" in done.output
    assert notes.read_text() == "mine"


def test_the_database_is_not_overwritten_by_its_own_backup(own: Flask) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    make_person()
    done = run(own, "backup", str(db.engine.url.database))
    assert done.exit_code == 1
    assert everything()["people"] == 1


@pytest.mark.parametrize("where", ["nowhere/center.backup", "."])
def test_a_place_that_cannot_be_written_is_said_plainly(own: Flask, tmp_path: Path, where: str) -> None:
    done = run(own, "backup", str(tmp_path / where))
    assert done.exit_code == 1
    assert "folder" in done.output


@pytest.mark.parametrize("left", [0, 1, 100, 0.3, 0.9, -1])
def test_a_backup_that_was_cut_short_is_refused(own: Flask, tmp_path: Path, left: float) -> None:
    file = saved(own, tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * left) if isinstance(left, float) else left])
    refused(own, file, "is not a whole backup")


def test_a_missing_file_and_another_kind_of_file_are_refused(own: Flask, tmp_path: Path) -> None:
    refused(own, tmp_path / "none", "cannot be read")
    other = tmp_path / "other.zip"
    with zipfile.ZipFile(other, "w") as whole:
        whole.writestr("letter.txt", "dear all")
    refused(own, other, "is not a whole backup")


def test_a_backup_whose_bytes_changed_is_refused(own: Flask, tmp_path: Path) -> None:
    file = saved(own, tmp_path)
    whole = bytearray(file.read_bytes())
    whole[len(whole) // 2] ^= 0xFF
    file.write_bytes(bytes(whole))
    refused(own, file, "is damaged")


def test_a_database_that_is_not_the_one_packed_is_refused_by_its_checksum(own: Flask, tmp_path: Path) -> None:
    file = saved(own, tmp_path)
    with zipfile.ZipFile(file) as whole:
        inside = bytearray(whole.read(archive.PAYLOAD))
    inside[-1] ^= 1
    refused(own, rewritten(file, change=lambda told: None, payload=bytes(inside)), "checksum")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"format": 2}, "has format 2"),
        ({"format": 0}, "is not a backup of this software"),
        ({"format": "1"}, "is not a backup of this software"),
        ({"engine": "oracle"}, "a backup of a oracle database"),
        ({"revisions": ["9999"]}, "newer version of the software"),
        ({"revisions": ["0033"]}, "from before version 0.1.0"),
        ({"sha256": "0" * 64}, "checksum"),
        ({"bytes": 5}, "checksum"),
        ({"counts": None}, "manifest lacks something"),
        ({"counts": {"bookings": 3}}, "bookings has 2 rows instead of 3"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_manifest_that_does_not_fit_is_refused(own: Flask, tmp_path: Path, change: dict[str, Any], says: str) -> None:
    file = saved(own, tmp_path)

    def rewrite(told: dict[str, Any]) -> None:
        counts = {**told["counts"], **(change.get("counts") or {})}
        told.update({**change, "counts": counts if change.get("counts", 0) is not None else None})

    refused(own, rewritten(file, change=rewrite), says)


def test_a_backup_of_the_other_engine_is_refused(own: Flask, tmp_path: Path) -> None:
    other = {"sqlite": "postgresql", "postgresql": "sqlite"}[db.engine.dialect.name]
    file = rewritten(saved(own, tmp_path), change=lambda told: told.update(engine=other))
    refused(own, file, f"a backup of a {other} database")


def test_a_backup_whose_ledger_is_untrue_is_refused(own: Flask, tmp_path: Path) -> None:
    make_booking()
    with transaction() as session:
        session.execute(text("DELETE FROM occupancies"))
    file = tmp_path / "center.backup"
    assert run(own, "backup", str(file)).exit_code == 0
    refused(own, file, "1 live bookings have no row")


def test_a_backup_without_the_ledgers_guards_is_refused(own: Flask, tmp_path: Path) -> None:
    sqlite = "DROP TRIGGER occupancies_no_overlap_insert"
    other = "ALTER TABLE occupancies DROP CONSTRAINT occupancies_no_overlap"
    with db.engine.begin() as connection:
        connection.execute(text(sqlite if db.engine.dialect.name == "sqlite" else other))
    file = tmp_path / "center.backup"
    assert run(own, "backup", str(file)).exit_code == 0
    refused(own, file, "missing in it: occupancies_no_overlap")


def test_a_damaged_sqlite_database_is_found_inside_a_whole_archive(own: Flask, tmp_path: Path) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    file = saved(own, tmp_path)
    with zipfile.ZipFile(file) as whole:
        inside = bytearray(whole.read(archive.PAYLOAD))
    inside[4096 * 3 : 4096 * 9] = b"\xff" * 4096 * 6
    broken = tmp_path / "broken"
    broken.write_bytes(inside)
    told = {"sha256": archive.checksum(broken), "bytes": len(inside)}
    refused(own, rewritten(file, change=lambda known: known.update(told), payload=bytes(inside)), "is damaged")


def test_nothing_happens_unless_somebody_agrees(own: Flask, tmp_path: Path) -> None:
    file = saved(own, tmp_path)
    make_person()
    before, names = everything(), databases(own)
    done = run(own, "restore", str(file), typed="n\n")
    assert done.exit_code == 1
    assert "with 2 bookings" in done.output
    assert (everything(), databases(own)) == (before, names)
    assert run(own, "restore", str(file), typed="y\n").exit_code == 0


def test_missing_programs_are_named_with_what_to_install(own: Flask, tmp_path: Path, monkeypatch: Any) -> None:
    if db.engine.dialect.name == "sqlite":
        return
    file = saved(own, tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    done = run(own, "backup", str(tmp_path / "another"))
    assert done.exit_code == 1
    assert "apt-get install postgresql-client" in done.output
    assert not (tmp_path / "another").exists()
    refused(own, file, "pg_restore is needed and not installed")


def test_a_user_who_may_make_no_databases_is_told_what_to_do(own: Flask, tmp_path: Path) -> None:
    if db.engine.dialect.name == "sqlite":
        return
    file = saved(own, tmp_path)
    role = f"plain_{os.urandom(4).hex()}"
    with psycopg.connect(_plain(own), autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE ROLE {} LOGIN").format(sql.Identifier(role)))
    try:
        url = make_url(own.extensions["settings"].database_url).set(username=role, password=None)
        settings = replace(own.extensions["settings"], database_url=url.render_as_string(hide_password=False))
        with pytest.raises(BackupError, match="CREATEDB"):
            restore.restore(file, settings, now=NOW, agree=lambda manifest: None)
    finally:
        with psycopg.connect(_plain(own), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(role)))


def _plain(app: Flask) -> str:
    url = make_url(app.extensions["settings"].database_url)
    return url.set(drivername="postgresql").render_as_string(hide_password=False)


def test_a_backup_from_just_before_the_first_release_is_brought_up_to_this_version(own: Flask, tmp_path: Path) -> None:
    make_booking()
    db.session.remove()
    assert run(own, "db", "downgrade", schema.FIRST).exit_code == 0
    _stamp(schema.LAST_UNRELEASED)
    file = tmp_path / "old.backup"
    assert run(own, "backup", str(file)).exit_code == 0
    _stamp(schema.FIRST)
    done = run(own, "restore", str(file), "--yes")
    assert done.exit_code == 0, done.output
    assert everything()["bookings"] == 1
    assert not schema.are_behind()


def _stamp(revision: str) -> None:
    db.session.remove()
    with db.engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_a_restore_drill_under_writes(own: Flask, tmp_path: Path) -> None:
    """Back up while others book, wreck, restore under a running site: what was there at one moment is there again."""
    room_ids = [make_room(live_limit=0, horizon_days=400).id for _ in range(3)]
    person_ids = [make_person().id for _ in room_ids]
    db.session.rollback()
    stop, booked = threading.Event(), []

    def keep_booking(room_id: int, person_id: int) -> None:
        with own.app_context():
            for n in range(2000):
                if stop.is_set():
                    break
                start = at(8 + n % 12, days=1 + n // 12)
                asked = BookingRequest(
                    span=Span(start, at(9 + n % 12, days=1 + n // 12)), people=1, purpose="x", request_key=f"{n}"
                )
                with transaction() as session:
                    person = session.get_one(Person, person_id)
                    room = session.get_one(Room, room_id)
                    actions.request_booking(room, asked, person=person, by=person, party=Party.PERSON, now=clock.now())
                booked.append(n)
            db.session.remove()

    writers = [threading.Thread(target=keep_booking, args=pair) for pair in zip(room_ids, person_ids, strict=True)]
    for writer in writers:
        writer.start()
    try:
        while len(booked) < 10:
            stop.wait(0.02)
        manifest = back_up(tmp_path / "drill.backup", now=NOW)
        then = len(booked)
        while len(booked) < then + 5:
            stop.wait(0.02)
    finally:
        stop.set()
        for writer in writers:
            writer.join()
    assert 10 <= manifest.counts["bookings"] < len(booked)
    assert manifest.counts["bookings"] == manifest.counts["occupancies"] == manifest.counts["booking_events"]
    browser = own.test_client()
    assert browser.get("/rooms").status_code == 200
    wreck(own)
    done = run(own, "restore", str(tmp_path / "drill.backup"), "--yes")
    assert done.exit_code == 0, done.output
    assert "is kept as" in done.output
    assert everything() == dict(manifest.counts)
    assert ledger_findings() == []
    assert missing_holds() == []
    assert browser.get("/rooms").status_code == 200
    make_booking(room=db.session.get_one(Room, room_ids[0]), starts_at=at(20, days=200))  # it can be written to
    assert len(databases(own)) >= 2


def wreck(app: Flask) -> None:
    """What a slip at the database's own prompt may do."""
    with db.engine.begin() as connection:
        connection.execute(text("DELETE FROM occupancies"))
        connection.execute(text("DROP TABLE booking_events"))
        connection.execute(text("UPDATE bookings SET purpose = 'wrecked'"))


def test_the_one_before_is_kept_whole(own: Flask, tmp_path: Path) -> None:
    file = saved(own, tmp_path)
    late = make_person(name="后来的人")
    names = set(databases(own))
    assert run(own, "restore", str(file), "--yes").exit_code == 0
    assert db.session.get(Person, late.id) is None
    (kept,) = set(databases(own)) - names
    url = make_url(own.extensions["settings"].database_url)
    late_ones = "SELECT count(*) FROM people WHERE name = '后来的人'"
    if url.get_backend_name() == "sqlite":
        beside = Path(str(url.database)).with_name(kept)
        assert beside.stat().st_mode & 0o077 == 0
        with closing(driver.connect(beside)) as connection:
            found = connection.execute(late_ones).fetchone()
    else:
        plain = url.set(drivername="postgresql", database=kept).render_as_string(hide_password=False)
        with psycopg.connect(plain) as server:
            found = server.execute(late_ones).fetchone()
    assert found == (1,)


@pytest.mark.parametrize("state", ["gone", "garbage", "empty"])
def test_a_sqlite_file_that_is_no_database_any_more_is_replaced_and_kept(
    own: Flask, tmp_path: Path, state: str
) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    file = saved(own, tmp_path)
    target = Path(str(db.engine.url.database))
    db.session.remove()
    db.engine.dispose()
    if state == "gone":
        target.unlink()
    else:
        target.write_bytes(b"\xff" * 9000 if state == "garbage" else b"")
    target.with_name("center.db-journal").write_bytes(b"\xd9\xd5\x05\xf9\x20\xa1\x63\xd7" + b"\x00" * 600)
    done = run(own, "restore", str(file), "--yes")
    assert done.exit_code == 0, done.output
    assert everything()["bookings"] == 2
    kept = [each for each in target.parent.iterdir() if ".before-" in each.name and each.suffix[-8:] != "-journal"]
    assert len(kept) == (0 if state == "gone" else 1)


def test_a_database_that_somebody_holds_is_waited_for_and_then_left_alone(
    own: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    file = saved(own, tmp_path)
    monkeypatch.setattr(sqlite_files, "PATIENCE", 0.2)
    before = everything()
    holder = driver.connect(str(db.engine.url.database), isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        done = run(own, "restore", str(file), "--yes")
    finally:
        holder.execute("ROLLBACK")
        holder.close()
    assert done.exit_code == 1
    assert "locked" in done.output
    assert everything() == before


def test_who_was_erased_since_a_backup_is_erased_in_it_again(own: Flask, tmp_path: Path) -> None:
    gone, stays, director = make_person(name="端木忘川"), make_person(name="周奶奶"), make_person()
    file = saved(own, tmp_path)
    ids, now = (gone.id, stays.id), clock.now()
    with transaction() as session:
        erase(session.merge(gone), by=session.merge(director), now=now)
    done = run(own, "restore", str(file), "--yes")
    assert done.exit_code == 0, done.output
    assert "Erased again in it: 1" in done.output
    db.session.rollback()
    assert [db.session.get_one(Person, each).erased_at is not None for each in ids] == [True, False]
