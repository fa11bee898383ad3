"""What is kept in encrypted columns: under which keys, and whether it can be read."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Table, func, inspect, select
from sqlalchemy.engine import Connection

from center.kernel.db import Base
from center.kernel.encrypted import (
    LONGEST_BEGINNING,
    MARK,
    EncryptedBytes,
    EncryptedText,
    as_kept,
    decrypt,
    encrypted_columns,
    has_files,
    key_of,
)
from center.kernel.unreadable import Unreadable

BATCH, BATCH_OF_FILES = 500, 4


def encrypted_tables() -> list[Table]:
    """The tables that have encrypted columns, by name."""
    return [table for _name, table in sorted(Base.metadata.tables.items()) if any(encrypted_columns(table))]


def values_by_key(connection: Connection, tables: Sequence[Table] | None = None) -> Mapping[str, Counter[str]]:
    """How many values each encrypted column has under each key; under "" what is nothing of ours.

    A database of an older version may lack a column: it has no values.
    """
    return {
        kind.name: _counted(connection, column)
        for table, column, kind in _columns(tables)
        if _is_there(connection, table, column)
    }


def keys_needed(connection: Connection) -> list[str]:
    """The ids of the keys that something was encrypted with."""
    found = values_by_key(connection).values()
    return sorted({key for counter in found for key in counter if key})


def unreadable_by_column(connection: Connection, tables: Sequence[Table] | None = None) -> Mapping[str, int]:
    """How many values of each encrypted column cannot be read, or are another's: each is decrypted for this.

    Columns with none are left out.
    """
    wrong: Counter[str] = Counter()
    for table, column, kind in _columns(tables):
        if _is_there(connection, table, column):
            wrong[kind.name] += sum(not is_sound for is_sound in _soundness(connection, table, column, kind))
    return {name: count for name, count in wrong.items() if count}


def _columns(tables: Sequence[Table] | None) -> Iterator[tuple[Table, Column[Any], EncryptedText | EncryptedBytes]]:
    for table in encrypted_tables() if tables is None else tables:
        for column, kind in encrypted_columns(table):
            yield table, column, kind


def _is_there(connection: Connection, table: Table, column: Column[Any]) -> bool:
    known = inspect(connection)
    return known.has_table(table.name) and column.name in {each["name"] for each in known.get_columns(table.name)}


def _counted(connection: Connection, column: Column[Any]) -> Counter[str]:
    kept, counted = as_kept(column), Counter[str]()
    if isinstance(column.type, EncryptedBytes):  # of few rows, and neither engine looks for a letter in bytes alike
        beginnings = select(func.substr(kept.element, 1, LONGEST_BEGINNING)).where(column.is_not(None))
        return Counter(key_of(bytes(start)) for start in connection.scalars(beginnings))
    beginning = func.substr(kept.element, 1, LONGEST_BEGINNING)
    after_mark = func.substr(beginning, len(MARK) + 2)
    until = func.instr(after_mark, ":") if connection.dialect.name == "sqlite" else func.strpos(after_mark, ":")
    key = func.substr(beginning, 1, len(MARK) + 1 + until)
    found = connection.execute(select(key, func.count()).where(column.is_not(None)).group_by(key))
    for start, count in found:
        counted[key_of(f"{start}x")] += count
    return counted


def _soundness(
    connection: Connection, table: Table, column: Column[Any], kind: EncryptedText | EncryptedBytes
) -> Iterator[bool]:
    owner = table.columns[kind.owner] if kind.owner else None
    wanted = [as_kept(column)] if owner is None else [as_kept(column), owner]
    query = (
        select(*wanted)
        .where(column.is_not(None))
        .execution_options(yield_per=BATCH_OF_FILES if has_files(table) else BATCH)
    )
    rows = connection.execute(query)
    for kept, *whose in rows:
        text = decrypt(kept, name=kind.name)
        is_theirs = owner is None or getattr(text, "owner", "") == str(whose[0])
        yield not isinstance(text, Unreadable) and is_theirs
