"""What the database holds: the demonstration, nothing yet, or a centre's own data."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import bindparam, select, text
from sqlalchemy.orm import Session

from center.bookings.models import Booking
from center.demo.bookings import KEY
from center.kernel.db import Base, db, transaction
from center.organisations.models import Organisation
from center.people.models import Account, Person
from center.people.passwords import hash_password
from center.rooms.models import Room

HISTORIES = (  # whose rows the database lets nobody take away
    "access_events",
    "activity_events",
    "admissions",
    "alarm_rings",
    "amendments",
    "attendance_events",
    "attendance_reviews",
    "attendances",
    "bar_decisions",
    "booking_events",
    "care_alarms",
    "child_consents",
    "collector_agreements",
    "consent_texts",
    "custody",
    "custody_events",
    "deletion_proofs",
    "draw_pools",
    "draws",
    "enrolment_events",
    "enrolments",
    "guardian_words",
    "head_counts",
    "holdings",
    "hour_certificate_shifts",
    "hour_certificates",
    "incident_steps",
    "incidents",
    "lots",
    "places_held",
    "plan_changes",
    "registers",
    "room_checks",
    "roster_events",
    "rule_paragraphs",
    "rule_priorities",
    "sign_up_events",
    "staff_events",
    "staffing_events",
    "term_rules",
    "volunteer_shifts",
)


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
        with _history_may_go(session):
            for table in reversed(Base.metadata.sorted_tables):
                session.execute(table.delete())


@contextmanager
def _history_may_go(session: Session) -> Iterator[None]:
    """Lift the guard of the audit trail for the deletes of this transaction: the demonstration is nobody's history."""
    if session.get_bind().dialect.name == "postgresql":
        for table in HISTORIES:
            session.execute(text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        yield
        for table in HISTORIES:
            session.execute(text(f"ALTER TABLE {table} ENABLE TRIGGER USER"))
        return
    found = text("SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name IN :tables")
    guards = session.execute(found.bindparams(bindparam("tables", HISTORIES, expanding=True))).all()
    for name, _sql in guards:
        session.execute(text(f"DROP TRIGGER {name}"))
    yield
    for _name, sql in guards:
        session.execute(text(sql))


def renew_passwords(passwords: Mapping[str, str], *, now: datetime) -> None:
    """Give the demonstration's sign-ins new passwords."""
    hashes = {login: hash_password(password) for login, password in passwords.items()}
    with transaction() as session:
        for account in session.scalars(select(Account).where(Account.login.in_(sorted(hashes)))):
            account.password_hash = hashes[account.login]
            account.password_changed_at = now
