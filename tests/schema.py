"""What a database is made of, asked of the database itself."""

from typing import Any

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import text

from center.kernel.db import Base, db

TRIGGERS = {
    "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
}
FUNCTIONS = {
    "sqlite": "SELECT NULL WHERE false",
    "postgresql": "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace",
}


def differences_from_the_models() -> list[Any]:
    """Where the database is not what the models say."""
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        return list(compare_metadata(context, Base.metadata))


def triggers() -> set[str]:
    """The names of its triggers."""
    return _names(TRIGGERS)


def functions() -> set[str]:
    """The names of its functions."""
    return _names(FUNCTIONS)


def _names(queries: dict[str, str]) -> set[str]:
    with db.engine.connect() as connection:
        return set(connection.execute(text(queries[db.engine.dialect.name])).scalars())
