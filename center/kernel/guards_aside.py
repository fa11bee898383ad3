"""Triggers laid aside while something is done that they stand in the way of, and given back as they were."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from sqlalchemy.engine import Connection


@contextmanager
def guards_aside(table: str) -> Iterator[None]:
    """In a migration that changes a table: SQLite makes it anew, and renames none of which a trigger speaks."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    with triggers_aside(op.get_bind(), speaking_of=table):
        yield


@contextmanager
def triggers_aside(connection: Connection, *, speaking_of: str = "") -> Iterator[None]:
    """Take away the triggers of a SQLite database that speak of a table, by default all, and give them back."""
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE :like ORDER BY name")
    kept = [tuple(row) for row in connection.execute(query, {"like": f"%{speaking_of}%"})]
    for name, _sql in kept:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _name, sql in kept:
        connection.exec_driver_sql(sql)
