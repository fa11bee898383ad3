"""What was read before and is still true, because nobody has written anything of that kind to the database since.

Triggers write a new version of a kind of rows with every change of such a row, whoever makes it (migration
0031). Each request reads all versions once, a handful of rows; what was read by any thread of this process
under the same versions is the same, so it need not be read again. See docs/decisions/0015.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any, TypeVar
from weakref import WeakKeyDictionary

from sqlalchemy import BigInteger, String, Table
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.orm import Mapped, mapped_column
from sqlalchemy.sql import ClauseElement, visitors

from center.kernel.db import Base, db, is_writing, once

T = TypeVar("T")
Kept = OrderedDict[Hashable, tuple[Hashable, Any]]  # what was read, with the state in which it was

MOST_KEPT = 512  # readings of each database, of which the longest, days of boards, have 24,000 characters
KINDS: Mapping[str, frozenset[str]] = {
    "settings": frozenset(
        {
            *("approval_hours", "booking_windows", "calendar_days", "centre_facts", "exception_spans"),
            *("hours_exceptions", "opening_hours", "people_groups", "priority_windows", "purposes", "quotas"),
            *("room_audiences", "room_equipment", "room_features", "room_group_rooms", "room_groups", "room_purposes"),
            "rooms",
        }
    ),
    "uses": frozenset({"bookings", "closures", "occupancies", "room_uses"}),
    "activities": frozenset({"activities", "activity_kinds", "activity_photos", "sessions"}),
    "places": frozenset({"pools", "rosters", "sign_ups"}),
    "organisations": frozenset({"organisations"}),
}
VERSIONS = "SELECT kind, id, version FROM reading_versions ORDER BY id"
SNAPSHOT = "SELECT CAST(pg_current_snapshot() AS text)"

_connections = count(1)


class Readings:
    """What was read of each database, each with the state in which it was, the latest asked for last."""

    def __init__(self, most: int = MOST_KEPT) -> None:
        self._most = most
        self._kept: WeakKeyDictionary[Engine, Kept] = WeakKeyDictionary()
        self._turn = threading.Lock()

    def find(self, key: Hashable, state: Hashable, read: Callable[[], T]) -> T:
        """What was read under this key in the same state, or else what `read` finds now."""
        with self._turn:
            kept = self._kept.setdefault(db.engine, OrderedDict())
            before = kept.get(key)
            if before is not None and before[0] == state:
                kept.move_to_end(key)
                known: T = before[1]
                return known
        found = read()
        with self._turn:
            kept[key] = (state, found)
            kept.move_to_end(key)
            if len(kept) > self._most:
                kept.popitem(last=False)
        return found


_readings = Readings()
_settings = Readings()


class ReadingVersion(Base):
    """Changes with every change of a row of its kind; of a kind there are as many as were ever changing it at once."""

    __tablename__ = "reading_versions"
    __table_args__ = ({"info": {"filled_by_migrations": True}},)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    version: Mapped[int] = mapped_column(BigInteger)


def while_unchanged(
    key: Hashable,
    read: Callable[[], T],
    *,
    of: frozenset[str] | None = None,
    at: Hashable = None,
    among: Readings = _readings,
) -> T:
    """What `read` finds, or found before in the same state of the database. The key says all that it depends on.

    `of`: the kinds of rows that it is read from (`kinds_of`). Without them anything that is written makes it be read
    anew. `at`: the time for which it is right; what was right for another is forgotten. `among`: where it is kept, if
    not with all readings. All threads share what is found, so nobody may change it. Inside `transaction()` it always
    reads: what is written there may yet be taken back.
    """
    if is_writing():
        return read()
    state = _state(db.session.connection(), of)
    if of is None and isinstance(state, tuple):  # what one connection of SQLite kept says nothing to the others
        key = (key, state[0])
    return among.find(key, (state, at), read)


def versions_of(*kinds: str) -> Hashable:
    """The versions of these kinds of rows, or of all: equal ones mean that none of such rows was changed."""
    return _state(db.session.connection(), frozenset(kinds) or None)


def while_settings_stand(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds of what staff have set (rooms, hours, rules), or found before under the same version; for
    actions, too. The key says all that it depends on.

    An action that holds what it contends for reads the version then. Who changes settings sees their own change inside
    their transaction, and if it is taken back its version never comes again. All threads share what is found, so nobody
    may change it, and it must not belong to anybody's session.
    """
    return _settings.find(key, once("version of settings", lambda: versions_of("settings")), read)


@lru_cache(maxsize=256)
def kinds_of(statement: ClauseElement) -> frozenset[str] | None:
    """The kinds of rows that a statement reads; None where versions of one of its tables are not kept."""
    tables = {each.name for each in visitors.iterate(statement) if isinstance(each, Table)}
    if not tables or tables - {name for names in KINDS.values() for name in names}:
        return None
    return frozenset(kind for kind, names in KINDS.items() if names & tables)


def _state(connection: Connection, of: frozenset[str] | None) -> Hashable:
    """How far the database has come: for these kinds of rows, or with None as a whole."""
    if of is None:
        return once("state of the database", lambda: _whole_state(connection))
    versions = once("versions of rows", lambda: _versions(connection))
    return tuple(row for row in versions if row[0] in of)


def _versions(connection: Connection) -> tuple[tuple[Any, ...], ...]:
    return tuple(tuple(row) for row in connection.exec_driver_sql(VERSIONS))


def _whole_state(connection: Connection) -> Hashable:
    """As this connection sees it: equal states show equal rows.

    On PostgreSQL it is the snapshot: which transactions have ended. On SQLite the pragma counts what other connections
    have committed, and the driver what this one has changed, so it says nothing to others.
    """
    if connection.dialect.name == "postgresql":
        return str(connection.exec_driver_sql(SNAPSHOT).scalar_one())
    number = connection.info.setdefault("number", next(_connections))
    driver: Any = connection.connection.driver_connection
    return number, connection.exec_driver_sql("PRAGMA data_version").scalar_one(), driver.total_changes
