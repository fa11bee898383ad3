"""Years that are over: rows of a test copied back in time, so that what reads history is seen to do so."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Table, UniqueConstraint, insert, select

from center.kernel.db import Base, transaction

STEP = 10_000  # between the ids of a row and of its copy
EVERY = timedelta(days=1)


def copy_back(rows: Sequence[Base], times: int) -> None:
    """Copy these rows, who may point at each other, so many times, each a day earlier than the one before.

    Rows that others point at come first.
    """
    copied = {str(row.__table__) for row in rows}
    with transaction() as session:
        for row in rows:
            table: Any = row.__table__
            [known] = session.execute(select(table).where(table.c.id == row.id)).mappings().all()  # type: ignore[attr-defined]
            session.execute(insert(table), [_copy(table, dict(known), n, copied) for n in range(1, times + 1)])


def _copy(table: Table, known: dict[str, Any], n: int, copied: set[str]) -> dict[str, Any]:
    unique = {
        column.name for each in table.constraints if isinstance(each, UniqueConstraint) for column in each.columns
    }
    for column in table.c:
        value = known[column.name]
        points_at = {key.column.table.name for key in column.foreign_keys}
        if value is None:
            continue
        if isinstance(value, datetime):
            known[column.name] = value - n * EVERY
        elif column.name == "id" or points_at & copied:
            known[column.name] = value + n * STEP
        elif type(value) is str and column.name in unique | {"slug", "key", "request_key", "message_id", "about"}:
            known[column.name] = f"{value[:6]}{n:05d}"
    return known
