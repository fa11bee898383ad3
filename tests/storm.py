"""A storm: people who book and cancel without pause while whatever serves them is killed, again and again.

Somebody in the storm sends a form until it is answered, as a patient person presses "again". What was answered is
acknowledged, and must be true for good. What the killer does next waits until those who were left have done something,
so that a slow machine has a slow storm.
"""

import http.client
import itertools
import os
import random
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy.exc import OperationalError

from center.kernel import clock
from center.kernel.db import is_busy
from center.notices import reaching
from tests.processes import Forked
from tests.race import Browser, Wish, hidden_in
from tests.servers import Process, run, wait_until_ready
from tests.sinks import Taken

T = TypeVar("T")

PATIENCE = 60  # seconds until an answer must have come, however often the server was killed
LONGEST = 240  # seconds until something must have happened, on the slowest of machines
BREATH = 1.0  # seconds somebody takes before they book again
LOST = (OSError, http.client.HTTPException, AssertionError)


@dataclass
class Acknowledged:
    """What the site has said yes to: the bookings made, those cancelled, and the forms that were never answered."""

    booked: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
    in_doubt: set[str] = field(default_factory=set)  # nobody ever said whether these were cancelled
    unanswered: int = 0


class Patient:
    """Somebody who books slot after slot, and cancels each third booking."""

    def __init__(self, addresses: Sequence[str], cookie: str, wishes: Sequence[Wish], stop: threading.Event) -> None:
        self.addresses, self.cookie, self.wishes, self.stop = itertools.cycle(addresses), cookie, wishes, stop
        self.has = Acknowledged()

    def live(self) -> None:
        """Until the storm is over, or there is nothing left to wish for."""
        for n, wish in enumerate(self.wishes):
            if self.stop.is_set():
                return
            if (reference := self._book(wish)) is None:
                continue
            self.has.booked.add(reference)
            if n % 3 == 2:
                self._cancel(reference)
            self.stop.wait(BREATH)

    def _book(self, wish: Wish) -> str | None:
        filled = self._until_answered(lambda browser: browser.fill_in(wish))
        if filled is None:
            return None
        path, form = filled
        answer = self._until_answered(lambda browser: _answered(browser.send("POST", path, form)))
        if answer is None:
            self.has.unanswered += 1
            return None
        status, location, page = answer
        assert status == 303, f"{status}: {page[:2000]}"
        return location.split("?")[0].rpartition("/")[2]

    def _cancel(self, reference: str) -> None:
        """Press until it is cancelled; whoever finds it cancelled missed the answer to what they pressed before."""
        shown, path = f"/bookings/{reference}", f"/bookings/{reference}/cancel"

        def press(browser: Browser) -> bool:
            asked = _answered(browser.send("GET", path))
            if asked[:2] == (302, shown):
                return True
            answer = _answered(browser.send("POST", path, {**hidden_in(*asked), "reason": ""}))
            assert answer[0] == 303, f"{answer[0]}: {answer[2][:2000]}"
            return True

        known = self._until_answered(press)
        (self.has.cancelled if known else self.has.in_doubt).add(reference)

    def _until_answered(self, send: Callable[[Browser], T]) -> T | None:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            with suppress(*LOST), Browser(next(self.addresses), self.cookie) as browser:
                return send(browser)
            time.sleep(0.05)
        return None


class Server(Forked):
    """`center run` without a worker of its own."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        super().__init__(run, ("run", "--no-worker"), environ, log)

    def kill(self) -> None:
        """Kill it with every process that serves for it."""
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        super().kill()


@dataclass
class Kept:
    """A process that is started again whenever it ends; each time under a new name, told to it as CENTER_TEST_NAME."""

    start: Callable[[dict[str, str], Path], Process]  # with this environment, and with this file for what it says
    environ: dict[str, str]
    log: Path
    process: Process | None = None
    starts: int = 0

    @property
    def name(self) -> str:
        return f"{self.log.stem}.{self.starts}"

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.environ['CENTER_PORT']}"

    @property
    def runs(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def keep(self) -> None:
        """Start it unless it runs."""
        if not self.runs:
            self.starts += 1
            self.process = self.start({**self.environ, "CENTER_TEST_NAME": self.name}, self.log)

    def end(self) -> int | None:
        """Stop it for good; returns how it ended."""
        if self.process is None:
            return None
        self.process.terminate()
        with suppress(subprocess.TimeoutExpired):
            self.process.wait(timeout=PATIENCE)
        self.kill_all()
        return self.process.poll()

    def kill_all(self) -> None:
        """Kill it (-9) with every process that it started."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Killer:
    """Kills one process after the other, without warning, and remembers when."""

    def __init__(self, seed: int, workers: Sequence[Kept]) -> None:
        self.dice = random.Random(seed)
        self.workers = workers
        self.servers_killed = 0
        self.killed: dict[str, float] = {}  # which worker, and when on the monotonic clock
        self.ambushed: list[Taken] = []
        self.taken: list[Taken] = []  # what was handed over, in order
        self.lies_in_wait = threading.Event()
        self._lock = threading.Lock()

    def kill_process(self, pid: int) -> None:
        """Kill -9 one process of a server."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.servers_killed += 1

    def kill_server(self, server: Kept) -> None:
        """Kill -9 a server with all its processes."""
        server.kill_all()
        self.servers_killed += 1

    def kill_worker(self, worker: Kept) -> None:
        """Kill -9 a worker."""
        self.killed[worker.name] = time.monotonic()
        worker.kill_all()

    def lie_in_wait(self) -> None:
        """Kill whoever hands over the next message, before they hear that it was taken on."""
        self.lies_in_wait.set()

    def watch(self, taken: Taken) -> None:
        """See a message being handed over."""
        with self._lock:
            self.taken.append(taken)
            sender = next((worker for worker in self.workers if worker.name == taken.sender and worker.runs), None)
            if sender is not None and self.lies_in_wait.is_set():
                self.kill_worker(sender)
                self.ambushed.append(taken)
                self.lies_in_wait.clear()

    def seen(self) -> list[Kept]:
        """The workers at work: they have handed something over since they were started."""
        busy = {taken.sender for taken in list(self.taken)}
        return [worker for worker in self.workers if worker.name in busy and worker.runs]


@dataclass
class Storm:
    """All who take part."""

    servers: list[Kept]
    workers: list[Kept]
    patients: list[Patient]
    killer: Killer
    stop: threading.Event
    lives: list[Future[None]] = field(default_factory=list)

    def wait(self, done: Callable[[], object], otherwise: str) -> None:
        """Go on once it is so; until then start again what was killed. A busy database is asked again."""
        began = time.monotonic()
        while not _patiently(done):
            assert time.monotonic() - began < LONGEST, otherwise
            for process in (*self.servers, *self.workers):
                process.keep()
            for life in self.lives:
                assert self.stop.is_set() or not life.done() or life.result(), "somebody has nothing left to wish for"
            time.sleep(0.05)

    def start(self) -> None:
        """Start all processes; returns once the site answers."""
        for process in (*self.servers, *self.workers):
            process.keep()
        for server in self.servers:
            assert server.process is not None
            wait_until_ready(server.process, server.address, server.log)

    def calm_down(self) -> None:
        """Stop all, and let the workers begin anew once the leases of the dead have run out."""
        self.end()
        self.lives.clear()
        self.servers.clear()
        moment = clock.now() + reaching.LEASE + timedelta(seconds=10)
        for worker in self.workers:
            worker.environ["CENTER_CLOCK_START"] = moment.isoformat()

    def end(self) -> None:
        for process in (*self.servers, *self.workers):
            process.end()

    def acknowledged(self) -> int:
        return sum(len(patient.has.booked) + len(patient.has.cancelled) for patient in self.patients)


def children(pid: int) -> Iterator[int]:
    """The processes started by this one that serve (multiprocessing's own helper does not)."""
    with suppress(OSError):
        for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
            with suppress(OSError):
                if b"resource_tracker" not in Path(f"/proc/{child}/cmdline").read_bytes():
                    yield int(child)


def oldest(pids: Sequence[int]) -> int:
    """The process that has run longest."""
    return min(pids, key=_started)


def _started(pid: int) -> float:
    """When a process was started, in the system's ticks; a process that is gone counts as the youngest."""
    try:
        return int(Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[19])
    except OSError:
        return float("inf")


def _patiently(ask: Callable[[], object]) -> object:
    """What is answered; nothing while the database is too busy."""
    try:
        return ask()
    except OperationalError as error:
        if not is_busy(error):
            raise
        return None


def _answered(answer: tuple[int, str, str]) -> tuple[int, str, str]:
    """The answer, unless it only says that the site could not answer now."""
    if answer[0] >= 500:
        raise OSError(answer[0])
    return answer
