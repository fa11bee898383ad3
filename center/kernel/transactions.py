"""What is asked of the transaction that one is in: that it ends where it was only read, how it would fail, and that it
writes a row, or a new object, without the work of a session's flush.
"""

from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from sqlalchemy import CursorResult, insert, inspect
from sqlalchemy.orm import make_transient_to_detached
from sqlalchemy.sql.dml import UpdateBase

from center.kernel.db import Base, WroteOutsideTransaction, db, is_writing

Row = TypeVar("Row", bound=Base)


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
    row_id: int = write(_inserting(kind), values).scalar_one()
    return row_id


def write(statement: UpdateBase, values: Mapping[str, Any]) -> CursorResult[Any]:
    """Write by a statement on a table, past the objects of the session and whatever waits there."""
    if not is_writing():
        raise WroteOutsideTransaction("write inside `with transaction():` only")
    session = db.session()
    session.info.pop("known", None)
    return session.connection().execute(statement, values)


def insert_new(made: Base) -> None:
    """Write a new object, which is the session's from then on. What hangs on it is not written with it, and nothing
    that listens to its kind hears of it.
    """
    said = made.__dict__
    values = {name: said.get(name, default) for name, default in _columns(type(made))}
    said.update(values, id=insert_row(type(made), **values))
    written(made)


def written(made: Row) -> Row:
    """A new object whose row was written by a statement of its own: from now on the session's."""
    make_transient_to_detached(made)
    db.session.add(made)
    return made


@cache
def _columns(kind: type[Base]) -> list[tuple[str, Any]]:
    """The columns of a kind but its id, each with what stands in it where nothing was said."""
    columns = {name: each.columns[0] for name, each in inspect(kind).column_attrs.items() if name != "id"}
    assert not any(callable(getattr(each.default, "arg", None)) for each in columns.values()), "made by a function"
    return [(name, getattr(each.default, "arg", None)) for name, each in columns.items()]


@cache
def _inserting(kind: type[Base]) -> Any:
    """Made once for each kind."""
    columns = kind.__table__.c
    return insert(kind.__table__).returning(columns.id)  # type: ignore[arg-type]
