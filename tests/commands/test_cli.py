"""The `center` command: what it prints, what it refuses, and how it ends."""

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import select, text

from center.afterschool.models.retention import DeletedWhy, DeletionProof
from center.bookings.models import Booking, BookingStatus
from center.commands import doctor, serve
from center.commands.cli import cli
from center.commands.companion import Companion
from center.commands.doctor import Finding, Verdict
from center.demo import accounts
from center.kernel import clock
from center.kernel.config import ROOT
from center.kernel.db import db, transaction
from center.people.models import Account, Role, RoleGrant
from center.people.passwords import is_right
from center.rooms import closures
from center.rooms.models import Occupancy
from tests.builders import at, make_booking, make_person, make_room, somebody
from tests.engines import ONE_ENGINE, settings_for

PASSWORD = "plum blossom over the quiet river"


def run(app: Flask, *arguments: str, typed: str = "") -> Result:
    """The command with these arguments; the test's own reading ends first."""
    db.session.rollback()
    return app.test_cli_runner().invoke(cli, list(arguments), input=typed)


def start(*arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own, as a person would start it."""
    clean = {key: value for key, value in os.environ.items() if not key.startswith("CENTER_")}
    command = [sys.executable, "-c", "from center.commands.cli import main; main()", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=60, cwd=ROOT, env={**clean, **env}, check=False
    )


def examined(app: Flask, **changes: Any) -> dict[str, Finding]:
    settings = settings_for(str(db.engine.url), **changes)
    return {finding.subject: finding for finding in doctor.examine(settings)}


def test_a_wrong_setting_is_one_line_and_not_a_traceback(tmp_path: Path) -> None:
    ended = start("doctor", CENTER_DATA_DIR=str(tmp_path), CENTER_PORT="high")
    assert ended.returncode == 2
    assert ended.stderr == "Error: CENTER_PORT must be a whole number from 1 to 65535, not 'high'.\n"


def test_the_site_is_not_served_before_its_migrations_ran(tmp_path: Path) -> None:
    ended = start("run", CENTER_DATA_DIR=str(tmp_path))
    assert ended.returncode == 1
    assert "center db upgrade" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_help_needs_no_settings_and_names_every_command(tmp_path: Path) -> None:
    ended = start("--help", CENTER_PORT="high")
    assert ended.returncode == 0
    for command in ("backup", "create-admin", "db", "demo", "doctor", "move-to", "restore", "run"):
        assert command in ended.stdout


def test_a_database_that_cannot_be_reached_is_said_plainly(tmp_path: Path) -> None:
    url = "postgresql://nobody@127.0.0.1:1/center"
    ended = start("demo", CENTER_DATA_DIR=str(tmp_path), CENTER_DATABASE_URL=url)
    assert ended.returncode == 1
    assert "The database cannot be used" in ended.stderr
    assert "Traceback" not in ended.stderr


@ONE_ENGINE
def test_a_server_without_a_worker_of_its_own_ends_cleanly(app: Flask) -> None:
    Companion(app).stop()


def test_the_doctor_finds_a_sound_installation_sound(app: Flask) -> None:
    make_booking()
    done = run(app, "doctor")
    assert done.exit_code == 0, done.output
    assert "none overlap" in done.output
    assert {"sqlite": "SQLite", "postgresql": "PostgreSQL"}[db.engine.dialect.name] in done.output


def test_the_doctor_says_which_journal_and_why(app: Flask) -> None:
    if db.engine.dialect.name == "postgresql":
        assert "journal" not in examined(app)
        return
    finding = examined(app)["journal"]
    assert finding.verdict is Verdict.FINE
    assert "WAL-reset fault" in finding.says


def test_the_doctor_finds_a_proof_of_deletion_that_follows_from_none(app: Flask) -> None:
    made_up = DeletionProof(at=clock.now(), kind="children", why=DeletedWhy.ASKED, how_many=3, digest="0" * 64)
    with transaction() as session:
        session.add(made_up)
    assert examined(app)["proofs of deletion"].verdict is Verdict.WRONG
    assert run(app, "doctor").exit_code == 1


def test_the_doctor_finds_a_live_booking_without_its_row(app: Flask) -> None:
    make_booking()
    with transaction() as session:
        session.execute(text("DELETE FROM occupancies"))
    assert examined(app)["ledger"] == Finding(
        Verdict.WRONG, "ledger", "1 live bookings have no row in a part of their room"
    )
    assert run(app, "doctor").exit_code == 1


def test_the_doctor_finds_time_that_a_cancelled_booking_still_holds(app: Flask) -> None:
    booking = make_booking()
    with transaction() as session:
        session.get_one(Booking, booking.id).status = BookingStatus.CANCELLED
    assert "1 bookings that are over and done with still have rows" in examined(app)["ledger"].says


def test_the_doctor_minds_no_rows_from_before_a_closure_was_lifted(app: Flask) -> None:
    room, now = make_room(), clock.now()
    with transaction():
        hours: dict[str, Any] = {
            "starts_at": now,
            "ends_at": now + timedelta(days=3),
            "reason": "检修",
            "reason_en": "",
        }
        closure = closures.close(room, **hours, by=somebody(), now=now)
    with transaction():
        closures.lift(closure, by=somebody(), now=now + timedelta(days=1, hours=1))
    assert examined(app)["ledger"].verdict is Verdict.FINE
    with transaction() as session:
        session.execute(text("UPDATE closures SET lifted_at = starts_at"))
    assert "lifted closures still have rows" in examined(app)["ledger"].says


def test_the_doctor_finds_a_row_at_another_time_than_its_booking(app: Flask) -> None:
    make_booking(starts_at=at(10))
    with transaction() as session:
        session.scalars(select(Occupancy)).one().starts_at = at(9)
    assert "another time" in examined(app)["ledger"].says


def test_the_doctor_finds_a_missing_guard(app: Flask) -> None:
    if db.engine.dialect.name == "sqlite":
        statement = "DROP TRIGGER occupancies_no_overlap_update"
    else:
        statement = "ALTER TABLE occupancies DROP CONSTRAINT occupancies_no_overlap"
    session = db.session()
    try:
        session.execute(text(statement))
        finding = {f.subject: f for f in doctor._ledger()}["ledger's guards"]
    finally:
        session.rollback()
    assert finding.verdict is Verdict.WRONG
    assert "occupancies_no_overlap" in finding.says


def test_the_doctor_says_how_far_the_holidays_are_known(app: Flask) -> None:
    assert "known up to 20" in examined(app)["public holidays"].says


@pytest.mark.parametrize(
    ("site_url", "host", "verdict", "says"),
    [
        ("http://center.lan", "127.0.0.1", Verdict.LOOK, "README says how"),
        ("http://192.168.1.5:8000", "0.0.0.0", Verdict.LOOK, "no camera"),
        ("", "0.0.0.0", Verdict.LOOK, "no camera"),
        ("", "127.0.0.1", Verdict.FINE, "on this machine alone"),
        ("http://localhost:8000", "127.0.0.1", Verdict.FINE, "on this machine alone"),
        ("https://center.example.cn", "127.0.0.1", Verdict.FINE, "https://center.example.cn"),
    ],
)
def test_the_doctor_says_whether_devices_can_check_people_in(
    site_url: str, host: str, verdict: Verdict, says: str
) -> None:
    finding = doctor._check_in(settings_for("sqlite://", site_url=site_url, host=host))
    assert finding.verdict is verdict
    assert says in finding.says


def test_the_doctor_finds_a_secret_key_that_others_can_read(app: Flask, tmp_path: Path) -> None:
    file = tmp_path / "secret.key"
    file.write_text("t" * 32)
    file.chmod(0o644)
    assert examined(app, data_dir=tmp_path)["secret key"].verdict is Verdict.WRONG
    file.chmod(0o600)
    assert examined(app, data_dir=tmp_path)["secret key"].verdict is Verdict.FINE


def test_create_admin_makes_a_director_who_can_sign_in(app: Flask) -> None:
    done = run(app, "create-admin", "--name", "林主任", "--phone", "199 0000 0042", "--password-stdin", typed=PASSWORD)
    assert done.exit_code == 0, done.output
    assert "Sign in as 19900000042" in done.output
    account = db.session.scalars(select(Account)).one()
    assert account.is_confirmed
    assert is_right(account.password_hash, PASSWORD)
    assert db.session.scalars(select(RoleGrant.role)).all() == [Role.DIRECTOR]


def test_create_admin_asks_for_what_it_was_not_told(app: Flask) -> None:
    done = run(app, "create-admin", typed=f"林主任\n19900000042\n{PASSWORD}\n{PASSWORD}\n")
    assert done.exit_code == 0, done.output
    assert PASSWORD not in done.output
    assert db.session.scalars(select(Account.login)).all() == ["19900000042"]


@pytest.mark.parametrize(
    ("name", "phone", "password", "says"),
    [
        ("林主任", "12", PASSWORD, "not a phone number"),
        ("林主任", "19900000042", "12345678", "Many people use this password"),
        ("林主任", "19900000042", "short", "at least 8 characters"),
        (" ", "19900000042", PASSWORD, "fill this in"),
    ],
)
def test_create_admin_refuses_in_one_english_line(app: Flask, name: str, phone: str, password: str, says: str) -> None:
    done = run(app, "create-admin", "--name", name, "--phone", phone, "--password-stdin", typed=password)
    assert done.exit_code == 1
    assert says in done.output
    assert db.session.scalars(select(Account)).all() == []


def test_create_admin_does_not_take_a_phone_that_has_an_account(app: Flask) -> None:
    arguments = ("create-admin", "--name", "林主任", "--phone", "19900000042", "--password-stdin")
    assert run(app, *arguments, typed=PASSWORD).exit_code == 0
    again = run(app, *arguments, typed=PASSWORD)
    assert again.exit_code == 1
    assert "already has an account" in again.output


def test_the_demonstration_leaves_a_centres_own_data_alone(app: Flask) -> None:
    make_person()
    make_room()
    done = run(app, "demo")
    assert done.exit_code == 0
    assert "data of its own" in done.output
    refused = run(app, "demo", "--reset", "--yes")
    assert refused.exit_code == 1
    assert "does not hold the demonstration" in refused.output


def test_demo_passwords_are_kept_for_their_owner_only(tmp_path: Path) -> None:
    file = tmp_path / "new" / "demo-accounts.txt"
    accounts.keep(file, {"clerk": "one"})
    accounts.keep(file, {"clerk": "tavo-niku-pera-lomi"})
    assert accounts.kept(file) == {"clerk": "tavo-niku-pera-lomi"}
    assert file.stat().st_mode & 0o077 == 0
    assert [each.name for each in file.parent.iterdir()] == ["demo-accounts.txt"]


def test_no_two_passwords_are_alike() -> None:
    passwords = {accounts.new_password() for _ in range(200)}
    assert len(passwords) == 200
    assert all(len(password) == 19 for password in passwords)


@pytest.mark.parametrize(
    ("host", "address"),
    [
        ("127.0.0.1", "http://127.0.0.1:8000/"),
        ("0.0.0.0", "http://127.0.0.1:8000/"),
        ("::", "http://[::1]:8000/"),
        ("::1", "http://[::1]:8000/"),
        ("center.test", "http://center.test:8000/"),
    ],
)
def test_the_address_is_one_a_browser_understands(host: str, address: str) -> None:
    assert serve.address(settings_for("sqlite:///x.db", host=host)) == address
