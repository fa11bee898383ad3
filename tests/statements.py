"""Which SELECTs a piece of code sends to the database, and whether it asks SQLite how far it has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from sqlalchemy import event

from center import unchanged
from center.db import db


@contextmanager
def selects(*, anew: bool = True) -> Iterator[list[tuple[str, Any]]]:
    """Collect each SELECT with its values while the block runs, in which requests know nothing that earlier ones read.

    With `anew=False` they know what is kept while the database is unchanged, and the number is a matter of luck: the
    tests of other processes write to the same PostgreSQL server, whose snapshot is the state that is asked for.
    """
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH", "PRAGMA DATA_VERSION")):
            seen.append((sql, values))

    asked = unchanged._state
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        with patch.object(unchanged, "_state", lambda connection: (asked(connection), object() if anew else None)):
            yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
