"""Runs migrations on the application's own engine."""

from alembic import context
from flask import current_app

from center.db import Base, db

config = context.config


def run() -> None:
    """Migrate online; SQLite batch mode rebuilds tables, so a migration that uses it re-creates their triggers."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    assert app is not None
    with db.engine.connect().execution_options(immediate=True) as connection:
        context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
        with context.begin_transaction():
            context.run_migrations()
        connection.commit()


run()
