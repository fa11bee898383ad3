"""The worker: one row that fails holds up nothing, and it goes when its server goes."""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from flask import Flask

from center.commands import worker
from center.commands.doctor import Finding, Verdict, examine
from center.kernel import clock
from center.kernel.db import db
from center.kernel.errors import NotFound
from center.kernel.sweeps import Sweep
from center.notices import queries
from tests.builders import make_account, make_person
from tests.engines import ONE_ENGINE
from tests.notices.test_delivering import tell
from tests.notices.test_outbox import CHANGE, gateway
from tests.processes import Forked
from tests.servers import environment, free_port, run

PATIENCE = 60


@pytest.fixture(autouse=True)
def _kinds(app: Flask) -> Iterator[None]:
    from center.notices import kinds

    known = dict(kinds._kinds)
    kinds.register([CHANGE])
    yield
    kinds._kinds.clear()
    kinds._kinds.update(known)


def sweep(name: str, ids: list[int], settle: Callable[[int], object], **more: Any) -> Sweep:
    """A sweep over numbers, which are due until they were settled."""

    def do(row_id: int, _now: object) -> None:
        settle(row_id)
        ids.remove(row_id)

    return Sweep(name, lambda _now: list(ids), do, **more)


def test_a_row_that_fails_stops_neither_the_others_nor_the_next_sweep(app: Flask) -> None:
    done: list[int] = []

    def settle(row_id: int) -> None:
        if row_id == 1:
            raise NotFound("gone")
        done.append(row_id)

    failures = worker.run_once(app, [sweep("a", [1, 2], settle), sweep("b", [3], settle)])
    assert done == [2, 3]
    assert failures == 1


def test_a_sweep_that_cannot_be_asked_stops_no_other(app: Flask) -> None:
    done: list[int] = []

    def broken(_now: object) -> list[int]:
        raise RuntimeError

    failures = worker.run_once(app, [Sweep("x", broken, lambda _id, _now: None), sweep("b", [3], done.append)])
    assert (done, failures > 0) == ([3], True)


def test_a_row_that_failed_is_left_alone_for_a_while(app: Flask) -> None:
    tries: list[int] = []

    def settle(row_id: int) -> None:
        tries.append(row_id)
        raise RuntimeError

    lane = worker.Lane(app, [sweep("a", [1], settle)], threading.Event())
    for _ in range(3):
        lane.pass_once()
    assert tries == [1]


def test_a_row_that_stays_due_does_not_keep_the_worker_busy(app: Flask) -> None:
    settled: list[int] = []
    stays = Sweep("a", lambda _now: [1], lambda row_id, _now: settled.append(row_id))
    assert worker.run_once(app, [stays]) == 0
    assert len(settled) == 2, "the second time nothing new was done, so it ends"
    lane = worker.Lane(app, [stays, sweep("b", [2], lambda _id: None)], threading.Event())
    assert [lane.pass_once() for _ in range(3)] == [True, False, False]


def test_what_talks_outside_holds_up_nothing_else(app: Flask) -> None:
    slow, done = threading.Event(), threading.Event()
    sweeps = [
        sweep("outside", [1], lambda _id: slow.wait(PATIENCE), talks_outside=True),
        sweep("inside", [2], lambda _id: done.set()),
    ]
    lanes = [worker.Lane(app, list(some), threading.Event()) for some in worker._lanes(sweeps)]
    threads = [threading.Thread(target=lane.pass_once) for lane in lanes]
    for thread in threads:
        thread.start()
    assert done.wait(PATIENCE)
    slow.set()
    for thread in threads:
        thread.join()


def test_figures_tell_what_waits(app: Flask) -> None:
    assert (queries.count_due(), queries.count_dead_letters(), queries.oldest_due_seconds()) == (0, 0, 0.0)
    gateway()
    tell(now=clock.now() - timedelta(minutes=30))
    assert queries.count_due() == 1
    assert 1700 < queries.oldest_due_seconds() < 1900


def test_the_doctor_says_when_nobody_does_what_is_due(app: Flask) -> None:
    def finding() -> Finding:
        db.session.rollback()
        return next(f for f in examine(app.extensions["settings"]) if f.subject == "due work")

    assert finding().verdict is Verdict.FINE
    gateway()
    tell(now=clock.now() - timedelta(minutes=5))
    assert finding().verdict is Verdict.FINE
    tell(now=clock.now() - timedelta(minutes=30), key="other")
    late = finding()
    assert late.verdict is Verdict.LOOK
    assert "center worker" in late.says


@ONE_ENGINE
def test_a_server_that_is_killed_takes_its_worker_along(app: Flask, tmp_path: Path) -> None:
    make_account(make_person())
    db.session.rollback()
    server = start_server(app, tmp_path)
    try:
        child = wait_for(lambda: workers_of(server.pid), "the server started no worker")
        server.kill()
        server.wait(PATIENCE)
        wait_for(lambda: not is_alive(child[0]), "the worker outlived its server")
    finally:
        stop(server)


@ONE_ENGINE
def test_a_worker_that_dies_is_started_again_and_ends_with_the_server(app: Flask, tmp_path: Path) -> None:
    db.session.rollback()
    server = start_server(app, tmp_path)
    try:
        (first,) = wait_for(lambda: workers_of(server.pid), "the server started no worker")
        os.kill(first, signal.SIGKILL)
        (second,) = wait_for(lambda: [p for p in workers_of(server.pid) if p != first], "no second worker")
        server.terminate()
        assert server.wait(PATIENCE) == 0
        wait_for(lambda: not is_alive(second), "the worker outlived its server")
    finally:
        stop(server)


def start_server(app: Flask, folder: Path) -> Forked:
    environ = environment(app.extensions["settings"].database_url, folder, free_port(), workers=1)
    return Forked(run, ("run",), environ, folder / "server.log")


def stop(server: Forked) -> None:
    with suppress(ProcessLookupError):
        os.killpg(server.pid, signal.SIGKILL)
    server.wait(PATIENCE)


def workers_of(parent: int) -> list[int]:
    """The worker processes that a server has started, by their names and parents in /proc."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            name, ended = (folder / "comm").read_text().strip(), (folder / "stat").read_text().rpartition(")")[2]
        except OSError:
            continue
        if name == worker.NAME and int(ended.split()[1]) == parent:
            found.append(int(folder.name))
    return found


def is_alive(pid: int) -> bool:
    try:
        return "Z" not in Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


Found = TypeVar("Found")


def wait_for(there: Callable[[], Found], otherwise: str) -> Found:
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE:
        if found := there():
            return found
        time.sleep(0.1)
    raise AssertionError(otherwise)
