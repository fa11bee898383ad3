"""The migrations, from an empty database on each engine, build what the models say and what the ledger needs."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import flask_migrate
import pytest
import time_machine
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint, inspect, select, text
from sqlalchemy.exc import IntegrityError

from center.bookings.models import Booking
from center.kernel.config import ROOT
from center.kernel.db import Base, db
from center.kernel.sealed import unseal
from center.people import households
from tests.conftest import make_app
from tests.engines import Engines, dispose

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)
HOUR = timedelta(hours=1)
VERSIONS = sorted(Path(ROOT / "migrations" / "versions").glob("*.py"))


@pytest.fixture
def empty_app(engine: str, engines: Engines, worker: str, request: pytest.FixtureRequest) -> Iterator[Flask]:
    """The app on a database that has no tables yet."""
    name = re.sub(r"\W+", "_", request.node.name)[:24]
    app = make_app(engines.empty_url(engine, f"{worker}_{name}_{abs(hash(request.node.nodeid)) % 10**6}"))
    with app.app_context():
        yield app
    dispose(app)


@pytest.fixture
def migrated(empty_app: Flask) -> Flask:
    """The app on a database that has run every migration."""
    flask_migrate.upgrade()
    return empty_app


def test_migrations_form_one_line_with_one_end() -> None:
    script = ScriptDirectory(str(ROOT / "migrations"))
    assert len(script.get_heads()) == 1
    assert len(script.get_bases()) == 1


def test_a_migrated_database_is_what_the_models_say(migrated: Flask) -> None:
    with db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "render_as_batch": True})
        assert compare_metadata(context, Base.metadata) == []


def test_every_named_constraint_is_in_the_database(migrated: Flask) -> None:
    found = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        checks = {str(row["name"]) for row in found.get_check_constraints(table.name)}
        uniques = {str(row["name"]) for row in found.get_unique_constraints(table.name)}
        foreign = {str(row["name"]) for row in found.get_foreign_keys(table.name)}
        assert {_name(each) for each in table.constraints if isinstance(each, CheckConstraint)} <= checks, table.name
        assert {_name(each) for each in table.constraints if isinstance(each, UniqueConstraint)} <= uniques, table.name
        assert {_name(e) for e in table.constraints if isinstance(e, ForeignKeyConstraint)} <= foreign, table.name
        assert found.get_pk_constraint(table.name)["name"] == f"pk_{table.name}"


def test_every_trigger_that_a_migration_makes_is_in_the_database(migrated: Flask) -> None:
    assert _triggers() >= _triggers_written_for(db.engine.dialect.name)


def test_downgrading_leaves_nothing_and_upgrading_again_works(migrated: Flask) -> None:
    tables, triggers = set(inspect(db.engine).get_table_names()), _triggers()
    db.session.remove()
    flask_migrate.downgrade(revision="base")
    assert set(inspect(db.engine).get_table_names()) == {"alembic_version"}
    assert _triggers() == set()
    assert _functions() == set()
    flask_migrate.upgrade()
    assert set(inspect(db.engine).get_table_names()) == tables
    assert _triggers() == triggers


def test_a_database_of_the_foundation_keeps_its_rows_and_triggers(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0001")
    triggers = _triggers()
    _write("INSERT INTO room_uses (id, kind) VALUES (1, 'closure')")
    closure = "INSERT INTO closures (id, use_id, starts_at, ends_at, reason, reason_en) VALUES (1, 1, :s, :e, 'x', '')"
    _write(closure, s=_plain(NOON), e=_plain(NOON + HOUR))
    db.session.remove()
    flask_migrate.upgrade()
    assert triggers <= _triggers()
    assert _names("SELECT reason FROM closures") == {"x"}


def test_bookings_made_before_there_was_a_trail_get_their_history(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0001")
    for n, (status, decided, cancelled) in enumerate(BEFORE_THE_TRAIL, start=1):
        _book_before_the_trail(n, status, decided=decided, cancelled=cancelled)
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        found = connection.execute(
            text("SELECT booking_id, what, by_id, channel FROM booking_events ORDER BY id")
        ).all()
        times = connection.execute(text("SELECT at FROM booking_events ORDER BY id")).scalars().all()
    told = [tuple(row) for row in found]
    assert times == sorted(times)
    assert sorted(told[:6]) == [(n, first, 1, "phone") for n, first in enumerate(FIRST_EVENTS, start=1)]
    assert sorted(told[6:], key=str) == [
        (2, "approved", 2, "desk"),
        (3, "declined", 2, "desk"),
        (4, "cancelled", 1, "online"),
        (6, "expired", None, None),
    ]


def test_names_that_are_there_are_found_in_simplified_characters_and_without_accents(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0017")
    known = [("張桂芳", "zhang gui fang", "zgf"), ("單秀英", "dan xiu ying", "dxy"), ("Müller", "mvller", "m"),
             ("Özil", "my own", "mo"), ("李秀英", "lee", "l")]  # fmt: skip
    for n, (name, key, short) in enumerate(known, start=1):
        _insert("people", id=n, name=name, sort_key=key, initials=short, created_at=_plain(NOON))
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        found = connection.execute(text("SELECT plain_name, sort_key, initials FROM people ORDER BY id")).all()
    assert [tuple(row) for row in found] == [
        ("张桂芳", "zhang gui fang", "zgf"),
        ("单秀英", "shan xiu ying", "sxy"),
        ("Müller", "muller", "m"),
        ("Özil", "my own", "mo"),  # staff corrected it
        ("李秀英", "lee", "l"),
    ]


def test_sign_ups_made_before_get_since_when_and_until_when_they_had_a_place(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0018")
    made, later, soon = (_plain(NOON + hours * HOUR) for hours in (0, 1, 48))
    for person in (1, 2, 3):
        _insert("people", id=person, name="x", created_at=made)
    _insert("organisations", id=1, slug="x", name="x", kind="charity")
    _insert("activity_kinds", id=1, name="x")
    owners = {"organisation_id": 1, "kind_id": 1, "created_by_id": 1}
    _insert("activities", id=1, slug="x", title="x", state="published", created_at=made, changed_at=made, **owners)
    when = {"starts_at": soon, "ends_at": _plain(NOON + 49 * HOUR), "changed_at": made}
    _insert("sessions", id=1, activity_id=1, state="scheduled", **when)
    _insert("rosters", id=1, activity_id=1, audience="participants", mode="first_come")
    _insert("pools", id=1, roster_id=1, kind="general", capacity=9, taken=1)
    _insert("sign_up_groups", id=1, roster_id=1, signed_by_id=1, request_key="x", made_at=made)
    for n, state in enumerate(("confirmed", "cancelled", "waiting"), start=1):
        whose = {"person_id": n, "signed_by_id": n, "group_id": 1, "roster_id": 1, "reference": str(n)}
        how = {"ground": "self", "channel": "online", "queue_order": n, "pool_id": 1 if n == 1 else None}
        _insert("sign_ups", id=n, state=state, made_at=made, changed_at=later, **whose, **how)
    _insert("sign_up_events", id=1, sign_up_id=2, at=made, what="confirmed")
    _insert("sign_up_events", id=2, sign_up_id=2, at=later, what="cancelled")
    flask_migrate.upgrade()
    with db.engine.connect() as connection:
        held = text("SELECT sign_up_id, from_at, until_at FROM places_held ORDER BY sign_up_id")
        first = text("SELECT first_at FROM rosters")
        assert [(row[0], str(row[1])[:16], str(row[2])[:16]) for row in connection.execute(held)] == [
            (1, str(made)[:16], "None"),
            (2, str(made)[:16], str(later)[:16]),
        ]
        assert str(connection.execute(first).scalar())[:16] == str(soon)[:16]


def test_old_requests_end_before_their_start_and_none_is_over_at_once(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0026")
    _insert("people", id=1, name="x", created_at=_plain(NOON))
    _insert("centre_facts", id=1, name="x")
    for room, minutes in ((1, 0), (2, 180)):
        _insert("rooms", id=room, code=f"R{room}", name="x", capacity=9, expire_minutes=minutes)
    for n, (_whose, room, status, starts, ends, _expected) in enumerate(OLD_REQUESTS, start=1):
        _insert("room_uses", id=n, kind="booking")
        begins = NOON + starts * HOUR
        until = _plain(NOON + ends * HOUR) if ends is not None else None
        times = {"starts_at": _plain(begins), "ends_at": _plain(begins + HOUR), "clear_at": _plain(begins + HOUR)}
        whose = {"use_id": n, "room_id": room, "person_id": 1, "booked_by_id": 1, "people": 2, "purpose": "x"}
        known = {"reference": str(n), "request_key": str(n), "channel": "online", "status": status}
        made = {"requested_at": _plain(NOON), "changed_at": _plain(NOON), "expires_at": until}
        _insert("bookings", id=n, **whose, **known, **times, **made)
    with time_machine.travel(NOON, tick=False):
        flask_migrate.upgrade()
    found = db.session.execute(select(Booking.expires_at).order_by(Booking.id)).scalars().all()
    hours = [None if each is None else (each - NOON) / HOUR for each in found]
    assert dict(zip([each[0] for each in OLD_REQUESTS], hours, strict=True)) == {
        each[0]: each[-1] for each in OLD_REQUESTS
    }


def test_doors_that_accounts_gave_are_not_verified_and_those_the_desk_wrote_down_are(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0031")
    _insert("buildings", id=1, code="3栋")
    door = {"building_id": 1, "unit": "2", "door": "301", "created_at": _plain(NOON)}
    for person in (1, 2):
        _insert("people", id=person, name="x", **door)
    _insert("people", id=3, name="x", created_at=_plain(NOON))
    made = {"created_at": _plain(NOON), "password_changed_at": _plain(NOON), "confirmed_at": _plain(NOON)}
    _insert("accounts", id=1, person_id=1, login="x", password_hash="x", **made)
    flask_migrate.upgrade()
    found = db.session.execute(text("SELECT id FROM people WHERE door_verified_at IS NOT NULL")).scalars().all()
    assert found == [2]
    assert [each.id for each in households.to_verify()] == [1]


# Which, its room, how it stands, in how many hours it starts and was over, and is over now. It is noon at the centre.
OLD_REQUESTS = [
    ("at its start: noon of the day before", 1, "requested", 50, 50, 24),
    ("never: noon of the day before", 1, "requested", 50, None, 24),
    ("the room says when", 2, "requested", 50, 50, 47),
    ("noon of the day before has passed: two hours before", 1, "requested", 20, 20, 18),
    ("soon: half of the time that is left", 1, "requested", 1, 1, 0.5),
    ("it had a moment of its own", 2, "requested", 50, 47, 47),
    ("it has begun", 1, "requested", -1, None, None),
    ("it was decided", 1, "confirmed", 50, 50, 50),
]


# Status, whether somebody decided, whether it was cancelled; and how the history of each begins.
BEFORE_THE_TRAIL = [
    ("confirmed", False, False),
    ("confirmed", True, False),
    ("declined", True, False),
    ("cancelled", False, True),
    ("requested", False, False),
    ("expired", False, False),
]
FIRST_EVENTS = ["confirmed", "requested", "requested", "requested", "requested", "requested"]


def test_addresses_of_gateways_are_encrypted_and_nothing_of_them_is_lost(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0033")
    _insert("outgoing_addresses", id=1, purpose="email", name="x", url="mailtos://u:geheim@a.cn", is_on=True,
            changed_at=_plain(NOON))  # fmt: skip
    flask_migrate.upgrade()
    [kept] = _names("SELECT url FROM outgoing_addresses")
    assert "geheim" not in kept
    assert unseal(kept) == "mailtos://u:geheim@a.cn"
    db.session.rollback()
    flask_migrate.downgrade(revision="0033")
    assert _names("SELECT url FROM outgoing_addresses") == {"mailtos://u:geheim@a.cn"}


def test_addresses_that_nobody_proved_wait_for_a_code_and_none_is_lost(empty_app: Flask) -> None:
    flask_migrate.upgrade(revision="0040")
    for person, email in ((1, "a@example.org"), (2, None)):
        _insert("people", id=person, name="x", email=email, created_at=_plain(NOON))
    flask_migrate.upgrade()
    assert _names("SELECT email FROM people") == {None}
    assert _names("SELECT address FROM emails_to_verify") == {"a@example.org"}
    db.session.rollback()
    flask_migrate.downgrade(revision="0040")
    assert _names("SELECT email FROM people") == {"a@example.org", None}


def _book_before_the_trail(n: int, status: str, *, decided: bool, cancelled: bool) -> None:
    """A booking of person 1 in room 1, as the foundation kept it; person 2 decides."""
    if n == 1:
        for person in (1, 2):
            _insert("people", id=person, name="x", created_at=_plain(NOON))
        _insert("rooms", id=1, code="R1", name="x", capacity=9)
    _insert("room_uses", id=n, kind="booking")
    later = _plain(NOON + HOUR)
    _insert(
        "bookings",
        id=n,
        reference=str(n),
        use_id=n,
        room_id=1,
        person_id=1,
        booked_by_id=1,
        people=2,
        request_key=str(n),
        channel="phone",
        status=status,
        purpose="x",
        requested_at=_plain(NOON),
        starts_at=later,
        ends_at=_plain(NOON + 2 * HOUR),
        clear_at=_plain(NOON + 2 * HOUR),
        decided_at=later if decided else None,
        decided_by_id=2 if decided else None,
        changed_at=later,
        cancelled_at=later if cancelled else None,
        cancelled_by_id=1 if cancelled else None,
    )


def _insert(table: str, **values: Any) -> None:
    """A row of a table as it is in the database now, which may be an older one than the models tell of."""
    there = {column["name"] for column in inspect(db.engine).get_columns(table)}
    known = {c.name: _plain_default(c) for c in Base.metadata.tables[table].columns if c.name in there}
    row = {**known, **values}
    _write(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})", **row)


def test_the_ledger_refuses_a_row_that_overlaps_another(rooms: None) -> None:
    _take(3, NOON, NOON + 2 * HOUR)
    for start, end in ((-1, 1), (1, 3), (0, 2), (-1, 3)):
        _refused("occupancies_no_overlap", _take, 3, NOON + start * HOUR, NOON + end * HOUR)
    _refused("occupancies_no_overlap", _take, 3, NOON + HOUR / 2, NOON + HOUR)
    _take(3, NOON + 2 * HOUR, NOON + 3 * HOUR)
    _take(3, NOON - HOUR, NOON)
    _take(4, NOON, NOON + 2 * HOUR)


def test_the_ledger_refuses_a_row_that_is_moved_onto_another(rooms: None) -> None:
    _take(3, NOON, NOON + HOUR)
    _take(3, NOON + 2 * HOUR, NOON + 3 * HOUR)
    _take(4, NOON + 2 * HOUR, NOON + 3 * HOUR)
    late = _plain(NOON + 2 * HOUR)
    move = "UPDATE occupancies SET starts_at = :to WHERE room_id = 3 AND starts_at = :late"
    _refused("occupancies_no_overlap", _write, move, to=_plain(NOON + HOUR / 2), late=late)
    switch = "UPDATE occupancies SET room_id = 3 WHERE room_id = 4 AND starts_at = :late"
    _refused("occupancies_no_overlap", _write, switch, late=late)
    _write(move, to=_plain(NOON + HOUR), late=late)


def test_the_ledger_refuses_replacing_one_row_by_another(rooms: None) -> None:
    _take(3, NOON, NOON + HOUR)
    if db.engine.dialect.name == "sqlite":
        again = (
            "INSERT OR REPLACE INTO occupancies (id, use_id, room_id, starts_at, clear_at) VALUES (99, 1, 3, :s, :c)"
        )
        _refused("occupancies_no_overlap", _write, again, s=_plain(NOON), c=_plain(NOON + HOUR))


def test_the_ledger_refuses_a_row_longer_than_a_day(rooms: None) -> None:
    _refused("occupancies_one_day", _take, 3, NOON, NOON + 26 * HOUR)
    _take(3, NOON, NOON + 24 * HOUR)


def test_the_ledger_refuses_a_row_that_ends_before_it_starts(rooms: None) -> None:
    with pytest.raises(IntegrityError):
        _take(3, NOON, NOON - HOUR)


def test_the_ledger_refuses_time_of_a_whole_that_has_parts(rooms: None) -> None:
    _refused("occupancies_on_parts", _take, 1, NOON, NOON + HOUR)


def test_a_room_in_use_cannot_be_divided_and_parts_have_no_parts(rooms: None) -> None:
    _take(3, NOON, NOON + HOUR)
    _refused("rooms_parts", _write, "UPDATE rooms SET parent_id = 3 WHERE id = 4")
    _refused("rooms_parts", _write, "UPDATE rooms SET parent_id = 2 WHERE id = 4")
    _refused("rooms_parts", _write, "UPDATE rooms SET parent_id = 4 WHERE id = 1")


@pytest.fixture
def rooms(app: Flask) -> None:
    """Room 1, which has part 2, and rooms 3 and 4; a use with id 1."""
    facts = {c.name: _plain_default(c) for c in Base.metadata.tables["rooms"].columns}
    for number, parent in ((1, None), (2, 1), (3, None), (4, None)):
        row = {**facts, "id": number, "code": str(number), "name": "x", "capacity": 9, "parent_id": parent}
        _write(f"INSERT INTO rooms ({', '.join(row)}) VALUES ({', '.join(':' + name for name in row)})", **row)
    _write("INSERT INTO room_uses (id, kind) VALUES (1, 'booking')")


def _plain_default(column: Any) -> Any:
    default = column.default.arg if column.default is not None else None
    return getattr(default, "value", default)


def _take(room: int, starts_at: datetime, clear_at: datetime) -> None:
    insert = "INSERT INTO occupancies (use_id, room_id, starts_at, clear_at) VALUES (1, :room, :starts, :clear)"
    _write(insert, room=room, starts=_plain(starts_at), clear=_plain(clear_at))


def _plain(moment: datetime) -> Any:
    """A moment as the engine's driver wants it when no column type helps."""
    return f"{moment:%Y-%m-%d %H:%M:%S.%f}" if db.engine.dialect.name == "sqlite" else moment


def _write(statement: str, **values: Any) -> None:
    with db.engine.begin() as connection:
        connection.execute(text(statement), values)


def _refused(constraint: str, write: Any, *args: Any, **values: Any) -> None:
    with pytest.raises(IntegrityError, match=constraint):
        write(*args, **values)


def _name(constraint: Any) -> str:
    name = constraint.name
    return str(name if name is None else db.engine.dialect.identifier_preparer.format_constraint(constraint)).strip('"')


def _triggers() -> set[str]:
    names = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }
    return _names(names[db.engine.dialect.name])


def _functions() -> set[str]:
    if db.engine.dialect.name == "sqlite":
        return set()
    return _names("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace")


def _names(query: str) -> set[str]:
    with db.engine.connect() as connection:
        return set(connection.execute(text(query)).scalars())


def _triggers_written_for(engine: str) -> set[str]:
    """The names after CREATE TRIGGER in the migrations' texts for this engine."""
    written = "".join(file.read_text() for file in VERSIONS)
    texts = re.findall(rf'^{engine.upper()} = """(.*?)"""', written, re.DOTALL | re.MULTILINE)
    assert texts
    return set(re.findall(r"CREATE (?:CONSTRAINT )?TRIGGER (\w+)", "".join(texts)))
