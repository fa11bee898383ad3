"""Years of history: what the demonstration's year left behind, copied back in time: bookings with uses, ledger rows and
trail, activities with sessions, rosters, sign-ups, registers, attendance and volunteers' hours, notices with how they
were delivered, and what staff did.

But for what still waits for somebody, since years ago it would not wait any more: what is published was held, what was
due was sent. Sign-ins, drafts and codes are not copied: the site forgets them after days, so no history has them.

The database copies by itself, past the site's actions, triggers and references (their rows are copied in order): each
year is farther back than the whole year before it, so that what did not overlap does not then. On SQLite indexes that
only make reading fast are made anew at the end, at once; PostgreSQL keeps its own, and its refusal of overlap.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Date,
    DateTime,
    Interval,
    Select,
    String,
    Table,
    UniqueConstraint,
    case,
    cast,
    func,
    insert,
    literal,
    literal_column,
    null,
    or_,
    select,
    text,
    type_coerce,
)

from center.kernel.db import Base, UtcDateTime
from center.kernel.guards_aside import triggers_aside

YEAR = timedelta(weeks=60)  # whole weeks, and longer than what is copied, so that no two years overlap
STEP = 1_000_000  # between the ids of one year and the next
TABLES = (  # each after those that it points at
    *("room_uses", "bookings", "occupancies", "booking_events"),
    *("activities", "sessions", "activity_events", "rosters", "pools", "sign_up_groups", "sign_ups", "places_held"),
    *("sign_up_events", "registers", "attendances", "attendance_events", "volunteer_shifts"),
    *("notices", "notice_deliveries", "staff_events"),
)
ONLY = {  # what of them is over, in SQL
    "room_uses": "id IN (SELECT use_id FROM bookings WHERE status <> 'requested' UNION SELECT use_id FROM sessions)",
    "bookings": "status <> 'requested'",
    "activities": "state IN ('published', 'held', 'cancelled')",
    "sign_ups": "state IN ('confirmed', 'cancelled')",
    "registers": "state <> 'open'",
    "attendances": "admission_id IS NULL AND amendment_id IS NULL",
    "attendance_events": "outcome <> 'needs_review'",
    "volunteer_shifts": "state NOT IN ('open', 'forgotten')",
}
NOT_OVER = "(SELECT count(*) FROM sign_ups WHERE pool_id = pools.id AND state = 'offered')"  # of a pool's places
BECAME = {  # what it was in the end
    "activities": {"published": "held"},
    "sessions": {"scheduled": "held"},
    "notice_deliveries": {"due": "sent", "handing_over": "sent"},
}


def add_years(connection: Connection, years: int) -> Iterator[int]:
    """Copy the year that is there so many times; yields after each."""
    if not years:
        return
    with _laid_aside(connection):
        for year in range(1, years + 1):
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL session_replication_role = replica"))
                connection.execute(text("SET LOCAL synchronous_commit = off"))
            for name in TABLES:
                connection.execute(_copy(connection.dialect.name, Base.metadata.tables[name], year))
            connection.commit()
            yield year
    connection.execute(text("ANALYZE"))
    connection.commit()


@contextmanager
def _laid_aside(connection: Connection) -> Iterator[None]:
    """On SQLite: no triggers, no looking up of references, no waiting for the disk, and indexes made at the end."""
    if connection.dialect.name != "sqlite":
        yield
        return
    connection.detach()  # nobody else gets a connection that looks nothing up
    cursor = connection.connection.cursor()
    for pragma in ("foreign_keys=OFF", "synchronous=OFF", "cache_size=-200000"):
        cursor.execute(f"PRAGMA {pragma}")
    with triggers_aside(connection):
        query = "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql LIKE 'CREATE INDEX%'"
        indexes = [tuple(row) for row in connection.execute(text(query))]
        for name, _sql in indexes:
            connection.exec_driver_sql(f"DROP INDEX {name}")
        connection.commit()
        yield
        for _name, sql in indexes:
            connection.exec_driver_sql(sql)
    connection.commit()


def _copy(dialect: str, table: Table, year: int) -> Any:
    values = {column.name: _value(dialect, table, column, year) for column in table.c}
    return insert(table).from_select(list(values), _rows(table, year).with_only_columns(*values.values()))


def _rows(table: Table, year: int) -> Select[Any]:
    """The rows of the first year that are over, and whose own rows above them were copied just now."""
    rows = select(table).where(_number(table) < STEP)
    if table.name in ONLY:
        rows = rows.where(text(f"({ONLY[table.name]})"))
    for column, above in _pointing(table):
        copied = above.table.alias().c[above.name]
        is_there = select(copied).where(copied == column + year * STEP).exists()
        rows = rows.where(or_(column.is_(None), is_there))
    return rows


def _number(table: Table) -> Column[Any]:
    """What tells rows of one year from those of another: the key, or its first part."""
    return next(iter(table.primary_key))


def _pointing(table: Table) -> Sequence[tuple[Column[Any], Column[Any]]]:
    """Columns that point at rows which are copied as well, with what they point at."""
    pairs = ((column, key.column) for column in table.c for key in column.foreign_keys)
    return [(column, above) for column, above in pairs if above.table.name in TABLES and above.table is not table]


def _value(dialect: str, table: Table, column: Column[Any], year: int) -> ColumnElement[Any]:
    """What a copy has in this column: another number, an earlier time, or the same."""
    own = column.primary_key and not column.foreign_keys
    above = [key.column.table.name for key in column.foreign_keys]
    if own or (above and above[0] in TABLES):
        return column + year * STEP
    if isinstance(column.type, UtcDateTime):
        return _earlier(dialect, column, year * YEAR)
    if isinstance(column.type, Date):
        return _earlier_day(dialect, column, year * YEAR)
    if column.name == "press":
        return null()
    if column.name == "taken":
        return column - literal_column(NOT_OVER)
    if column.name == "state" and table.name in BECAME:
        return case(*((column == was, became) for was, became in BECAME[table.name].items()), else_=column)
    if type(column.type) is String and column.name in _once_only(table):
        renamed = literal("H") + cast(_number(table) + year * STEP, String)
        return case((column.is_not(None), renamed))
    return column


def _once_only(table: Table) -> set[str]:
    """Columns of which no two rows may have the same."""
    alike = [each.columns.keys() for each in table.constraints if isinstance(each, UniqueConstraint)]
    alike += [each.columns.keys() for each in table.indexes if each.unique]
    return {name for names in alike for name in names}


def _earlier(dialect: str, column: Column[Any], by: timedelta) -> ColumnElement[Any]:
    if dialect == "postgresql":
        return type_coerce(column, DateTime(timezone=True)) - literal(by, Interval)
    return func.strftime("%Y-%m-%d %H:%M:%f000", column, f"-{by.days} days", type_=String)


def _earlier_day(dialect: str, column: Column[Any], by: timedelta) -> ColumnElement[Any]:
    if dialect == "postgresql":
        return type_coerce(column, Date()) - literal(by.days)
    return func.date(column, f"-{by.days} days", type_=String)
