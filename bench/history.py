"""Years of history: the demonstration's year of bookings copied back in time, with uses, ledger rows and trail.

But for what still waits for a decision, since years ago it would not wait any more.

Everything is copied by the database itself, past the site's actions, but not past the ledger's refusal of overlap.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    DateTime,
    Interval,
    String,
    Table,
    cast,
    func,
    insert,
    literal,
    select,
    text,
    type_coerce,
)

from center.bookings.models import Booking, BookingEvent, BookingStatus
from center.kernel.db import UtcDateTime
from center.rooms.models import Occupancy, RoomUse

YEAR = timedelta(weeks=60)  # whole weeks, and longer than what is copied, so that no two years overlap
STEP = 1_000_000  # between the ids of one year and the next
KEYS = ("use_id", "booking_id")


def add_years(connection: Connection, years: int) -> Iterator[int]:
    """Copy the year that is there so many times; yields after each."""
    for year in range(1, years + 1):
        if connection.dialect.name == "postgresql":  # what the copies point at is there, since the originals' is
            connection.execute(text("SET LOCAL session_replication_role = replica"))
        for table in (RoomUse.__table__, Booking.__table__, Occupancy.__table__, BookingEvent.__table__):
            assert isinstance(table, Table)
            connection.execute(_copy(connection.dialect.name, table, year))
        connection.commit()
        yield year
    connection.execute(text("ANALYZE"))
    connection.commit()


def _copy(dialect: str, table: Table, year: int) -> Any:
    values = {column.name: _value(dialect, table, column, year) for column in table.c}
    rows = select(*values.values())
    decided = (Booking.id < STEP, Booking.status != BookingStatus.REQUESTED)
    if table.name == "room_uses":
        rows = rows.where(table.c.id.in_(select(Booking.use_id).where(*decided)))
    elif "use_id" in table.c:
        rows = rows.where(table.c.use_id.in_(select(Booking.use_id).where(*decided)))
    else:
        rows = rows.where(table.c.booking_id.in_(select(Booking.id).where(*decided)))
    return insert(table).from_select(list(values), rows)


def _value(dialect: str, table: Table, column: Column[Any], year: int) -> ColumnElement[Any]:
    """What a copy has in this column: another number, an earlier time, or the same."""
    if column.primary_key or column.name in KEYS:
        return column + year * STEP
    if isinstance(column.type, UtcDateTime):
        return _earlier(dialect, column, year * YEAR)
    if column.name in {"reference", "request_key"}:
        return literal("H") + cast(column.table.c.id + year * STEP, String)
    return column


def _earlier(dialect: str, column: Column[datetime], by: timedelta) -> ColumnElement[Any]:
    if dialect == "postgresql":
        return type_coerce(column, DateTime(timezone=True)) - literal(by, Interval)
    return func.strftime("%Y-%m-%d %H:%M:%f000", column, f"-{by.days} days", type_=String)
