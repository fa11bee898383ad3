"""Changing a table of which triggers speak: SQLite makes it anew, and renames none of which a trigger speaks."""

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op


@contextmanager
def guards_aside(table: str) -> Iterator[None]:
    """Take away the triggers that speak of the table, and give them back as they were; on PostgreSQL they stay."""
    if op.get_bind().dialect.name != "sqlite":
        yield
        return
    query = sa.text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND sql LIKE :like ORDER BY name")
    kept = [tuple(row) for row in op.get_bind().execute(query, {"like": f"%{table}%"})]
    for name, _sql in kept:
        op.execute(f"DROP TRIGGER {name}")
    yield
    for _name, sql in kept:
        op.get_bind().exec_driver_sql(sql)
