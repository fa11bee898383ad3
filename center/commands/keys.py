"""`center keys`: the keys of encrypted columns, and everything encrypted anew under another one."""

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Table, and_, func, or_, select, tuple_, type_coerce, update
from sqlalchemy.exc import DBAPIError

from center.commands import CannotDoError
from center.commands.encrypted_rows import encrypted_tables, values_by_key
from center.kernel import data_keys
from center.kernel.data_keys import KeyRing, with_new_key, without_key
from center.kernel.db import change_rows, db, part_of_transaction, transaction
from center.kernel.encrypted import as_kept, as_kept_type, decrypt, encrypt, encrypted_columns, has_files
from center.kernel.unreadable import Unreadable

BATCH, BATCH_OF_FILES = 100, 4  # rows of one transaction
PASSES, PAUSE_SECONDS = 25, 0.2  # for rows that somebody else holds just now
UNSEEN = timedelta(hours=1)  # no transaction that encrypted with the key before is still open after that


@dataclass(frozen=True)
class KnownKey:
    """One key, or one that is missing."""

    id: str
    is_here: bool
    is_current: bool
    made_at: str
    values: int


@dataclass
class Rotated:
    """What came of encrypting anew."""

    key: str
    rows: int = 0
    left: dict[str, int] = field(default_factory=dict)  # by table: cannot be read, refused, or held by somebody


def known_keys(tables: Sequence[Table] | None = None) -> list[KnownKey]:
    """All keys that are here or needed, the current one first."""
    ring, values = data_keys.store().ring(), _values(tables)
    ids = sorted({*ring.keys, *filter(None, values)}, key=lambda id_: (id_ != ring.current, id_))
    return [KnownKey(id_, id_ in ring.keys, id_ == ring.current, ring.made.get(id_, ""), values[id_]) for id_ in ids]


def make_key(*, now: datetime) -> str:
    """Make a key with which everything is encrypted from now on; returns its id."""
    return data_keys.store().change(lambda ring: with_new_key(ring, now=now)).current


def retire_key(id_: str, *, now: datetime, tables: Sequence[Table] | None = None) -> None:
    """Take a key away that nothing in the database needs. Raises CannotDoError."""

    def without(ring: KeyRing) -> KeyRing:
        if id_ not in ring.keys:
            raise CannotDoError(f"There is no key {id_}.")
        if id_ == ring.current:
            raise CannotDoError(f"{id_} is the current key: `center keys rotate` makes another one.")
        if needed := _values(tables)[id_]:
            raise CannotDoError(f"{needed:,} values need the key {id_}: `center keys rotate` encrypts them anew.")
        if (made := ring.made.get(ring.current)) and now < datetime.fromisoformat(made) + UNSEEN:
            raise CannotDoError("The current key is less than an hour old: somebody may be writing with the other one.")
        return without_key(ring, id_)

    data_keys.store().change(without)


def rotate(*, now: datetime, tables: Sequence[Table] | None = None, wrote: Callable[[int], None]) -> Rotated:
    """Encrypt everything under a new key, some rows at a time, beside those who write.

    Where it was stopped it goes on with the key that it had made: a new one is made only once nothing is under another.
    `wrote` hears after each transaction how many rows it wrote.
    """
    tables = encrypted_tables() if tables is None else tables
    store = data_keys.store()
    ring, values = store.ring(), _values(tables)
    was_stopped = any(values[id_] for id_ in ring.keys if id_ != ring.current)
    current = ring.current if store.given or was_stopped else make_key(now=now)
    rotated = Rotated(current)
    for table in tables:
        for _pass in range(PASSES):
            passed = _pass_through(table, current, wrote)
            rotated.rows += passed.wrote
            left = _count_left(table, current)
            if left <= passed.stuck:
                break
            time.sleep(PAUSE_SECONDS)  # somebody held a row, or wrote with what they knew before
        if left:
            rotated.left[table.name] = left
    return rotated


@dataclass
class _Pass:
    """Once through a table."""

    wrote: int = 0
    stuck: int = 0  # cannot be read, or the database refuses it


def _pass_through(table: Table, current: str, wrote: Callable[[int], None]) -> _Pass:
    passed, last = _Pass(), None
    while True:
        before = passed.wrote
        with transaction():
            rows = _some_rows(table, current, after=last)
            for row in rows:
                _encrypt_anew(table, row, current, passed)
        if passed.wrote > before:
            wrote(passed.wrote - before)
        if len(rows) < _batch(table):
            return passed
        last = _key_of(table, rows[-1])


def _some_rows(table: Table, current: str, *, after: Sequence[Any] | None) -> Sequence[Row[Any]]:
    """Rows with something under another key, by their keys. Rows that somebody holds are left for the next time: who
    holds rows and waits for nobody is in nobody's way."""
    keys = list(table.primary_key)
    columns = [*keys, *(as_kept(column) for column, _kind in encrypted_columns(table))]
    query = select(*columns).where(_is_left(table, current)).order_by(*keys).limit(_batch(table))
    if after is not None:
        query = query.where(tuple_(*keys) > tuple_(*after))
    return db.session.execute(query.with_for_update(skip_locked=True)).all()


def _encrypt_anew(table: Table, row: Row[Any], current: str, passed: _Pass) -> None:
    was: dict[Any, str | bytes] = {}
    new: dict[Any, ColumnElement[Any]] = {}
    is_stuck = False
    for column, kind in encrypted_columns(table):
        if (kept := row._mapping[column.name]) is None:
            continue
        was[column] = kept
        if kept.startswith(kind.beginning(current)):
            continue
        text = decrypt(kept, name=kind.name)
        if isinstance(text, Unreadable):
            is_stuck = True
        else:
            new[column] = type_coerce(encrypt(text, name=kind.name), as_kept_type(column))
    same = [key == value for key, value in zip(table.primary_key, _key_of(table, row), strict=True)]
    same += [as_kept(column) == kept for column, kept in was.items()]
    try:
        with part_of_transaction():
            passed.wrote += change_rows(update(table).where(*same).values(new)) if new else 0
    except DBAPIError:  # its table lets nothing be changed
        is_stuck = True
    passed.stuck += is_stuck


def _batch(table: Table) -> int:
    return BATCH_OF_FILES if has_files(table) else BATCH


def _key_of(table: Table, row: Row[Any]) -> list[Any]:
    return [row._mapping[key.name] for key in table.primary_key]


def _is_left(table: Table, current: str) -> ColumnElement[bool]:
    return or_(
        *(
            and_(column.is_not(None), func.substr(as_kept(column).element, 1, len(kind.beginning(current))) != start)
            for column, kind in encrypted_columns(table)
            for start in (type_coerce(kind.beginning(current), as_kept_type(column)),)
        )
    )


def _count_left(table: Table, current: str) -> int:
    with db.engine.connect() as connection:
        return connection.scalar(select(func.count()).select_from(table).where(_is_left(table, current))) or 0


def _values(tables: Sequence[Table] | None) -> Counter[str]:
    with db.engine.connect() as connection:
        return sum(values_by_key(connection, tables).values(), Counter())
