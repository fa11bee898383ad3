"""Whether the database is at the schema this version of the software was written for."""

from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from center.kernel.config import ROOT
from center.kernel.db import db


@cache
def wanted() -> frozenset[str]:
    """The newest migrations there are."""
    return frozenset(ScriptDirectory(str(ROOT / "migrations")).get_heads())


def current() -> set[str]:
    """The newest migrations the database has had; none for an empty database."""
    return set(MigrationContext.configure(db.session.connection()).get_current_heads())


def are_behind() -> bool:
    """Whether `center db upgrade` has something to do."""
    return current() != wanted()
