"""`center backup FILE`: the whole database in one file, while the site runs."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from alembic.runtime.migration import MigrationContext
from sqlalchemy import inspect, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DatabaseError, OperationalError

from center.commands import archive, postgres_tools, sqlite_files
from center.commands.archive import BackupError, Manifest
from center.commands.encrypted_rows import keys_needed
from center.kernel.db import db
from center.kernel.sqlite import VERSION, driver

NOT_COUNTED = {"alembic_version", "incubation_transitions", "reading_versions"}  # the migrations fill them


def back_up(file: Path, *, now: datetime) -> Manifest:
    """Write the database as it is at one moment into `file`, all or nothing. Raises BackupError."""
    file = file.absolute()
    _refuse_overwriting(file)
    make = _from_sqlite if db.engine.dialect.name == "sqlite" else _from_postgresql
    try:
        with private_folder(file.parent) as folder:
            payload, packed = folder / archive.PAYLOAD, folder / "packed"
            manifest = make(payload, now)
            archive.pack(packed, payload, manifest)
            put_in_place(packed, file)
    except OSError as error:
        raise BackupError(f"The backup could not be written: {error}") from None
    except OperationalError:
        raise
    except (driver.Error, DatabaseError) as error:
        raise BackupError(f"The database could not be read whole: {error}. Run `center doctor`.") from None
    return manifest


def counts_of(connection: Connection) -> dict[str, int]:
    """How many rows each table has."""
    quoted = connection.dialect.identifier_preparer.quote
    names = sorted(set(inspect(connection).get_table_names()) - NOT_COUNTED)
    return {name: connection.scalar(text(f"SELECT count(*) FROM {quoted(name)}")) or 0 for name in names}  # noqa: S608


def put_in_place(finished: Path, file: Path) -> None:
    """Give a finished file its name, so that a power cut leaves the old file or the new one, whole."""
    with finished.open("rb") as handle:
        os.fsync(handle.fileno())
    finished.replace(file)
    folder = os.open(file.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@contextmanager
def private_folder(beside: Path) -> Iterator[Path]:
    """A folder for unfinished work, for this user's eyes only, gone in the end."""
    with tempfile.TemporaryDirectory(prefix=".center-", dir=beside) as folder:
        yield Path(folder)


def _from_sqlite(payload: Path, now: datetime) -> Manifest:
    source = Path(str(db.engine.url.database))
    if not source.exists():
        raise BackupError(f"There is no database at {source}.")
    sqlite_files.copy(source, payload)
    with sqlite_files.engine_of(payload).connect() as connection:
        return _manifest("sqlite", VERSION, connection, payload, now)


def _from_postgresql(payload: Path, now: datetime) -> Manifest:
    """What pg_dump writes, and the counts, are of the same snapshot."""
    postgres_tools.find("pg_dump")
    with db.engine.connect().execution_options(isolation_level="REPEATABLE READ") as connection:
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))  # a big dump takes its time
        snapshot = connection.execute(text("SELECT pg_export_snapshot()")).scalar_one()
        postgres_tools.dump(db.engine.url, payload, snapshot=snapshot)
        version = connection.execute(text("SHOW server_version")).scalar_one()
        return _manifest("postgresql", version, connection, payload, now)


def _manifest(engine: str, version: str, connection: Connection, payload: Path, now: datetime) -> Manifest:
    return Manifest(
        format=archive.FORMAT,
        made_at=now.isoformat(timespec="seconds"),
        engine=engine,
        engine_version=version,
        revisions=sorted(MigrationContext.configure(connection).get_current_heads()),
        counts=counts_of(connection),
        bytes=payload.stat().st_size,
        sha256=archive.checksum(payload),
        keys=keys_needed(connection),
    )


def _refuse_overwriting(file: Path) -> None:
    """An older backup may be replaced; nothing else, and least of all the database."""
    if not file.parent.is_dir():
        raise BackupError(f"There is no folder {file.parent}.")
    if file.is_dir():
        raise BackupError(f"{file} is a folder. Name a file in it.")
    if file.exists():
        try:
            archive.read_manifest(file)
        except BackupError:
            raise BackupError(f"{file} exists and is not a backup. It was left alone; choose another name.") from None
