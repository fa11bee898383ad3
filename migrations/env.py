"""Runs migrations on the application's own engine."""

import sys
import warnings

from alembic import context
from flask import current_app

from center.kernel import schema
from center.kernel.config import ROOT
from center.kernel.db import LOCK_TIMEOUT_MS, Base, db

if str(ROOT) not in sys.path:
    sys.path.append(str(ROOT))  # so that a migration can be of several files: `from migrations.first import …`

config = context.config
# SQLAlchemy looks at the indexes of every table that one made anew points at; people's are of expressions.
warnings.filterwarnings("ignore", "Skipped unsupported reflection of expression-based index")


def run() -> None:
    """Migrate online; a migration that rebuilds a table on SQLite re-creates its triggers.

    SQLite drops a table by deleting its rows, which foreign keys from other tables would refuse: they are off while it
    migrates, and checked before it commits.
    """
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    assert app is not None
    with db.engine.connect().execution_options(immediate=LOCK_TIMEOUT_MS) as connection:
        is_sqlite = connection.dialect.name == "sqlite"
        if is_sqlite:
            connection.detach()  # closed at the end, so that nobody gets it without foreign keys
            connection.exec_driver_sql("COMMIT")  # nothing was done yet; the switch does nothing within a transaction
            connection.exec_driver_sql("PRAGMA foreign_keys=OFF")
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        schema.recognise_unreleased(connection)
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        if is_sqlite and (broken := connection.exec_driver_sql("PRAGMA foreign_key_check").all()):
            raise RuntimeError(f"rows point at nothing after migrating: {broken[:5]}")
        connection.commit()


run()
