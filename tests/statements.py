"""Which SELECTs a piece of code sends to the database, and whether it asks SQLite how far it has come."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import event

from center.db import db


@contextmanager
def selects() -> Iterator[list[tuple[str, Any]]]:
    """Collect each SELECT with its values while the block runs."""
    seen: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, values: Any, *_rest: Any) -> None:
        if sql.lstrip().upper().startswith(("SELECT", "WITH", "PRAGMA DATA_VERSION")):
            seen.append((sql, values))

    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield seen
    finally:
        event.remove(db.engine, "before_cursor_execute", note)
