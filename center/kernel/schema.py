"""Whether the database is at the schema this version of the software was written for."""

import re
from functools import cache

from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import text
from sqlalchemy.engine import Connection

from center.kernel.config import ROOT
from center.kernel.db import db

FIRST, LAST_UNRELEASED = "0001_first", "0043"  # two names of one schema: the first release joined what led to it
_UNRELEASED = re.compile(r"[0-9]{4}")  # what migrations were called before the first release


@cache
def wanted() -> frozenset[str]:
    """The newest migrations there are."""
    return frozenset(_migrations().get_heads())


def current() -> set[str]:
    """The newest migrations the database has had; none for an empty database."""
    return set(MigrationContext.configure(db.session.connection()).get_current_heads())


def are_behind() -> bool:
    """Whether `center db upgrade` has something to do."""
    return current() != wanted()


def why_unknown(revision: str) -> str:
    """Why this software can do nothing with a database at this migration; empty when it can."""
    if revision == LAST_UNRELEASED or revision in {each.revision for each in _migrations().walk_revisions()}:
        return ""
    if _UNRELEASED.fullmatch(revision) and revision < LAST_UNRELEASED:
        return (
            f"it is from before version 0.1.0, at migration {revision}: bring it to migration {LAST_UNRELEASED} with"
            " `center db upgrade` of the software as it was just before that version, then come back; nothing is lost"
        )
    return f"it was made by a newer version of the software (its migration {revision} is not known here)"


def recognise_unreleased(connection: Connection) -> None:
    """Let a database that was made just before the first release go on as one of it; raises CommandError if it cannot.

    The schema is the same, so the migration alone gets another name.
    """
    revisions = MigrationContext.configure(connection).get_current_heads()
    for why in filter(None, map(why_unknown, revisions)):
        raise CommandError(f"This database cannot be upgraded: {why}.")
    if LAST_UNRELEASED in revisions:
        connection.execute(text("UPDATE alembic_version SET version_num = :first"), {"first": FIRST})


def _migrations() -> ScriptDirectory:
    return ScriptDirectory(str(ROOT / "migrations"))
