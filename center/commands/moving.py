"""`center move-to URL`: everything in the SQLite database, into an empty PostgreSQL database.

All of it arrives in one transaction that ends only when every row is counted and the ledger is true over there.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import flask_migrate
import psycopg
from sqlalchemy import Table, inspect, select, text
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError

from center.commands import sqlite_files
from center.commands.archive import BackupError
from center.commands.backup import counts_of, private_folder
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.commands.restore import on_database
from center.demo.copying import copy_in
from center.kernel import config
from center.kernel.config import Settings
from center.kernel.db import Base, db, transaction
from center.kernel.encrypted import EncryptedBytes, EncryptedText, as_kept, has_files
from center.kernel.sealed import Encrypted

BATCH, BATCH_OF_FILES = 2_000, 20  # rows read at once; those that hold files are large
Moved = Callable[[str, int], None]
# Whose guards ask how things stood when a row was written (whether a register was still open, a check counted, a child
# was held by nobody else) or write rows of other tables. What comes of it is looked at once everything is there.
WRITTEN_AS_IT_STOOD = frozenset(
    {
        *("attendances", "attendance_events", "attendance_reviews", "volunteer_shifts"),
        *("care_duties", "child_photos", "collector_photos", "custody", "custody_events", "health_notes"),
        *("holdings", "plan_changes", "ways_home"),
        *("troupe_member_events", "troupe_members", "troupe_offices"),
        *("eligibilities", "incubation_decisions", "incubation_documents", "incubations"),
        *("criteria", "objections", "panel_seats", "review_scores", "score_points"),
        *("performances", "performance_events", "programmes", "programme_items", "programme_performers"),
        *("loan_lines", "sale_days", "sales", "works"),
        *("allocation_awards", "round_criteria", "term_wish_choices", "weekly_times"),
        *("appearances", "date_poll_answers", "feedback_answers"),
    }
)

# Of these only one guard asks how things stood: whether the organisation had left when the time was taken.
ONE_GUARD_AS_IT_STOOD = {"bookings": "bookings_leaving_new", "sessions": "sessions_leaving_new"}


def move_to(url: str, settings: Settings, *, moved: Moved) -> Mapping[str, int]:
    """Copy the site's SQLite database to the PostgreSQL database at `url`; returns the rows by table.

    `moved` hears of each table. Raises BackupError, with the other database as empty as it was.
    """
    if not settings.is_sqlite:
        raise BackupError("This site is on PostgreSQL already.")
    target = config.load({"CENTER_DATABASE_URL": url, "CENTER_SECRET_KEY": settings.secret_key}).database_url
    if target.startswith("sqlite"):
        raise BackupError("Name a PostgreSQL database: postgresql://user@host/name.")
    source = Path(str(db.engine.url.database))
    db.session.remove()
    try:
        with private_folder(source.parent) as folder:
            copy = folder / "database"
            sqlite_files.copy(source, copy)
            with sqlite_files.engine_of(copy).connect() as connection:
                return _fill(target, connection, settings, moved)
    except psycopg.Error as error:
        where = (error.diag.context or "").partition(":")[0]  # what follows is a row, which may be about a person
        raise BackupError(f"Nothing was moved: {error.diag.message_primary} ({where}).") from None
    except DBAPIError as error:
        raise BackupError(f"Nothing was moved: {str(error.orig).strip()}") from None


def _fill(url: str, source: Connection, settings: Settings, moved: Moved) -> Mapping[str, int]:
    with on_database(url, replace(settings, database_url=url)):
        _refuse_unless_empty()
        flask_migrate.upgrade()
        with transaction() as session:
            for table in Base.metadata.sorted_tables:
                if table.info.get("filled_by_migrations"):
                    continue
                moved(table.name, _copy(table, source, session.connection()))
            _number_on(session.connection())
            counts = _verified(source, session.connection())
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
    return counts


def _refuse_unless_empty() -> None:
    with db.engine.connect() as connection:
        tables = set(inspect(connection).get_table_names())
        is_ours = not tables or "alembic_version" in tables
        full = [name for name, n in counts_of(connection).items() if n] if is_ours else sorted(tables)
    if full:
        raise BackupError(f"The other database is not empty: there is something in {full[0]}. Nothing was changed.")


def _copy(table: Table, source: Connection, target: Connection) -> int:
    count = 0
    guards = "USER" if table.name in WRITTEN_AS_IT_STOOD else ONE_GUARD_AS_IT_STOOD.get(table.name)
    if guards:
        target.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER {guards}"))
    batch = BATCH_OF_FILES if has_files(table) else BATCH
    # What is encrypted arrives as it is: to copy rows goes past the types of their columns.
    hidden = EncryptedText | EncryptedBytes | Encrypted
    columns = [as_kept(each) if isinstance(each.type, hidden) else each for each in table.columns]
    found = source.execution_options(yield_per=batch).execute(select(*columns).order_by(*table.primary_key))
    for some in found.mappings().partitions(batch):
        copy_in(target, table, [_row(each) for each in some])
        count += len(some)
    if guards:
        # What is looked at when all is written, such as that an order has no gaps, is looked at now.
        target.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))
        target.execute(text("SET CONSTRAINTS ALL DEFERRED"))
        target.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER {guards}"))
    return count


def _row(found: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name): value for name, value in found.items()}


def _number_on(connection: Connection) -> None:
    """New rows get numbers after those that came along."""
    for table in Base.metadata.sorted_tables:
        keys = list(table.primary_key)
        if len(keys) == 1 and keys[0].name == "id" and keys[0].autoincrement == "auto":
            sequence = connection.scalar(text("SELECT pg_get_serial_sequence(:name, 'id')"), {"name": table.name})
            highest = connection.scalar(select(keys[0]).order_by(keys[0].desc()).limit(1))
            if sequence and highest:
                connection.execute(
                    text("SELECT setval(:sequence, :highest)"), {"sequence": sequence, "highest": highest}
                )


def _verified(source: Connection, target: Connection) -> Mapping[str, int]:
    there, here = counts_of(source), counts_of(target)
    wrong = [f"{name} has {here.get(name)} rows instead of {n}" for name, n in there.items() if here.get(name) != n]
    wrong += [f"missing: {name}" for name in missing_holds()] + ledger_findings()
    if wrong:
        raise BackupError(f"What arrived is not what was sent: {'; '.join(wrong[:5])}. Nothing was moved.")
    return here
