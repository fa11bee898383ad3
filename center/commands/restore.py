"""`center restore FILE`: put a backup in the database's place, once it has been found whole and true.

The backup is first restored beside the database and examined there, so what is found wrong changes nothing. The
database it replaces is kept.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from secrets import token_hex

import flask_migrate
from alembic.util.exc import CommandError
from sqlalchemy import select
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from center import create_app
from center.commands import archive, close_connections, postgres_tools, sqlite_files
from center.commands.archive import BackupError, Manifest
from center.commands.backup import counts_of, private_folder, put_in_place
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel import schema
from center.kernel.config import Settings
from center.kernel.db import db, transaction
from center.kernel.sqlite import driver
from center.people.erasing.actions import erase, find_erasure
from center.people.erasing.models import Erasure
from center.people.models import Person

LONGEST_NAME = 63  # of a PostgreSQL database


@dataclass(frozen=True)
class Erased:
    """Somebody who was erased: their number, since when they had it, and who did it."""

    person_id: int
    since: datetime
    by_id: int | None


def restore(file: Path, settings: Settings, *, now: datetime, agree: Callable[[Manifest], None]) -> str:
    """Replace the database by the backup in `file`; returns in words where the one before it is kept.

    `agree` is asked when all has been examined and nothing been changed; it raises to stop. Raises BackupError.
    """
    manifest = archive.read_manifest(file)
    _check_fits(manifest, settings)
    try:
        if settings.is_sqlite:
            return _onto_sqlite(file, manifest, settings, now, agree)
        return _onto_postgresql(file, manifest, settings, now, agree)
    except OSError as error:
        raise BackupError(f"The backup could not be restored: {error}") from None


def _is_there(settings: Settings) -> bool:
    """Whether there is a database to ask; to ask SQLite for one that is not there would make it."""
    return not settings.is_sqlite or _file_of(settings).is_file()


def _file_of(settings: Settings) -> Path:
    return Path(str(make_url(settings.database_url).database)).absolute()


def _check_fits(manifest: Manifest, settings: Settings) -> None:
    engine = "sqlite" if settings.is_sqlite else "postgresql"
    if manifest.engine != engine:
        raise BackupError(f"This is a backup of a {manifest.engine} database, and this site uses {engine}.")
    for revision in manifest.revisions:
        if why := schema.why_unknown(revision):
            raise BackupError(f"This backup cannot be restored: {why}.")


def _onto_sqlite(
    file: Path, manifest: Manifest, settings: Settings, now: datetime, agree: Callable[[Manifest], None]
) -> str:
    target = _file_of(settings)
    if not target.parent.is_dir():
        raise BackupError(f"There is no folder {target.parent}.")
    with private_folder(target.parent) as folder:
        staged = folder / archive.PAYLOAD
        archive.unpack(file, manifest, staged)
        if wrong := sqlite_files.faults(staged):
            raise BackupError(f"The database in the backup is damaged: {wrong[0]}. Nothing was changed.")
        _examine(f"sqlite:///{staged}", manifest, settings)
        agree(manifest)
        again = _erase_again(f"sqlite:///{staged}", settings, now=now)
        close_connections()
        kept = target.with_name(f"{target.name}.before-{now:%Y%m%d-%H%M%S}")
        return _replace_sqlite(target, staged, kept) + again


def _replace_sqlite(target: Path, staged: Path, kept: Path) -> str:
    if not target.exists():
        sqlite_files.set_aside(target, kept)  # a journal that lies about would be played into the new one
        put_in_place(staged, target)
        return "There was no database before."
    if sqlite_files.is_readable(target):
        sqlite_files.copy(target, kept)
        try:
            sqlite_files.replace_contents(target, staged)
        except BackupError:
            kept.unlink()
            raise
        except driver.DatabaseError as error:
            raise BackupError(f"The database could not be replaced: {error}. It is also kept as {kept}.") from None
        return f"The database before it is kept as {kept}."
    sqlite_files.set_aside(target, kept)
    put_in_place(staged, target)
    return f"What was there could not be read as a database; it is kept as {kept}. Restart the site."


def _onto_postgresql(
    file: Path, manifest: Manifest, settings: Settings, now: datetime, agree: Callable[[Manifest], None]
) -> str:
    postgres_tools.find("pg_restore")
    url = make_url(settings.database_url)
    name = str(url.database)
    kept = f"{name[: LONGEST_NAME - 24]}_before_{now:%Y%m%d_%H%M%S}"
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    with private_folder(settings.data_dir) as folder:
        dump = folder / archive.PAYLOAD
        archive.unpack(file, manifest, dump)
        with postgres_tools.staging(url, f"{name[: LONGEST_NAME - 24]}_restore_{token_hex(4)}") as staged:
            postgres_tools.load(staged, dump)
            staged_url = staged.render_as_string(hide_password=False)
            _examine(staged_url, manifest, settings)
            agree(manifest)
            again = _erase_again(staged_url, settings, now=now)
            close_connections()
            had_one = postgres_tools.exchange(url, new=str(staged.database), kept_as=kept)
    return (f"The database before it is kept as {kept}." if had_one else "There was no database before.") + again


def _erase_again(url: str, settings: Settings, *, now: datetime) -> str:
    """Erase in the staged database whoever was erased in the one it replaces; says so in words."""
    erased = _erased_here() if _is_there(settings) else []
    if not erased:
        return ""
    with on_database(url, settings):
        count = sum(_repeat(each, now) for each in erased)
    return f" Erased again in it: {count}." if count else ""


def _examine(url: str, manifest: Manifest, settings: Settings) -> None:
    """Hold the staged database to the manifest and to the ledger's truth, after bringing it up to this version."""
    with on_database(url, settings):
        try:
            wrong = _other_counts(manifest)
            if not wrong:
                if schema.are_behind():
                    db.session.remove()
                    flask_migrate.upgrade()
                wrong = [f"missing in it: {name}" for name in missing_holds()] + ledger_findings()
        except (DBAPIError, CommandError, SystemExit) as error:
            wrong = [str(getattr(error, "orig", error)).strip()]
    if wrong:
        raise BackupError(f"The database in the backup is not sound: {'; '.join(wrong[:5])}. Nothing was changed.")


def _other_counts(manifest: Manifest) -> list[str]:
    found, told = counts_of(db.session.connection()), manifest.counts
    names = sorted(found.keys() | told.keys())
    return [
        f"{name} has {found.get(name, 'no')} rows instead of {told.get(name, 'none')}"
        for name in names
        if found.get(name) != told.get(name)
    ]


@contextmanager
def on_database(url: str, settings: Settings) -> Iterator[None]:
    """The application on another database for a while."""
    with create_app(replace(settings, database_url=url)).app_context():
        try:
            yield
        finally:
            close_connections()


def _erased_here() -> list[Erased]:
    """Who was erased in this database; nobody where it cannot be read or is older than that."""
    query = select(Erasure.person_id, Erasure.person_since, Erasure.by_id).order_by(Erasure.person_id)
    try:
        return [Erased(*row) for row in db.session.execute(query)]
    except DBAPIError:
        return []
    finally:
        db.session.remove()


def _repeat(each: Erased, now: datetime) -> bool:
    """Erase them in the database at hand; a number that was given to somebody else there is left alone."""
    with transaction() as session:
        person = session.get(Person, each.person_id)
        if person is None or person.created_at != each.since or find_erasure(person.id) is not None:
            return False
        by = session.get(Person, each.by_id) if each.by_id else None
        if person.is_double:  # erased with whose account it was matched with, or by itself where that is undone there
            return False
        erase(person, by=by or person, now=now, is_repeated=True)
    return True
