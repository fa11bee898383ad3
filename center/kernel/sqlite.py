"""The SQLite that this house uses: the wheel pysqlite3's where there is one, else the standard library's.

Only a recent SQLite may use WAL, with which readers and a writer do not wait for each other (docs/decisions/0021). What
comes with Python or the operating system is often older. Everything that opens a SQLite file takes the driver from
here, so that never two different SQLites work on one file.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import sqlite3 as driver

    SOURCE = ""
else:
    try:
        from pysqlite3 import dbapi2 as driver

        SOURCE = "of the package pysqlite3"
    except ImportError:
        import sqlite3 as driver

        SOURCE = "of Python's standard library"

__all__ = ["SOURCE", "VERSION", "driver", "is_busy", "journal_mode", "wal_is_safe"]

VERSION = driver.sqlite_version
MODES = {True: "WAL", False: "TRUNCATE"}  # of the journal, by whether WAL is safe


def wal_is_safe(version: tuple[int, int, int] = driver.sqlite_version_info) -> bool:
    """Whether this SQLite has the fix of the WAL-reset fault (3.51.3, or 3.50.7 or 3.44.6 on their branches)."""
    major, minor, patch = version
    if (major, minor) in {(3, 50), (3, 44)}:
        return patch >= {50: 7, 44: 6}[minor]
    return version >= (3, 51, 3)


def journal_mode() -> str:
    """The journal that is both safe and fastest with this SQLite."""
    return MODES[wal_is_safe()]


def is_busy(error: BaseException | None) -> bool:
    """Whether the database only could not be had in time."""
    return isinstance(error, driver.OperationalError) and error.sqlite_errorname.startswith(
        ("SQLITE_BUSY", "SQLITE_LOCKED")
    )


def choose_journal(cursor: driver.Cursor) -> None:
    """The mode belongs to the file. It cannot change while others use the file; then a later connection does it."""
    mode = journal_mode()
    cursor.execute("PRAGMA busy_timeout=0")
    try:
        if cursor.execute("PRAGMA journal_mode").fetchone()[0].upper() != mode:
            cursor.execute(f"PRAGMA journal_mode={mode}")
    except driver.OperationalError as error:
        if not is_busy(error):
            raise
