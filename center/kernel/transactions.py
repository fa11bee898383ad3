"""What is asked of the transaction that one is in: that it ends where it was only read, how it would fail, and that it
writes a row of which nobody needs an object.
"""

from functools import cache
from typing import Any

from sqlalchemy import insert

from center.kernel.db import Base, WroteOutsideTransaction, db, is_writing


def end_reading(*_told: object, **_by: object) -> None:
    """End the transaction in which a request has read, where nothing is being written; what it read stays in hand. Also
    called by the signal that a template is about to be drawn, with what that tells.
    """
    session = db.session()
    is_only_read = not (session.info.get("writing") or session.info.get("drawing"))
    if is_only_read and session.in_transaction() and not (session.new or session.dirty or session.deleted):
        known = session.info.get("known", {})
        session.commit()
        session.info["known"] = known


def is_in_part() -> bool:
    """Whether this is inside a part of a transaction that may fail alone, with all that was held in it."""
    return db.session().in_nested_transaction()


def insert_row(kind: type[Base], /, **values: Any) -> int:
    """Write a row of this kind, and return its id. What waits in the session is not written with it."""
    if not is_writing():
        raise WroteOutsideTransaction("write inside `with transaction():` only")
    session = db.session()
    row_id: int = session.connection().execute(_inserting(kind), values).scalar_one()
    session.info.pop("known", None)
    return row_id


@cache
def _inserting(kind: type[Base]) -> Any:
    """Made once for each kind."""
    columns = kind.__table__.c
    return insert(kind.__table__).returning(columns.id)  # type: ignore[arg-type]
