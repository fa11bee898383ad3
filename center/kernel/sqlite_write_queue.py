"""Whose turn it is to write on SQLite, where one writes at a time.

SQLite lets those who wait look again after ever longer pauses, up to a tenth of a second each. In a rush the database
would lie idle most of the time, and some would find it taken whenever they look, until their patience ends. So here one
thread of each process looks for all of them, every millisecond or two, and the others wait for that thread.
"""

import random
import threading
import time
from typing import Any

from sqlalchemy.engine import Connection

from center.kernel import sqlite

LOOK_AGAIN = (0.0005, 0.002)  # seconds, at random, so that processes do not look in step for ever
_turn = threading.Lock()


def begin_to_write(connection: Connection, *, patience_ms: int) -> None:
    """Begin a transaction that writes. Raises OperationalError where it has to wait for longer than that."""
    until = time.perf_counter() + patience_ms / 1000
    driver: Any = connection.connection.cursor()
    usual = driver.execute("PRAGMA busy_timeout").fetchone()[0]
    driver.execute("PRAGMA busy_timeout=0")
    try:
        if not _begin(driver, until):
            connection.exec_driver_sql("BEGIN IMMEDIATE")  # a last look, which says that the database is busy
    finally:
        driver.execute(f"PRAGMA busy_timeout={usual}")
        driver.close()


def _begin(driver: sqlite.driver.Cursor, until: float) -> bool:
    """Look until the database is free, or until patience ends; says whether the transaction has begun."""
    if not _turn.acquire(timeout=max(0.0, until - time.perf_counter())):
        return False
    try:
        while not _begins(driver):
            if time.perf_counter() >= until:
                return False
            time.sleep(random.uniform(*LOOK_AGAIN))  # noqa: S311  (nothing secret)
    finally:
        _turn.release()
    return True


def _begins(driver: sqlite.driver.Cursor) -> bool:
    try:
        driver.execute("BEGIN IMMEDIATE")
    except sqlite.driver.OperationalError as error:
        if error.sqlite_errorcode & 0xFF != sqlite.driver.SQLITE_BUSY:
            raise
        return False
    return True
