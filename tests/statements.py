"""Which SELECTs a piece of code sends to the database, and whether it asks the database how far it has come."""

from collections import Counter
from collections.abc import Hashable, Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event
from sqlalchemy.engine import Engine

from center.kernel.caching import read_cache
from center.kernel.db import db, once

READS = ("SELECT", "WITH", "PRAGMA", "BEGIN", "SET")
statements = Counter[bool]()  # of this process so far: those that write, and the others


@event.listens_for(Engine, "before_cursor_execute")
def _note_writing(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
    statements[not sql.lstrip().upper().startswith(READS)] += 1


@contextmanager
def everything_sent() -> Iterator[list[str]]:
    """Collect every statement while the block runs: those that read, those that write, and savepoints."""
    seen: list[str] = []

    def note(_connection: Any, _cursor: Any, sql: str, *_rest: Any) -> None:
        seen.append(sql)

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)


@contextmanager
def selects(*, anew: bool = True) -> Iterator[list[tuple[str, Any]]]:
    """Collect each SELECT with its values while the block runs, in which requests know nothing that earlier ones read.

    With `anew=False` they know what is kept while this process has written nothing. The real state is asked for
    as well, as a statement that counts; but tests of other processes move it on: PostgreSQL has one for all databases.
    """
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH", "PRAGMA DATA_VERSION")):
            seen.append((sql, values))

    def state(connection: Any, of: Any, ask: Any = read_cache._state) -> Hashable:
        ask(connection, of)
        return object() if anew else statements[True]

    def versions(kind: str, ask: Any = read_cache._state) -> Hashable:
        found = ask(db.session.connection(), frozenset({kind}))
        return (found, once("anew", object)) if anew else found

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with patch.object(read_cache, "_state", state), patch.object(read_cache, "versions_of", versions):
            yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
