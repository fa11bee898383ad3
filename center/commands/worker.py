"""`center worker`: does what is due, every few seconds, until it is stopped.

Every row is settled on its own, in its own transaction: one that fails is logged, left alone for a while and holds up
nothing else. It may be killed at any moment, and several may run at once.
"""

import os
import signal
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import groupby
from pathlib import Path

from flask import Flask

from center.kernel import clock
from center.kernel.db import db
from center.kernel.logs import log
from center.kernel.sweeps import Receivers, Sweep

EVERY = 2.0  # seconds
FIRST_REST = 4.0  # seconds until a row that failed is tried again; doubled each time
LONGEST_REST = 300.0
MOST_RECEIVERS = 8  # that are talked to at the same time
NAME = "center-worker"
STOP_AFTER = 60.0  # seconds a row may take to end after a stop


@dataclass
class Lane:
    """Some sweeps, done one after the other, and what is known of rows that failed."""

    app: Flask
    sweeps: Sequence[Sweep]
    stop: threading.Event
    failed: dict[tuple[str, int], tuple[float, float]] = field(default_factory=dict)  # until when to rest, how long
    settled: set[tuple[str, int]] = field(default_factory=set)  # in the last pass
    looked: dict[str, float] = field(default_factory=dict)  # when a sweep that has a rhythm of its own was done last
    failures: int = 0

    def run(self, every: float = EVERY) -> None:
        """Go on until stopped; at once where there may be more to do."""
        while not self.stop.is_set():
            if not self.pass_once():
                self.stop.wait(every)

    def drain(self) -> None:
        """Go on as long as there may be more to do."""
        while not self.stop.is_set() and self.pass_once():
            pass

    def pass_once(self) -> bool:
        """Do some of what is due; returns whether there may be more.

        A row that is due again as soon as it was settled is no reason to hurry: it would keep the worker, and everybody
        who waits for the database, busy for ever.
        """
        before, self.settled = self.settled, set()
        for sweep in self.sweeps:
            if self._is_time_for(sweep):
                self._do(sweep)
        return bool(self.settled - before)

    def _is_time_for(self, sweep: Sweep) -> bool:
        if not sweep.every:
            return True
        tick = time.monotonic()
        if sweep.name in self.looked and tick - self.looked[sweep.name] < sweep.every:
            return False
        self.looked[sweep.name] = tick
        return True

    def _do(self, sweep: Sweep) -> None:
        try:
            with self.app.app_context():
                ids = list(sweep.due(clock.now()))
        except Exception as error:
            self._log_failure(sweep, None, error)
            return
        for row_id in ids:
            if self.stop.is_set():
                break
            self._settle(sweep, row_id)

    def _settle(self, sweep: Sweep, row_id: int) -> None:
        key = (sweep.name, row_id)
        until, rest = self.failed.get(key, (0.0, FIRST_REST / 2))
        if time.monotonic() < until:
            return
        try:
            with self.app.app_context():
                sweep.settle(row_id, clock.now())
        except Exception as error:
            self._log_failure(sweep, row_id, error)
            rest = min(rest * 2, LONGEST_REST)
            self.failed[key] = (time.monotonic() + rest, rest)
            return
        self.failed.pop(key, None)
        self.settled.add(key)

    def _log_failure(self, sweep: Sweep, row_id: int | None, error: Exception) -> None:
        self.failures += 1
        log.error("sweep_failed", sweep=sweep.name, row=row_id, kind=type(error).__name__, exc_info=error)


@dataclass
class Fan:
    """A sweep that talks to several receivers, each of which has a lane of its own while something is due for it."""

    app: Flask
    sweep: Sweep
    receivers: Receivers
    stop: threading.Event
    lanes: dict[int, Lane] = field(default_factory=dict)
    threads: dict[int, threading.Thread] = field(default_factory=dict)

    def run(self, every: float = EVERY) -> None:
        """Go on until stopped, and until every lane has finished the row it is at."""
        while not self.stop.is_set():
            self.start_lanes()
            self.stop.wait(min(every, 0.5) if self.is_busy() else every)
        for thread in self.threads.values():
            thread.join(STOP_AFTER)

    def is_busy(self) -> bool:
        """Whether something is being done for anybody."""
        return any(thread.is_alive() for thread in self.threads.values())

    def start_lanes(self) -> None:
        """Let a lane begin for everybody for whom something is due and none is at work."""
        try:
            with self.app.app_context():
                found = self.receivers.of_due(clock.now())
        except Exception as error:
            log.error("sweep_failed", sweep=self.sweep.name, row=None, kind=type(error).__name__, exc_info=error)
            return
        self.threads = {key: thread for key, thread in self.threads.items() if thread.is_alive()}
        for receiver in found:
            if receiver not in self.threads and len(self.threads) < MOST_RECEIVERS:
                self.threads[receiver] = threading.Thread(target=self._lane(receiver).drain, daemon=True)
                self.threads[receiver].start()

    def _lane(self, receiver: int) -> Lane:
        if receiver not in self.lanes:
            of_one = replace(self.sweep, due=lambda now: self.receivers.due(now, receiver))
            self.lanes[receiver] = Lane(self.app, (of_one,), self.stop)
        return self.lanes[receiver]


def run_once(app: Flask, sweeps: Iterable[Sweep]) -> int:
    """Do all that is due now; returns how often something failed."""
    lane = Lane(app, tuple(sweeps), threading.Event())
    for _pass in range(1000):
        if not lane.pass_once():
            break
    return lane.failures


def run(app: Flask, sweeps: Iterable[Sweep], *, parent: int | None = None, every: float = EVERY) -> None:
    """Do what is due until told to stop (SIGTERM, Ctrl-C), or until the server that started this is gone."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stop.set())
    sweeps = tuple(sweeps)
    fans = [Fan(app, sweep, sweep.receivers, stop) for sweep in sweeps if sweep.receivers is not None]
    lanes = [Lane(app, tuple(some), stop) for some in _lanes(each for each in sweeps if each.receivers is None)]
    runs = [*(lane.run for lane in lanes), *(fan.run for fan in fans)]
    threads = [threading.Thread(target=run, args=(every,), daemon=True) for run in runs]
    for thread in threads:
        thread.start()
    _name_process(NAME)
    log.info("worker_started", sweeps=len(sweeps))
    while not stop.wait(0.5):
        if parent is not None and os.getppid() != parent:
            stop.set()
    for thread in threads:
        thread.join(STOP_AFTER)
    with app.app_context():
        db.engine.dispose()
    log.info("worker_stopped")


def _name_process(name: str) -> None:
    """Let `ps` and `top` tell this process from the server's, where the system keeps such names."""
    with suppress(OSError):
        Path("/proc/self/comm").write_text(name)


def _lanes(sweeps: Iterable[Sweep]) -> Iterable[Iterable[Sweep]]:
    """What talks to other machines apart from all else, so that a slow one holds up no booking."""
    outside: Callable[[Sweep], bool] = lambda sweep: sweep.talks_outside  # noqa: E731
    return [list(some) for _outside, some in groupby(sorted(sweeps, key=outside), key=outside)]
