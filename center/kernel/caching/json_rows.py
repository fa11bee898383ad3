"""Whole listings read as texts, so that one statement can bring several.

A board is drawn from seven small tables. Read one by one, each costs a round trip, and each row an object. As a
`Listing` each is one value, which the database itself has written down as JSON. Pages that show the same read the same
texts, so a page can be remembered by them (see `fragment_cache`, and docs/decisions/0008); only for a page that is new
they have to be taken apart again, with `rows`.
"""

import json
from collections import namedtuple
from collections.abc import Callable, Sequence
from datetime import date, time
from functools import lru_cache
from typing import Any, TypeAlias

from sqlalchemy import Date, Enum, Select, Text, Time, select
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import Boolean, TypeEngine

from center.kernel.caching.read_cache import kinds_of, while_unchanged
from center.kernel.db import UtcDateTime, db

AnySelect: TypeAlias = "Select[*tuple[Any, ...]]"
Reader = Callable[[Any], Any]

MOST_KEPT = 8  # texts of each listing that were taken apart


class _AsJson(FunctionElement[str]):
    """All rows of a select as one JSON array of arrays."""

    type = Text()
    inherit_cache = True


@compiles(_AsJson, "sqlite")
def _sqlite_json(element: _AsJson, compiler: SQLCompiler, **more: Any) -> str:
    return f"json_group_array(json_array({compiler.process(element.clauses, **more)}))"


@compiles(_AsJson, "postgresql")
def _postgresql_json(element: _AsJson, compiler: SQLCompiler, **more: Any) -> str:
    return f"CAST(coalesce(json_agg(json_build_array({compiler.process(element.clauses, **more)})), '[]') AS TEXT)"


class Listing:
    """A select whose rows come as one text. What order the rows have in it is left to the database."""

    def __init__(self, query: AnySelect) -> None:
        columns = query.subquery().c
        self.text = select(_AsJson(*columns)).scalar_subquery()
        self._row = namedtuple("Row", columns.keys())  # type: ignore[misc]
        readers = enumerate(_reader(column.type) for column in columns)
        self._readers = [(n, reader) for n, reader in readers if reader is not None]
        self.rows = lru_cache(MOST_KEPT)(self._rows)

    def _rows(self, text: str) -> tuple[Any, ...]:
        """The rows in a text, with the same names and values as those of the select itself."""
        found = json.loads(text)
        for row in found:
            for n, reader in self._readers:
                if row[n] is not None:
                    row[n] = reader(row[n])
        return tuple(self._row(*row) for row in found)


def together(*listings: Listing) -> AnySelect:
    """One statement that reads all these listings."""
    return select(*(listing.text for listing in listings))


def read(statement: AnySelect, **values: Any) -> Sequence[str]:
    """The texts of the listings that were put `together`."""
    key = ("listings", id(statement), *values.items())
    read = lambda: tuple(db.session.connection().execute(statement, values).one())  # noqa: E731
    return while_unchanged(key, read, of=kinds_of(statement))


def _reader(kind: TypeEngine[Any]) -> Reader | None:
    """How a value of this type is read from what the two databases write of it in JSON."""
    if isinstance(kind, Enum):
        return kind.enum_class
    if isinstance(kind, UtcDateTime):
        return UtcDateTime.from_text
    readers: Sequence[tuple[type[TypeEngine[Any]], Reader]] = (
        (Boolean, bool),
        (Date, date.fromisoformat),
        (Time, time.fromisoformat),
    )
    return next((reader for known, reader in readers if isinstance(kind, known)), None)
