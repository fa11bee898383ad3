"""What was acknowledged stays true, however often whatever serves it is killed without warning (kill -9).

People book and cancel through a real server while its processes are killed. Whoever got no answer sends the same form
again; no booking is lost, none is made twice, and the ledger is true.
"""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

from center.bookings.models import LIVE, Booking
from center.commands.ledger_checks import ledger_findings
from center.db import db
from tests.builders import at, make_account, make_room, session_cookie
from tests.conftest import make_app
from tests.engines import Engines, dispose
from tests.race import Wish
from tests.servers import environment, free_port, wait_until_ready
from tests.storm import Acknowledged, Kept, Killer, Patient, children, oldest

KILLS = 60
PATIENTS = 4
SERVERS, WORKERS = 2, 3
DAYS, HOURS = range(1, 14), range(8, 20)


@pytest.fixture
def centre(engine: str, engines: Engines, worker: str) -> Iterator[Flask]:
    """The app on a database of its own."""
    app = make_app(engines.new_url(engine, f"kills_{worker}"))
    with app.app_context():
        yield app
    dispose(app)


def test_no_acknowledged_booking_is_lost_in_a_storm_of_kills(centre: Flask, tmp_path: Path) -> None:
    stop, killer = threading.Event(), Killer(seed=7)
    servers = [_server(centre, tmp_path / str(n)) for n in range(SERVERS)]
    addresses = [f"http://127.0.0.1:{server.environ['CENTER_PORT']}" for server in servers]
    patients = [_patient(centre, addresses, stop) for _ in range(PATIENTS)]
    try:
        for server, address in zip(servers, addresses, strict=True):
            server.keep()
            wait_until_ready(server.process, address, server.log)
        with ThreadPoolExecutor(PATIENTS) as threads:
            lives = [threads.submit(patient.live) for patient in patients]
            _storm(killer, servers, lives)
            stop.set()
            for life in lives:
                life.result()
    finally:
        stop.set()
        for server in servers:
            server.end()
    assert len(killer.moments) >= KILLS
    _assert_kept(patients)


def _server(app: Flask, folder: Path) -> Kept:
    """A server of several processes, with a folder of its own, on the database of all."""
    folder.mkdir()
    url = app.config["SQLALCHEMY_DATABASE_URI"]
    return Kept(["run"], environment(url, folder, free_port(), workers=WORKERS), folder / "server.log")


def _storm(killer: Killer, servers: list[Kept], lives: list[Future[None]]) -> None:
    """Kill until it was enough: the process that has served longest, and now and then a whole server."""
    while len(killer.moments) < KILLS and not all(life.done() for life in lives):
        time.sleep(killer.dice.uniform(0.6, 1.2))
        for server in servers:
            server.keep()
        if len(killer.moments) % 15 == 14:
            killer.dice.choice(servers).kill_all()
            killer.moments.append(time.time())
        elif serving := [pid for server in servers for pid in children(server.process.pid)]:
            killer.kill(oldest(serving))


def _patient(app: Flask, addresses: list[str], stop: threading.Event) -> Patient:
    """Somebody with a room of their own to book all fortnight, so that only a lost booking can be in the way."""
    room = make_room(live_limit=0, cancel_minutes=0, horizon_days=30)
    days = [at(8, days=day).date().isoformat() for day in DAYS]
    wishes = [Wish(room.code, day, f"{hour:02d}:00", people=1 + hour % 5) for day in days for hour in HOURS]
    return Patient(addresses, session_cookie(app, make_account()), wishes, stop)


def _assert_kept(patients: list[Patient]) -> None:
    """What was answered is so; what was not was done once or not at all."""
    has = Acknowledged(
        booked=set().union(*(patient.has.booked for patient in patients)),
        cancelled=set().union(*(patient.has.cancelled for patient in patients)),
        unanswered=sum(patient.has.unanswered for patient in patients),
    )
    db.session.rollback()
    live = set(db.session.scalars(select(Booking.reference).where(Booking.status.in_(LIVE))))
    assert len(has.booked) >= KILLS, "a storm in which hardly anything was booked proves nothing"
    assert has.booked - has.cancelled <= live
    assert not has.cancelled & live
    total = db.session.scalar(select(func.count()).select_from(Booking))
    assert len(has.booked) <= total <= len(has.booked) + has.unanswered
    assert ledger_findings() == []
