"""PostgreSQL's driver, spared what nobody needs: what came back is described only to whoever reads the description, a
connection that was in use a moment ago is not asked again whether it still stands, and what was sent before is neither
taken apart again (by the driver) nor planned again (by the server), however long it is and whatever came between."""

import time
from collections.abc import Iterator, Sequence
from typing import Any, overload

import psycopg
from psycopg import Column, _queries
from sqlalchemy import event
from sqlalchemy.engine import Engine
from sqlalchemy.exc import InvalidatePoolError

ASK_AFTER = 1.0  # seconds in which nobody used a connection
MOST_PREPARED = 400  # statements of a connection; the pages in use send more than the driver's hundred
_queries.MAX_CACHED_STATEMENT_LENGTH = 16_384  # the frame of each page asks one of 7,500 characters


class Columns(Sequence[Column]):
    """The columns of a result, each described when it is asked for: a statement sent before has them by heart."""

    def __init__(self, cursor: "Cursor", number: int) -> None:
        self._cursor, self._result, self._number = cursor, cursor.pgresult, number
        self._described: list[Column] | None = None

    def __len__(self) -> int:
        return self._number

    def __iter__(self) -> Iterator[Column]:
        return iter(self._all())

    @overload
    def __getitem__(self, which: int) -> Column: ...

    @overload
    def __getitem__(self, which: slice) -> list[Column]: ...

    def __getitem__(self, which: int | slice) -> Column | list[Column]:
        return self._all()[which]

    def _all(self) -> list[Column]:
        if self._described is None:
            assert self._cursor.pgresult is self._result, "described after something else was asked"
            self._described = psycopg.Cursor.description.fget(self._cursor) or []  # type: ignore[attr-defined]
        return self._described


class Cursor(psycopg.Cursor[Any]):
    """The driver's cursor, whose description is made only once somebody reads it."""

    @property
    def description(self) -> Any:
        """What columns came back; None where the statement gives no rows."""
        result = self.pgresult
        return Columns(self, result.nfields) if result and result.nfields else super().description


def prepare(engine: Engine) -> None:
    """Let this engine's connections be asked whether they still stand once nobody has used them for a while."""

    def ask_once_idle(connection: Any, record: Any, _proxy: object) -> None:
        if time.monotonic() - record.info.get("used at", time.monotonic()) < ASK_AFTER:
            return
        try:
            engine.dialect.do_ping(connection)
        except psycopg.Error as error:  # the server closed it, and with it the others that are as old
            raise InvalidatePoolError from error

    event.listen(engine, "connect", _keep_prepared)
    event.listen(engine, "checkin", _note_use)
    event.listen(engine, "checkout", ask_once_idle)


def _keep_prepared(connection: psycopg.Connection[Any], _record: object) -> None:
    connection.prepared_max = MOST_PREPARED


def _note_use(_connection: object, record: Any) -> None:
    record.info["used at"] = time.monotonic()
