"""SQLite databases as files: copied as they are at one moment, examined, and replaced under a running site."""

import os
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import quote

from sqlalchemy import Engine, NullPool, create_engine

from center.commands.archive import BackupError
from center.kernel.sqlite import driver, is_busy

PATIENCE = 30  # seconds to wait for whoever holds the database
BESIDE = ("-journal", "-wal", "-shm")  # what SQLite keeps beside a database


def copy(source: Path, target: Path) -> None:
    """A database as a new file, as it is at one moment, whoever writes meanwhile. Raises driver.Error."""
    os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    with _opened(source, "rw") as live, _opened(target, "rw") as made:  # reading may mean to undo what a crash left
        made.execute("PRAGMA synchronous = OFF")  # what comes of it is synchronised as a whole, or thrown away
        _pour(live, made)
        made.execute("PRAGMA journal_mode = DELETE")  # a file that needs no other beside it


def engine_of(file: Path) -> Engine:
    """How SQLAlchemy opens a database that nobody else uses."""
    return create_engine(f"sqlite:///{file}", module=driver, poolclass=NullPool)


def faults(file: Path) -> list[str]:
    """What SQLite itself finds wrong with a database; nothing when it is sound."""
    try:
        with _opened(file, "ro") as connection:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check(5)")]
            broken = connection.execute("PRAGMA foreign_key_check").fetchall()
    except driver.Error as error:
        return [str(error)]
    return [says for says in found if says != "ok"] + [f"{len(broken)} rows point to nothing"] * bool(broken)


def replace_contents(file: Path, by: Path) -> None:
    """Pour another database into this one in one transaction; whoever has it open goes on with the new contents."""
    with _opened(by, "ro") as source, _opened(file, "rw") as target:
        target.execute("PRAGMA synchronous = FULL")
        _pour(source, target)


def set_aside(file: Path, name: Path) -> None:
    """Move a database that cannot be opened out of the way, with what lies beside it."""
    for end in ("", *BESIDE):
        part = file.with_name(file.name + end)
        if part.exists():
            part.replace(name.with_name(name.name + end))


def is_readable(file: Path) -> bool:
    """Whether SQLite can open it and read what tables there are."""
    try:
        with _opened(file, "rw") as connection:
            connection.execute("SELECT count(*) FROM sqlite_master").fetchone()
    except driver.DatabaseError as error:
        if is_busy(error):
            raise BackupError("The database is locked by another program. Nothing was changed.") from None
        return False
    return True


@contextmanager
def _opened(file: Path, mode: str) -> Iterator[driver.Connection]:
    address = f"file:{quote(str(file))}?mode={mode}"
    with closing(driver.connect(address, uri=True, timeout=PATIENCE, isolation_level=None)) as connection:
        yield connection


def _pour(source: driver.Connection, target: driver.Connection) -> None:
    """All pages in one step, so that nobody writes in between; waits while either is locked, but not for ever."""
    began = time.monotonic()

    def check(status: int, _remaining: int, _total: int) -> None:
        if status in {driver.SQLITE_BUSY, driver.SQLITE_LOCKED} and time.monotonic() - began > PATIENCE:
            raise BackupError("The database was locked by another program for too long. Nothing was changed.")

    source.backup(target, pages=-1, progress=check, sleep=0.05)
