"""What was read before and is still true, because nobody has written anything to the database since.

Each request asks once how far the database has come, which costs no more than the cheapest read. Whatever is read under
the same state is the same, so it need not be read again. See docs/decisions/0015.
"""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any, TypeVar

from sqlalchemy.engine import Connection

from center.kernel.db import db, is_writing, once

T = TypeVar("T")

MOST_KEPT = 64  # readings, of each connection to the database
SNAPSHOT = "SELECT CAST(pg_current_snapshot() AS text)"


def while_unchanged(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds, or found before in the same state of the database. The key says all that it depends on.

    Inside `transaction()` it always reads: what is written there may yet be taken back.
    """
    if is_writing():
        return read()
    connection = db.session.connection()
    state = once("state of the database", lambda: _state(connection))
    kept: OrderedDict[Hashable, tuple[Hashable, Any]] = connection.info.setdefault("unchanged", OrderedDict())
    if key in kept and kept[key][0] == state:
        kept.move_to_end(key)
        found: T = kept[key][1]
        return found
    found = read()
    kept[key] = (state, found)
    kept.move_to_end(key)
    if len(kept) > MOST_KEPT:
        kept.popitem(last=False)
    return found


def _state(connection: Connection) -> Hashable:
    """How far the database has come, as this connection sees it: equal states show equal rows.

    On PostgreSQL it is the snapshot: which transactions have ended. On SQLite the pragma counts what other connections
    have committed, and the driver what this one has changed.
    """
    if connection.dialect.name == "postgresql":
        return str(connection.exec_driver_sql(SNAPSHOT).scalar_one())
    driver: Any = connection.connection.driver_connection
    return connection.exec_driver_sql("PRAGMA data_version").scalar_one(), driver.total_changes
