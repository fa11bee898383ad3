"""A storm: people who book and cancel without pause while whatever serves them is killed, again and again.

Somebody in the storm sends a form until it is answered, as a patient person presses "again". What was answered is
acknowledged, and must be true for good.
"""

import http.client
import itertools
import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from center.config import ROOT
from tests.race import Browser, Wish

T = TypeVar("T")

PATIENCE = 60  # seconds until an answer must have come, however often the server was killed
LOST = (OSError, http.client.HTTPException, AssertionError)


@dataclass
class Acknowledged:
    """What the site has said yes to: the bookings made, those cancelled, and the forms that were never answered."""

    booked: set[str] = field(default_factory=set)
    cancelled: set[str] = field(default_factory=set)
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
            if n % 3 == 2 and self._cancel(reference):
                self.has.cancelled.add(reference)

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

    def _cancel(self, reference: str) -> bool:
        path = f"/bookings/{reference}/cancel"

        def press(browser: Browser) -> tuple[int, str, str]:
            form = browser.hidden_of(path)
            return _answered(browser.send("POST", path, {**form, "reason": ""}))

        answer = self._until_answered(press)
        return answer is not None and answer[0] == 303

    def _until_answered(self, send: Callable[[Browser], T]) -> T | None:
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            with suppress(*LOST), Browser(next(self.addresses), self.cookie) as browser:
                return send(browser)
            time.sleep(0.05)
        return None


@dataclass
class Kept:
    """A process that is started again whenever it ends."""

    command: Sequence[str]
    environ: dict[str, str]
    log: Path
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0

    def keep(self) -> None:
        """Start it unless it runs."""
        if self.process is None or self.process.poll() is not None:
            with self.log.open("ab") as out:
                command = [sys.executable, "-c", "from center.cli import main; main()", *self.command]
                self.process = subprocess.Popen(
                    command, cwd=ROOT, env=self.environ, stdout=out, stderr=out, start_new_session=True
                )
            self.started = time.monotonic()

    def end(self) -> None:
        """Stop it for good."""
        if self.process is not None:
            self.process.terminate()
            with suppress(subprocess.TimeoutExpired):
                self.process.wait(timeout=15)
            self.kill_all()

    def kill_all(self) -> None:
        """Kill it with every process that it started."""
        if self.process is not None:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()


class Killer:
    """Kills one process after the other, without warning, and remembers when."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)
        self.moments: list[float] = []

    def kill(self, pid: int) -> None:
        """Kill -9."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
            self.moments.append(time.time())


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


def _answered(answer: tuple[int, str, str]) -> tuple[int, str, str]:
    """The answer, unless it only says that the site could not answer now."""
    if answer[0] >= 500:
        raise OSError(answer[0])
    return answer
