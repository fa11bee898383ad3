"""What the database holds: the demonstration, nothing yet, or a centre's own data."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.engine import Connection

from center.bookings.models import Booking
from center.demo.bookings import KEY
from center.kernel.db import Base, db, transaction
from center.kernel.guards_aside import triggers_aside
from center.organisations.models import Organisation
from center.people.models import Account, Person
from center.people.passwords import hash_password
from center.rooms.models import Room


class NotEmptyError(Exception):
    """The database already has data that is not the demonstration's."""


def is_demo() -> bool:
    """Whether the database holds the demonstration."""
    query = select(Booking.id).where(Booking.request_key.startswith(KEY, autoescape=True)).limit(1)
    return db.session.scalar(query) is not None


def is_empty() -> bool:
    """Whether the database holds nobody and nothing yet."""
    return all(db.session.scalar(select(column).limit(1)) is None for column in (Person.id, Room.id, Organisation.id))


def wipe() -> None:
    """Take everything out of a database that holds the demonstration; raises NotEmptyError for any other."""
    with transaction() as session:
        if not is_demo():
            raise NotEmptyError
        with _history_may_go(session.connection()):
            for table in reversed(Base.metadata.sorted_tables):
                if not table.info.get("filled_by_migrations"):
                    session.execute(table.delete())


@contextmanager
def _history_may_go(connection: Connection) -> Iterator[None]:
    """Lift the guards of all tables for the deletes of this transaction: the demonstration is nobody's history."""
    if connection.dialect.name == "sqlite":
        with triggers_aside(connection):
            yield
        return
    for table in Base.metadata.sorted_tables:
        connection.execute(text(f"ALTER TABLE {table.name} DISABLE TRIGGER USER"))
    yield
    connection.execute(text("SET CONSTRAINTS ALL IMMEDIATE"))  # what waits for the commit lets no table be altered
    for table in Base.metadata.sorted_tables:
        connection.execute(text(f"ALTER TABLE {table.name} ENABLE TRIGGER USER"))


def renew_passwords(passwords: Mapping[str, str], *, now: datetime) -> None:
    """Give the demonstration's sign-ins new passwords."""
    hashes = {login: hash_password(password) for login, password in passwords.items()}
    with transaction() as session:
        for account in session.scalars(select(Account).where(Account.login.in_(sorted(hashes)))):
            account.password_hash = hashes[account.login]
            account.password_changed_at = now
