"""PostgreSQL's own programs for dumping and restoring, and databases put in each other's place."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy.engine import URL

from center.commands.archive import BackupError

MAINTENANCE = ("postgres", "template1")  # databases that every server has, to give orders about the others from


def find(program: str) -> str:
    """Where pg_dump or pg_restore is. Raises BackupError saying what to install."""
    if found := shutil.which(program):
        return found
    raise BackupError(
        f"{program} is needed and not installed. On Debian and Ubuntu: apt-get install postgresql-client; on Red Hat: "
        "dnf install postgresql. It must not be older than the server."
    )


def dump(url: URL, file: Path, *, snapshot: str) -> None:
    """The database as the snapshot shows it, in pg_dump's own format."""
    os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    options = ["--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", f"--file={file}"]
    _run("pg_dump", *options, url=url)


def load(url: URL, file: Path) -> None:
    """Fill an empty database from a dump, whole or not at all."""
    _run("pg_restore", "--no-owner", "--no-privileges", "--single-transaction", "--exit-on-error", str(file), url=url)
    with psycopg.connect(_address(url, with_password=True), autocommit=True) as connection:
        connection.execute("ANALYZE")  # a dump has no statistics, without which the first pages would be slow


@contextmanager
def staging(url: URL, name: str) -> Iterator[URL]:
    """A new empty database beside the one at `url`, sorted and encoded like it; dropped at the end if still there."""
    with _orders(url) as connection:
        like = connection.execute(
            "SELECT pg_encoding_to_char(encoding), datcollate, datctype FROM pg_database WHERE datname = %s",
            [url.database],
        ).fetchone()
        encoding, collate, ctype = like or ("UTF8", "C", "C")
        statement = "CREATE DATABASE {} TEMPLATE template0 ENCODING {} LC_COLLATE {} LC_CTYPE {}"
        words = (sql.Identifier(name), sql.Literal(encoding), sql.Literal(collate), sql.Literal(ctype))
        try:
            connection.execute(sql.SQL(statement).format(*words))
        except psycopg.errors.InsufficientPrivilege:
            raise BackupError(
                f"The backup is first restored beside the database, for which {url.username or 'this user'} must be "
                f"allowed to make databases: ALTER ROLE {url.username or '...'} CREATEDB. Nothing was changed."
            ) from None
    try:
        yield url.set(database=name)
    finally:
        with _orders(url) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def exchange(url: URL, *, new: str, kept_as: str) -> bool:
    """Let the database `new` take the name of the one at `url`, which is kept as `kept_as`, both or neither.

    Whoever is connected is sent away and comes back to the new one. Returns whether there was one to keep.
    """
    old = str(url.database)
    with _orders(url) as connection:
        is_there = connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [old]).fetchone() is not None
        if not is_there:
            connection.execute(_rename(new, old))
            return False
        _let_in(connection, old, False)
        try:
            with connection.transaction():
                connection.execute(
                    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = ANY(%s)", [[old, new]]
                )
                connection.execute(_rename(old, kept_as))
                connection.execute(_rename(new, old))
        except psycopg.Error as error:
            _let_in(connection, old, True)
            raise BackupError(f"The database could not be exchanged and is as it was: {str(error).strip()}") from None
        _let_in(connection, kept_as, True)
    return True


def _rename(name: str, to: str) -> sql.Composed:
    return sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(name), sql.Identifier(to))


def _let_in(connection: psycopg.Connection, name: str, is_allowed: bool) -> None:
    statement = sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS {}")
    connection.execute(statement.format(sql.Identifier(name), sql.Literal(is_allowed)))


@contextmanager
def _orders(url: URL) -> Iterator[psycopg.Connection]:
    """A connection to the same server that is in none of the databases concerned."""
    failed: psycopg.OperationalError | None = None
    for name in MAINTENANCE:
        try:
            connection = psycopg.connect(_address(url.set(database=name), with_password=True), autocommit=True)
        except psycopg.OperationalError as error:
            failed = failed or error
            continue
        with connection:
            yield connection
        return
    raise BackupError(f"The server cannot be asked for another database: {str(failed).strip()}")


def _run(program: str, *arguments: str, url: URL) -> None:
    environ = {**os.environ, "LC_ALL": "C", **({"PGPASSWORD": str(url.password)} if url.password else {})}
    command = [find(program), f"--dbname={_address(url)}", *arguments]  # a password here would be seen in `ps`
    done = subprocess.run(command, env=environ, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        said = done.stderr.strip()[-600:]
        hint = " Install the client programs of the server's version." if "version mismatch" in said else ""
        raise BackupError(f"{program} failed: {said}{hint}")


def _address(url: URL, *, with_password: bool = False) -> str:
    plain = url.set(drivername="postgresql")
    plain = plain if with_password else plain._replace(password=None)
    return plain.render_as_string(hide_password=False)
