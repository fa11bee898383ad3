"""Fixtures for all tests: an app on a fresh database of either engine, a client, and the truth about what ran."""

import compileall
import gc
import hashlib
import logging
import os
import re
import shutil
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, NoReturn
from urllib.parse import urlsplit

import flask.templating
import psycopg
import pytest
import structlog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from itsdangerous import URLSafeTimedSerializer
from jinja2 import FileSystemBytecodeCache
from psycopg import sql
from sqlalchemy.util import LRUCache
from werkzeug.exceptions import HTTPException
from werkzeug.exceptions import NotFound as NotFoundAddress

import center.app.wiring  # noqa: F401  (every table, whatever a test imports)
from center import create_app
from center.kernel import clock
from center.kernel.config import ROOT
from center.kernel.db import db
from center.people.models import Account, Role
from tests import slowness
from tests.builders import begin_test, make_account, sign_in
from tests.engines import ENGINES, Engines, PostgresMissingError, dispose, settings_for, sqlite_version

# A busy machine must not turn a property into a race against the clock.
# The gate tries the same examples each time; at a desk, new ones are looked for.
PATIENT: dict[str, Any] = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
settings.register_profile("desk", **PATIENT)
settings.register_profile("gate", derandomize=True, **PATIENT)
settings.register_profile("fuzz", max_examples=10_000, print_blob=True, **PATIENT)  # `make fuzz`
settings.load_profile("gate" if os.environ.get("CI") else "desk")

# Wherever Python is told to keep nothing, too: to read all tests anew is most of what collecting them costs.
sys.dont_write_bytecode = False

HOME = pytest.StashKey[Path]()
NOT_RUN = "NOT RUN"
LONGEST = {"test_every_page.py", "test_kills.py"}  # of the slow ones
MEMORY, ENOUGH = Path("/dev/shm"), 4 * 2**30
NOWHERE = "/nowhere"  # what tests of pages that do not exist ask for
UNSAFE = {"DELETE", "PATCH", "POST", "PUT"}
COMPILED = FileSystemBytecodeCache()  # the templates, once for all processes and runs
SWEEPERS: dict[str, psycopg.Connection] = {}  # of the databases of this process
COMPILED_SQL: LRUCache[Any, Any] = LRUCache(5_000)  # statements of both engines; the product's own cache is smaller


# What a test left on PostgreSQL is asked of all tables and sequences in one statement, which the server plans once: to
# ask one after the other takes as long as an ordinary test. Deleting its few rows takes a fraction of what truncating
# every table does. Triggers and foreign keys look away meanwhile, on a connection of its own, because plans are made
# anew where that is switched; who may not ask them to (no superuser, on a server that was here before) gets an error
# that says so.
KEPT_TABLES = {"alembic_version", "incubation_transitions"}
TABLES_AND_SEQUENCES = """
SELECT relkind = 'S', relname FROM pg_class
WHERE relkind IN ('r', 'S') AND relnamespace = 'public'::regnamespace ORDER BY relname
"""


class FreshContextClient(FlaskClient):
    """A client whose every request has its own app context, as a server's has, although the test holds one too.

    The test's own reading ends before each request, so that it neither blocks a writer nor sees old rows afterwards.
    A POST carries a valid CSRF token unless it says `csrf=False`.
    """

    def open(self, *args: Any, csrf: bool = True, **kwargs: Any) -> Any:
        db.session.rollback()
        if args and isinstance(args[0], str):
            self._refuse_unknown(args[0])
        if csrf and kwargs.get("method") in UNSAFE and args and isinstance(args[0], str):
            kwargs["headers"] = {**dict(kwargs.get("headers") or {}), "X-CSRFToken": self._csrf_token()}
        with self.application.app_context():
            return super().open(*args, **kwargs)

    def _refuse_unknown(self, address: str) -> None:
        """A test that asks whether something is hidden learns nothing from an address that no page has."""
        path = urlsplit(address).path
        try:  # a number that no row can have still asks for a page
            known = re.sub(r"(?<=/)(?:-?\d+|x)(?=/|$)", "1", path)
            self.application.url_map.bind("localhost").match(known, method="GET")
        except NotFoundAddress:
            assert path.startswith(NOWHERE), f"no page has the address {path}"
        except HTTPException:
            pass

    def _csrf_token(self) -> str:
        with self.application.app_context(), self.session_transaction() as session:
            raw = session.setdefault("csrf_token", "0" * 40)
        return str(URLSafeTimedSerializer(str(self.application.secret_key), salt="wtf-csrf-token").dumps(raw))


def pytest_configure(config: pytest.Config) -> None:
    config.pluginmanager.register(slowness)
    gc.set_threshold(50_000, 20, 50)  # a test process lives for minutes
    given = getattr(config, "workerinput", {}).get("home")
    config.stash[HOME] = Path(given or tempfile.mkdtemp(prefix="qinghe-test-", dir=_fast_folder()))
    COMPILED.directory = str(compiled_templates())
    if given is None:
        _compile_translations()
        _compile_site()


def compiled_templates() -> Path:
    """Where they stay from run to run; anew where what compiles them may have changed."""
    how = hashlib.sha256((ROOT / "center" / "web" / "template_words.py").read_bytes()).hexdigest()[:12]
    folder = ROOT / ".pytest_cache" / f"templates-{version('jinja2')}-{how}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _fast_folder() -> str | None:
    """Memory, where there is enough: what a test writes need not outlive the power, and a disk makes it wait for each
    commit. None: the usual place for temporary files."""
    try:
        return str(MEMORY) if shutil.disk_usage(MEMORY).free > ENOUGH and os.access(MEMORY, os.W_OK) else None
    except OSError:
        return None


def _compile_translations() -> None:
    """Let pages speak the catalogues as they are now, however the tests were started."""
    for source in (ROOT / "center" / "translations").glob("*/LC_MESSAGES/messages.po"):
        compiled = source.with_suffix(".mo")
        if not compiled.exists() or compiled.stat().st_mtime < source.stat().st_mtime:
            with source.open("rb") as po, compiled.open("wb") as mo:
                write_mo(mo, read_po(po, locale=source.parent.parent.name))


def _compile_site() -> None:
    """Once, not in each of the hundreds of processes that tests start, on machines that tell Python to keep nothing."""
    compileall.compile_dir(ROOT / "center", quiet=1)
    compileall.compile_dir(ROOT / "tests", quiet=1)


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Iterator[None]:
    """Refuse to tell the time while tests are collected: a moment worked out then lies in the past of a test that sets
    its clock, or in another day than the test's."""
    now, clock.now = clock.now, _refuse_the_time
    try:
        return (yield)
    finally:
        clock.now = now


def _refuse_the_time() -> NoReturn:
    raise RuntimeError("No moment is worked out while tests are collected: give a function, and call it in the test.")


@pytest.hookimpl(trylast=True)  # of what is left to run
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Let each process begin with its part of what takes longest, so that none waits for another in the end."""
    processes = getattr(config, "workerinput", {}).get("workercount", 1)
    slow = [item for item in items if item.get_closest_marker("slow")]
    longest = sorted(slow, key=lambda item: item.path.name not in LONGEST)
    others = [item for item in items if not item.get_closest_marker("slow")]
    items.clear()
    for n, size in enumerate(_shares(len(longest) + len(others), processes)):
        share = [*longest[n::processes], *others]
        items += share[:size]
        others = share[size:]
    items += others


def _shares(tests: int, processes: int) -> Iterator[int]:
    """How many tests each process is given at first: `--dist worksteal` cuts the list into these pieces."""
    for left in range(processes, 0, -1):
        yield tests // left
        tests -= tests // left


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """One process more than there are cores: tests of servers, browsers and races wait for these much of the time."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """Tell each worker process of pytest-xdist where this run keeps its databases."""
    node.workerinput["home"] = str(node.config.stash[HOME])


def pytest_unconfigure(config: pytest.Config) -> None:
    if not hasattr(config, "workerinput"):
        Engines(config.stash[HOME]).stop()


@pytest.fixture(scope="session")
def engines(request: pytest.FixtureRequest) -> Engines:
    """Where databases come from."""
    return Engines(request.config.stash[HOME])


@pytest.fixture(scope="session")
def worker(request: pytest.FixtureRequest) -> str:
    """The name of this test process."""
    return getattr(request.config, "workerinput", {}).get("workerid", "main")


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, engines: Engines) -> str:
    """Each engine's name in turn; a test that needs one that is not to be had says so."""
    if request.param == "postgresql":
        need_postgres(engines)
    return str(request.param)


def need_postgres(engines: Engines) -> None:
    """Go on only with a PostgreSQL server: without one CI fails, and elsewhere the summary says what was not run."""
    try:
        engines.postgres()
    except PostgresMissingError as error:
        say = f"PostgreSQL not available: {NOT_RUN} ({error})"
        pytest.fail(say) if os.environ.get("CI") else pytest.skip(say)


@pytest.fixture(scope="session")
def _apps(engines: Engines, worker: str) -> Iterator[dict[str, Flask]]:
    """One app per engine and worker process: building it costs more than most tests."""
    apps: dict[str, Flask] = {}
    yield apps
    for app in apps.values():
        dispose(app)
    for connection in SWEEPERS.values():
        connection.close()


@pytest.fixture(autouse=True)
def real_time() -> None:
    """Each test begins at the time that it is, whatever the one before it set its clock to."""
    clock.start_at(None)
    begin_test()


@pytest.fixture
def app(engine: str, engines: Engines, worker: str, _apps: dict[str, Flask]) -> Iterator[Flask]:
    """The app on a fresh migrated database without rows, with an app context pushed."""
    if engine not in _apps:
        _apps[engine] = make_app(engines.new_url(engine, worker))
    app = _apps[engine]
    empty_database(app, engines)
    assert _made_of(app) == app.extensions["as made"], "a test before this one changed the app for all after it"
    with app.app_context():
        yield app
        db.session.rollback()
    structlog.contextvars.clear_contextvars()


@pytest.fixture
def morning(app: Flask) -> Iterator[None]:
    """Ten o'clock of a working day at the centre, from which the clock runs on."""
    clock.start_at(datetime(2026, 11, 24, 2, tzinfo=UTC))
    yield
    clock.start_at(None)


def make_app(url: str, **changes: Any) -> Flask:
    """An app that shows its errors to the test instead of a page that says sorry."""
    app = create_app(settings_for(url, **changes))
    gc.freeze()  # what is here now stays: the collector need not look at it again and again
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.WARNING))
    app.extensions["as made"] = _made_of(app)
    app.config["TESTING"] = True
    app.test_client_class = FreshContextClient
    app.jinja_env.bytecode_cache = COMPILED
    with app.app_context():  # who asks for every page sends more kinds of them than SQLAlchemy keeps
        db.engine.update_execution_options(compiled_cache=COMPILED_SQL)
    return app


def _made_of(app: Flask) -> tuple[Any, ...]:
    """What tests change of an app that others go on with: by `monkeypatch`, which puts it back."""
    return app.secret_key, app.extensions["settings"]


def empty_database(app: Flask, engines: Engines) -> None:
    """Take away whatever the test before this one wrote."""
    with app.app_context():
        if db.engine.dialect.name == "sqlite":
            db.engine.dispose()
            file = Path(str(db.engine.url.database))
            for more in ("-journal", "-wal", "-shm"):
                file.with_name(file.name + more).unlink(missing_ok=True)
            shutil.copyfile(engines.migrated_sqlite(), file)
            return
        url = db.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        try:
            _empty_postgres(_sweeper(url))
        except psycopg.OperationalError:  # a test has ended every connection of the server
            SWEEPERS.pop(url).close()
            _empty_postgres(_sweeper(url))


def _sweeper(url: str) -> psycopg.Connection:
    """A connection of the tests' own to this database, to which no trigger and no foreign key says anything."""
    if url not in SWEEPERS:
        SWEEPERS[url] = psycopg.connect(url, autocommit=True, options="-c session_replication_role=replica")
    return SWEEPERS[url]


def _empty_postgres(connection: psycopg.Connection) -> None:
    """Delete the rows that are there, and let the sequences that gave numbers begin anew."""
    places = tuple(connection.execute(TABLES_AND_SEQUENCES, prepare=True).fetchall())
    left = connection.execute(_ask_what_is_left(places), prepare=True).fetchall()
    with connection.transaction():
        for is_sequence, name in left:
            again = "SELECT setval({}::regclass, 1, false)" if is_sequence else "DELETE FROM {}"
            connection.execute(sql.SQL(again).format(sql.Literal(name) if is_sequence else sql.Identifier(name)))


@cache
def _ask_what_is_left(places: tuple[tuple[bool, str], ...]) -> sql.Composed:
    """A statement that finds the tables with rows and the sequences that gave numbers."""
    row = "(SELECT false, {} FROM {} LIMIT 1)"
    number = "(SELECT true, {} FROM {} WHERE is_called OR last_value <> 1)"
    return sql.SQL(" UNION ALL ").join(
        sql.SQL(number if is_sequence else row).format(sql.Literal(name), sql.Identifier(name))
        for is_sequence, name in places
        if name not in KEPT_TABLES
    )


@pytest.fixture(scope="session")
def _staged() -> dict[Flask, Any]:
    return {}


@pytest.fixture
def stage(app: Flask, _staged: dict[Flask, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Everybody, with what is theirs (`tests/scenes.py`), made once by each test process. SQLite only."""
    from tests import scenes

    clock.start_at(scenes.NOON)
    if app not in _staged:
        _staged[app] = scenes.set_up(app, tmp_path_factory.getbasetemp() / "scenes.db")
    _staged[app].put_back()
    return _staged[app]


@pytest.fixture(scope="session")
def _kept_worlds() -> dict[Flask, Any]:
    return {}


@pytest.fixture
def world(app: Flask, engine: str, _kept_worlds: dict[Flask, Any], tmp_path_factory: pytest.TempPathFactory) -> Any:
    """A small centre with something of everything (`tests/world.py`); on SQLite made once by each test process."""
    from tests import world as worlds

    if engine != "sqlite":
        return worlds.build()
    if app not in _kept_worlds:
        _kept_worlds[app] = worlds.Kept(tmp_path_factory.getbasetemp() / "world.db")
    return _kept_worlds[app].world()


@pytest.fixture
def undrawn(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pages are answered, but empty: for tests that ask for thousands of them and read none."""
    monkeypatch.setattr(flask.templating, "_render", lambda _app, _template, _context: "")


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser without JavaScript; `sign_in(client, account)` of tests.builders signs it in."""
    return app.test_client()


@pytest.fixture
def clerk(client: FlaskClient) -> Account:
    """A clerk of the front desk, signed in."""
    return _signed_in(client, Role.CLERK)


@pytest.fixture
def director(client: FlaskClient) -> Account:
    """A director, signed in."""
    return _signed_in(client, Role.DIRECTOR)


def _signed_in(client: FlaskClient, role: Role) -> Account:
    account = make_account(roles=[role])
    sign_in(client, account)
    return account


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    """Say which engines and which browser the tests ran on, and what did not run."""
    lines = list(_truth(terminalreporter, Engines(config.stash[HOME])))
    if lines:
        terminalreporter.section("what this run stands on")
        for line in lines:
            terminalreporter.write_line(line, **({"red": True} if NOT_RUN in line else {}))


def _truth(reporter: Any, engines: Engines) -> Iterator[str]:
    passed = [report.nodeid for report in reporter.stats.get("passed", [])]
    known = engines.known() or {}
    on = {engine: sum(1 for nodeid in passed if engine in nodeid.rpartition("[")[2]) for engine in ENGINES}
    if on["sqlite"]:
        yield f"SQLite {sqlite_version()}: {on['sqlite']} tests passed on it"
    if on["postgresql"]:
        yield f"PostgreSQL {known['version']} ({known['how']}): {on['postgresql']} tests passed on it"
    browser = engines.home / "browser.txt"
    if browser.exists():
        in_browser = sum(1 for nodeid in passed if "tests/journeys/" in nodeid)
        yield f"Browser {browser.read_text().strip()}: {in_browser} journeys passed in it"
    skipped = [str(report.longrepr) for report in reporter.stats.get("skipped", [])]
    for what, why in (
        ("PostgreSQL", known.get("absent", "")),
        ("Browser", ""),
        ("nginx", "Two hosts behind it were not tried."),
        ("Caddy", "README's configuration of it was not tried."),
    ):
        if n := sum(1 for reason in skipped if f"{what} not available" in reason):
            yield f"{what} not available: {n} tests {NOT_RUN}. {why}".strip()
