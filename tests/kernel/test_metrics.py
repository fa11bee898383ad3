"""What the site counts of itself, and who may read it."""

import os
import re
from dataclasses import replace
from pathlib import Path
from urllib.request import ProxyHandler, Request, build_opener

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.exc import OperationalError

from center.bookings.models import BookingStatus
from center.kernel import config, metrics
from center.kernel.config import SettingsError
from center.kernel.db import db, transaction
from center.rooms import ledger
from center.rooms.models import UseKind
from tests.builders import ZONE, at, make_account, make_booking, make_room
from tests.engines import Engines
from tests.servers import serve

FAR = {"REMOTE_ADDR": "203.0.113.9"}


def value(text: str, name: str) -> float:
    """The value of a series, 0 where there is none."""
    found = re.search(rf"^{re.escape(name)} (\S+)$", text, re.MULTILINE)
    return float(found[1]) if found else 0.0


def read(client: FlaskClient) -> str:
    answer = client.get("/metrics")
    assert answer.status_code == 200
    assert answer.mimetype == "text/plain"
    return answer.get_data(as_text=True)


@pytest.mark.parametrize("address", ["203.0.113.9", "10.0.0.7", "::ffff:203.0.113.9", "2001:db8::1", "", "x"])
def test_figures_are_refused_to_other_machines(app: Flask, client: FlaskClient, address: str) -> None:
    answer = client.get("/metrics", environ_base={"REMOTE_ADDR": address})
    assert answer.status_code == 403
    assert "center_requests" not in answer.get_data(as_text=True)


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Forwarded", "X-Real-IP"])
def test_a_proxy_on_this_machine_does_not_open_them_to_the_world(app: Flask, client: FlaskClient, header: str) -> None:
    assert client.get("/metrics", headers={header: "127.0.0.1"}).status_code == 403


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1"])
def test_this_machine_reads_them(app: Flask, client: FlaskClient, address: str) -> None:
    assert client.get("/metrics", environ_base={"REMOTE_ADDR": address}).status_code == 200


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (f"Bearer {'x' * 24}", 200),
        (f"bearer {'x' * 24}", 200),
        (f"Bearer {'x' * 23}", 403),
        ("Bearer ", 403),
        (f"Basic {'x' * 24}", 403),
        ("Bearer 中文", 403),
        (None, 403),
    ],
)
def test_who_holds_the_token_reads_them_from_anywhere(
    app: Flask, client: FlaskClient, monkeypatch: pytest.MonkeyPatch, sent: str | None, status: int
) -> None:
    monkeypatch.setitem(app.extensions, "settings", replace(app.extensions["settings"], metrics_token="x" * 24))
    headers = {"Authorization": sent.encode().decode("latin-1")} if sent else {}
    assert client.get("/metrics", headers=headers, environ_base=FAR).status_code == status


def test_an_empty_token_opens_nothing(app: Flask, client: FlaskClient) -> None:
    assert client.get("/metrics", headers={"Authorization": "Bearer "}, environ_base=FAR).status_code == 403


@pytest.mark.parametrize("token", ["short", "x" * 15, "with a blank in between", "令牌" * 10])
def test_a_weak_token_is_refused_at_the_start(tmp_path: Path, token: str) -> None:
    with pytest.raises(SettingsError, match="CENTER_METRICS_TOKEN"):
        config.load({"CENTER_DATA_DIR": str(tmp_path), "CENTER_METRICS_TOKEN": token})


def test_requests_are_counted_by_endpoint_and_status(app: Flask, client: FlaskClient) -> None:
    found, missing = ('{endpoint="web.healthz",status="200"}', '{endpoint="none",status="404"}')
    before = read(client)
    client.get("/healthz")
    client.get("/nowhere")
    client.get("/nowhere-either")
    after = read(client)
    assert value(after, f"center_requests_total{found}") == value(before, f"center_requests_total{found}") + 1
    assert value(after, f"center_requests_total{missing}") == value(before, f"center_requests_total{missing}") + 2
    took = 'center_request_seconds_count{endpoint="web.healthz"}'
    assert value(after, took) == value(before, took) + 1


def test_no_address_or_name_is_in_the_figures(app: Flask, client: FlaskClient) -> None:
    client.get("/rooms/SECRET?q=13800000000")
    text = read(client)
    assert "SECRET" not in text
    assert "13800000000" not in text


def test_the_ledgers_refusals_are_counted(app: Flask, client: FlaskClient) -> None:
    room = make_room()
    make_booking(room=room)
    before = value(read(client), "center_ledger_refusals_total")
    with pytest.raises(ledger.TimeTaken), transaction():
        ledger.take(UseKind.BOOKING, room, starts_at=at(10), clear_at=at(11), zone=ZONE)
    assert value(read(client), "center_ledger_refusals_total") == before + 1


def test_failed_sign_ins_are_counted(app: Flask, client: FlaskClient) -> None:
    login = make_account().login
    wrong, waits = (f'center_sign_in_failures_total{{reason="{why}"}}' for why in metrics.SIGN_IN_FAILURES[::-1])
    before = read(client)
    for _try in range(12):
        client.post("/sign-in", data={"login": login, "password": "not the right one"})
    after = read(client)
    failed, waited = value(after, wrong) - value(before, wrong), value(after, waits) - value(before, waits)
    assert failed > 0
    assert waited > 0
    assert failed + waited == 12


def test_waiting_requests_are_told_as_they_are_now(app: Flask, client: FlaskClient) -> None:
    assert value(read(client), "center_requests_waiting") == 0
    make_booking(status=BookingStatus.REQUESTED)
    make_booking()
    assert value(read(client), "center_requests_waiting") == 1


def test_times_the_database_was_locked_are_counted(app: Flask, client: FlaskClient) -> None:
    room_id = make_room().id
    before = value(read(client), "center_database_lock_timeouts_total")
    is_sqlite = db.engine.dialect.name == "sqlite"
    quickly = "PRAGMA busy_timeout = 50" if is_sqlite else "SET lock_timeout = '50ms'"
    contended = "BEGIN IMMEDIATE" if is_sqlite else f"SELECT 1 FROM rooms WHERE id = {room_id} FOR UPDATE"
    with db.engine.connect() as first, db.engine.connect() as second:
        first = first.execution_options(immediate=True)
        first.exec_driver_sql(f"UPDATE rooms SET capacity = 9 WHERE id = {room_id}")
        second.exec_driver_sql(quickly)
        with pytest.raises(OperationalError):
            second.exec_driver_sql(f"UPDATE rooms SET capacity = 8 WHERE id = {room_id}" if is_sqlite else contended)
        first.rollback()
        second.rollback()
        second.invalidate()
    assert value(read(client), "center_database_lock_timeouts_total") == before + 1


def test_the_figures_of_all_server_processes_are_added_up(engines: Engines, worker: str, tmp_path: Path) -> None:
    url = engines.new_url("sqlite", f"metrics_{worker}")
    with serve(url, tmp_path, workers=2, anew=True) as site:
        opener = build_opener(ProxyHandler({}))

        def get(path: str) -> str:
            with opener.open(Request(site.address + path), timeout=30) as answer:
                return str(answer.read().decode())

        for _request in range(40):
            get("/style-guide")
        told = [get("/metrics") for _look in range(8)]
        series = 'center_requests_total{endpoint="web.style_guide",status="200"}'
        assert [value(text, series) for text in told] == [40.0] * 8
        assert all("center_requests_waiting 0.0" in text for text in told)
        assert len(list((tmp_path / "metrics").rglob("counter_*.db"))) == 2


def test_a_new_start_counts_from_zero(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(metrics.FOLDER, "")
    folder = tmp_path / "metrics" / "8000"
    folder.mkdir(parents=True)
    (folder / "counter_1.db").write_bytes(b"old")
    metrics.share_between_processes(folder)
    assert list(folder.iterdir()) == []
    assert folder.stat().st_mode & 0o077 == 0


def test_a_data_folder_that_cannot_be_written_does_not_keep_the_site_from_starting(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(metrics.FOLDER, "")
    in_the_way = tmp_path / "data"
    in_the_way.write_text("a file")
    metrics.share_between_processes(in_the_way / "metrics" / "8000")
    folder = Path(os.environ[metrics.FOLDER])
    assert folder.is_dir()
    folder.rmdir()
