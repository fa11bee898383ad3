"""Moving from SQLite to PostgreSQL: everything arrives, or nothing does."""

import os
from collections.abc import Iterator

import psycopg
import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import create_engine, select, text

from center.afterschool.custody import ledger
from center.afterschool.models.custody import Holder
from center.afterschool.models.staff import CheckKind
from center.afterschool.staff.queries import checks_of
from center.bookings import history
from center.bookings.models import Booking
from center.commands.backup import counts_of
from center.commands.cli import cli
from center.commands.ledger_checks import ledger_findings, missing_holds
from center.kernel.db import Base, db, transaction
from center.troupes.performances import queries
from tests.afterschool.alarm_cases import make_scene, said
from tests.afterschool.test_encrypted_records import write_everything
from tests.builders import at, make_person, make_room
from tests.conftest import make_app, need_postgres
from tests.demo.kept import loaded
from tests.engines import Engines, dispose, drop_postgres
from tests.notices.test_outbox import gateway
from tests.troupes.builders import make_member, make_piece, make_troupe
from tests.troupes.performances.builders import played


@pytest.fixture
def target(engines: Engines) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    need_postgres(engines)
    name = f"to_{os.urandom(4).hex()}"
    url = engines.empty_url("postgresql", name)
    yield url
    drop_postgres(engines.postgres(), url.split("/")[3].partition("?")[0])


@pytest.fixture
def site(engines: Engines) -> Iterator[Flask]:
    """A site on SQLite."""
    app = make_app(engines.new_url("sqlite", f"from_{os.urandom(4).hex()}"))
    with app.app_context():
        yield app
    dispose(app)


def run(app: Flask, *arguments: str) -> Result:
    db.session.rollback()
    return app.test_cli_runner().invoke(cli, list(arguments))


def rows_at(url: str) -> dict[str, int]:
    engine = create_engine(url.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        found = counts_of(connection)
    engine.dispose()
    return found


@pytest.mark.slow("it reads and writes every row of a whole centre")
def test_a_whole_centre_moves_and_is_the_same_there(site: Flask, target: str, engines: Engines) -> None:
    loaded(engines)
    before = {t.name: db.session.execute(select(t).order_by(*t.primary_key)).all() for t in Base.metadata.sorted_tables}
    done = run(site, "move-to", target)
    assert done.exit_code == 0, done.output
    assert "every table has as many as before" in done.output
    there = make_app(target)
    with there.app_context():
        for table in (each for each in Base.metadata.sorted_tables if each.name != "reading_versions"):
            assert db.session.execute(select(table).order_by(*table.primary_key)).all() == before[table.name], table
        assert ledger_findings() == []
        booking = db.session.scalars(select(Booking).order_by(Booking.id.desc()).limit(1)).one()
        assert history.events_of(booking)
        highest = max(row.id for row in before["people"])
        assert make_person().id == highest + 1
        assert make_room().id > max(row.id for row in before["rooms"])
        assert there.test_client().get("/board").status_code == 200
    dispose(there)


def test_what_is_encrypted_arrives_as_it_was_kept(site: Flask, target: str) -> None:
    gateway(url="mailtos://desk:geheim@smtp.example.cn")
    kept = text("SELECT url FROM outgoing_addresses")
    db.session.rollback()
    before = db.session.scalars(kept).all()
    assert run(site, "move-to", target).exit_code == 0
    engine = create_engine(target.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.scalars(kept).all() == before
    engine.dispose()


def test_a_day_with_children_moves_with_who_held_them_and_what_is_encrypted(site: Flask, target: str) -> None:
    write_everything()
    scene = make_scene(2)
    for holder, hour in ((Holder.SCHOOL, 15), (Holder.ROOM, 16)):
        said(scene, 0, holder, at(hour, days=0))
    with transaction():
        [check] = [each for each in checks_of(scene.responsible.person_id) if each.kind is CheckKind.RECORD]
        check.revoked_at, check.revoked_by_id = at(12, days=9), scene.director.person_id
    db.session.rollback()
    child_id = scene.children[0].id
    kept = text("SELECT reaction FROM health_notes")
    before = db.session.scalars(kept).all()
    done = run(site, "move-to", target)
    assert done.exit_code == 0, done.output
    engine = create_engine(target.replace("postgresql://", "postgresql+psycopg://"))
    with engine.connect() as connection:
        assert connection.scalars(kept).all() == before
    engine.dispose()
    there = make_app(target)
    with there.app_context():
        now_holding = ledger.now_holding(child_id)
        assert now_holding is not None
        assert now_holding.holder is Holder.ROOM
    dispose(there)


def test_a_published_programme_moves_with_whoever_has_left_the_stage_since(site: Flask, target: str) -> None:
    troupe = make_troupe()
    member, pieces = make_member(troupe), [make_piece(troupe, heads={}) for _each in range(3)]
    performance = played(troupe, pieces=pieces, cast={position: [member] for position in (1, 2, 3)})
    with transaction():
        db.session.execute(text("UPDATE appearances SET is_live = false"))
    done = run(site, "move-to", target)
    assert done.exit_code == 0, done.output
    there = make_app(target)
    with there.app_context():
        version = queries.published_of(performance.id)
        assert version is not None
        assert [each.position for each in version.items] == [1, 2, 3]
        assert missing_holds() == []
    dispose(there)


def test_a_database_that_holds_something_is_left_alone(site: Flask, target: str) -> None:
    make_person()
    assert run(site, "move-to", target).exit_code == 0
    before = rows_at(target)
    again = run(site, "move-to", target)
    assert again.exit_code == 1
    assert "is not empty" in again.output
    assert rows_at(target) == before


def test_a_database_of_another_program_is_left_alone(site: Flask, target: str) -> None:
    with psycopg.connect(target, autocommit=True) as connection:
        connection.execute("CREATE TABLE invoices (id int)")
    done = run(site, "move-to", target)
    assert done.exit_code == 1
    assert "invoices" in done.output
    assert list(rows_at(target)) == ["invoices"]


def test_an_untrue_ledger_is_not_moved(site: Flask, target: str, engines: Engines) -> None:
    loaded(engines)
    with transaction() as session:
        session.execute(text("DELETE FROM occupancies"))
    done = run(site, "move-to", target)
    assert done.exit_code == 1
    assert "live bookings have no row" in done.output
    assert not any(rows_at(target).values())


def test_what_postgresql_refuses_is_said_and_nothing_moves(site: Flask, target: str) -> None:
    """SQLite does not mind a text longer than its column."""
    person = make_person()
    with transaction() as session:
        session.execute(text("UPDATE people SET name = :long WHERE id = :id"), {"long": "长" * 500, "id": person.id})
    done = run(site, "move-to", target)
    assert done.exit_code == 1
    assert "value too long for type character varying(60) (COPY people, line 1, column name)" in done.output
    assert "Traceback" not in done.output
    assert "长长" not in done.output
    assert not any(rows_at(target).values())


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("sqlite:////tmp/another.db", "Name a PostgreSQL database"),
        ("mysql://x/y", "must start with"),
        ("postgresql://nobody@127.0.0.1:1/center", "Nothing was moved"),
    ],
)
def test_an_address_that_leads_nowhere_is_refused_in_a_line(site: Flask, url: str, says: str) -> None:
    done = run(site, "move-to", url)
    assert done.exit_code != 0
    assert says in done.output
    assert "Traceback" not in done.output


def test_a_site_on_postgresql_has_nowhere_to_move(app: Flask) -> None:
    if db.engine.dialect.name == "postgresql":
        assert "already" in run(app, "move-to", "postgresql://x/y").output
