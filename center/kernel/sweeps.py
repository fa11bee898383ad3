"""Work that is due: rows with a time that `center worker` settles every few seconds.

Each row is settled on its own, safe to be killed at any moment and to be done twice: whatever a sweep does, it looks
again, inside its transaction, whether the row is still due.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select

from center.kernel.db import change_rows, db, transaction

SOME = 200


@dataclass(frozen=True)
class Sweep:
    """One kind of due work. `due` reads the ids of some rows that are due, the oldest first; `settle` does one of them
    in a transaction of its own and does nothing where it is no longer due. What talks to other machines may have to
    wait for them, so it is done beside all else, in a thread of its own. What reads much to find little is looked for
    less often: `every` so many seconds.
    """

    name: str
    due: Callable[[datetime], Sequence[int]]
    settle: Callable[[int, datetime], None]
    talks_outside: bool = False
    receivers: "Receivers | None" = None
    every: float = 0.0


@dataclass(frozen=True)
class Receivers:
    """Whom a sweep talks to, so that a slow one holds up nobody else: `of_due` reads for whom something is due, `due`
    the ids of some rows for one of them.
    """

    of_due: Callable[[datetime], Sequence[int]]
    due: Callable[[datetime, int], Sequence[int]]


def forgetting(name: str, table: Any, at: Any, lasts: timedelta) -> Sweep:
    """Rows of a table are forgotten once the moment in this column lies that far back."""

    def old_ids(now: datetime) -> Sequence[int]:
        query = select(table.id).where(at < now - lasts)
        return db.session.scalars(query.order_by(at, table.id).limit(SOME)).all()

    def forget(row_id: int, now: datetime) -> None:
        with transaction():
            change_rows(delete(table).where(table.id == row_id, at < now - lasts))

    return Sweep(name, old_ids, forget)
