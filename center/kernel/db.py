"""The database: engine set-up, `Base`, column types, and the one place that commits.

A request reads in a transaction that it never writes in. `transaction()` ends that read and begins anew, on SQLite with
BEGIN IMMEDIATE, so whatever an action reads is current and stays so until it commits. See docs/decisions/0001.
"""

import enum
from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from flask import Flask, g, has_request_context
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import DateTime, Dialect, Enum, MetaData, String, event, inspect, select, types
from sqlalchemy.engine import Connection, CursorResult, Engine, make_url
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.orm import DeclarativeBase, Session, SessionTransaction
from sqlalchemy.orm.exc import ObjectDeletedError, StaleDataError
from sqlalchemy.sql.dml import UpdateBase

from center.kernel import postgres, sqlite
from center.kernel.config import ROOT, Settings
from center.kernel.errors import Forbidden, NotFound
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.sqlite_write_queue import begin_to_write

T = TypeVar("T")

LOCK_TIMEOUT_MS = 15_000  # longer than a line of people who each book half a year at once
PAGE_CACHE_KB = 2_000  # of each SQLite connection: what a busy page reads again and again stays in it
hear_statement: dict[type, Callable[[Any], None]] = {}  # what hears of a statement that writes rows of a table
GONE = _l("This is no longer there: somebody else has removed it just now.")


class Base(DeclarativeBase):
    """Base of all tables; names every constraint, so that errors can be told apart by name."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False, "autoflush": False})
migrate = Migrate()


class UtcDateTime(types.TypeDecorator[datetime]):
    """A moment, kept in UTC. Naive values are refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is written: UTC. Raises ValueError for a time without a zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time refused: {value!r}")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """What is read: always with a zone, UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)

    @staticmethod
    def from_text(text: str) -> datetime:
        """The moment that either database writes like this."""
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def enum_type(kind: type[enum.StrEnum], name: str, *, is_checked: bool = True) -> Enum:
    """A column type for a StrEnum, stored as its value and held by a CHECK, which a table that is stricter writes."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=is_checked,
        length=32,
        values_callable=lambda members: [m.value for m in members],
        validate_strings=True,
    )


def code_point_text(length: int) -> String:
    """A column type for text that is sorted or searched by its beginning: by code point on either engine."""
    return String(length).with_variant(String(length, collation="C"), "postgresql")


class ReadWhileDrawing(RuntimeError):
    """A page that is kept by the facts it was drawn from was about to read something else while it was drawn."""


class WroteOutsideTransaction(RuntimeError):
    """Code tried to write without `with transaction():`."""


@contextmanager
def transaction(*, by_the_site: bool = False, patience_ms: int | None = None) -> Iterator[Session]:
    """One action's transaction: returning commits, raising rolls back and leaves nothing.

    Objects loaded before it are read again when first touched inside it, so no decision rests on an old reading; raises
    NotFound for one that somebody else has removed meanwhile. `by_the_site`: what is written is no wish of the request,
    so it does not matter whether that came with a token.
    """
    session = db.session()
    if session.info.get("writing"):
        raise RuntimeError("transactions do not nest: an action is one transaction")
    if not by_the_site:
        _refuse_forged_write()
    session.rollback()
    session.info.pop("known", None)
    session.info["writing"] = True
    try:
        session.connection(execution_options={"immediate": patience_ms or LOCK_TIMEOUT_MS})
        yield session
        session.flush()
        if check := session.info.get("check before commit"):  # the trail of what staff did asks for it
            check(session)
        session.commit()
    except (ObjectDeletedError, StaleDataError) as gone:
        session.rollback()
        raise NotFound(GONE) from gone
    except BaseException:
        session.rollback()
        raise
    finally:
        session.info.clear()


def part_of_transaction() -> AbstractContextManager[object]:
    """A part of the transaction one is in that may fail alone: raising takes back what it wrote, and nothing else."""
    return db.session.begin_nested()


def _refuse_forged_write() -> None:
    """No request writes whose CSRF token was missing or wrong (the edge of the site notes it)."""
    if has_request_context() and g.get("csrf_failed"):
        raise Forbidden(_l("This page was open for too long. Go back, reload it and send it again."))


@contextmanager
def reading_forbidden() -> Iterator[None]:
    """Around what shows only what was read before."""
    info = db.session().info
    was = info.get("drawing")
    info["drawing"] = True
    try:
        yield
    finally:
        info["drawing"] = was


def is_writing() -> bool:
    """Whether this is inside a `transaction()`."""
    return bool(db.session().info.get("writing"))


def once(key: Hashable, read: Callable[[], T]) -> T:
    """What `read` finds, read once until something is written or the transaction ends.

    For what many rules ask for in turn, such as what staff have set. The key says everything that `read` depends on.
    """
    known: dict[Hashable, T] = db.session().info.setdefault("known", {})
    if key not in known:
        known[key] = read()
    return known[key]


def lock(row: Base, *, shared: bool = False) -> None:
    """Hold a row until the transaction ends, and read it anew; raises NotFound when it is gone.

    Shared holders only keep changes away. Others may still write rows that point at it.
    """
    state = inspect(row)
    key = zip(state.mapper.primary_key, state.identity or (), strict=True)
    held = select(*state.mapper.primary_key).where(*(column == value for column, value in key))
    if db.session.execute(held.with_for_update(read=shared, key_share=not shared)).first() is None:
        raise NotFound(GONE)
    db.session.refresh(row)


def change_rows(statement: UpdateBase) -> int:
    """Change or delete rows by one statement, and say how many; what was read of them stays in hand as it was."""
    done = db.session.execute(statement.execution_options(synchronize_session=False))
    assert isinstance(done, CursorResult)
    return done.rowcount


def must_find(found: T | None, words: Any) -> T:
    """What was looked for; raises NotFound, in these words, where there is none."""
    if found is None:
        raise NotFound(words)
    return found


def is_violation(error: IntegrityError, *, constraint: str, columns: str = "") -> bool:
    """Whether the named constraint refused the row. `columns` is what SQLite says of a UNIQUE: 'bookings.reference'."""
    diagnosis = getattr(error.orig, "diag", None)
    if diagnosis is not None:
        return bool(diagnosis.constraint_name == constraint or constraint in (diagnosis.message_primary or ""))
    text = str(error.orig)
    return constraint in text or bool(columns and text.endswith(columns))


def is_busy(error: OperationalError) -> bool:
    """Whether the database only could not be had in time, so that trying again helps."""
    no_lock_deadlock_retry = {"55P03", "40P01", "40001", "57014"}
    return sqlite.is_busy(error.orig) or getattr(error.orig, "sqlstate", None) in no_lock_deadlock_retry


def init_app(app: Flask, settings: Settings) -> None:
    """Bind the database to the app."""
    app.config["SQLALCHEMY_DATABASE_URI"] = settings.database_url
    app.config["SQLALCHEMY_ENGINE_OPTIONS"] = engine_options(settings.database_url)
    db.init_app(app)
    migrate.init_app(app, db, directory=str(ROOT / "migrations"), render_as_batch=True)
    with app.app_context():
        prepare_engine(db.engine)


def engine_options(url: str) -> dict[str, Any]:
    """Options for create_engine that suit the engine. Errors do not carry the values of a statement into the logs."""
    kept = {"query_cache_size": 200, "hide_parameters": True}  # statements, at most half as many more: 147 kB each
    if make_url(url).get_backend_name() == "sqlite":
        connect: dict[str, Any] = {"timeout": LOCK_TIMEOUT_MS / 1000, "check_same_thread": False}
        return {"module": sqlite.driver, "connect_args": connect, **kept}
    waits = f"-c lock_timeout={LOCK_TIMEOUT_MS} -c idle_in_transaction_session_timeout=60000"
    # To compile a statement, or to start processes that help with it, takes longer than any statement of a page may.
    planned = "-c jit=off -c max_parallel_workers_per_gather=0"
    connect = {"options": f"{waits} {planned}", "cursor_factory": postgres.Cursor}
    return {"connect_args": connect, "pool_size": 10, "max_overflow": 20, "pool_use_lifo": True, **kept}


def prepare_engine(engine: Engine) -> None:
    """Set up each new SQLite connection; on PostgreSQL, look whether one still stands that was idle."""
    if engine.dialect.name != "sqlite":
        return postgres.prepare(engine)
    event.listen(engine, "connect", _prepare_sqlite)
    event.listen(engine, "begin", _begin_sqlite)


def _prepare_sqlite(connection: sqlite.driver.Connection, _record: object) -> None:
    connection.isolation_level = None  # the begin event below starts transactions, not the driver
    cursor = connection.cursor()
    sqlite.choose_journal(cursor)
    cursor.execute(f"PRAGMA busy_timeout={LOCK_TIMEOUT_MS}")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.execute("PRAGMA recursive_triggers=ON")  # so that REPLACE cannot slip past the ledger's triggers
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute(f"PRAGMA cache_size=-{PAGE_CACHE_KB}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    if patience_ms := connection.get_execution_options().get("immediate"):
        begin_to_write(connection, patience_ms=patience_ms)
    else:
        connection.connection.cursor().execute("BEGIN")  # which waits for nobody, so it cannot fail


@event.listens_for(Session, "before_flush")
def _refuse_stray_flush(session: Session, _context: object, _instances: object) -> None:
    if not session.info.get("writing") and (session.new or session.deleted or session.dirty):
        raise WroteOutsideTransaction("write inside `with transaction():` only")


@event.listens_for(Session, "do_orm_execute")
def _refuse_stray_statement(state: Any) -> None:
    if state.session.info.get("drawing"):
        raise ReadWhileDrawing("read it before, and draw it from what was read")
    if not (state.is_insert or state.is_update or state.is_delete):
        return
    state.session.info.pop("known", None)
    if not state.session.info.get("writing"):
        raise WroteOutsideTransaction("write inside `with transaction():` only")
    if state.bind_mapper and (hear := hear_statement.get(state.bind_mapper.class_)):
        hear(state)


@event.listens_for(Session, "after_flush")
def _forget_after_flush(session: Session, _context: object) -> None:
    session.info.pop("known", None)


@event.listens_for(Session, "after_transaction_end")
def _forget_after_transaction(session: Session, ended: SessionTransaction) -> None:
    if ended.parent is None:
        session.info.pop("known", None)
