"""The worker that `center run` starts beside the server: begun anew when it dies, gone when the server is gone.

The first is forked, so that it shares what the server has loaded. One that is begun anew is a program of its own: by
then this process has threads and sockets, which a fork would take along.
"""

import os
import subprocess
import sys
import threading
from multiprocessing.context import ForkProcess
from typing import Protocol

from flask import Flask

from center.commands import worker
from center.kernel.logs import log

AGAIN_AFTER = 5.0  # seconds
STOP_WITHIN = 20.0  # seconds
COMMAND = (sys.executable, "-c", "from center.commands.cli import main; main()", "worker", "--parent")


class Process(Protocol):
    """The worker, whichever way it was begun."""

    def wait(self) -> int | None:
        """Wait for its end; returns how it ended."""

    def terminate(self) -> None:
        """Let it finish the row it is at, and end."""

    def kill(self) -> None:
        """End it at once."""


class Companion:
    """A `center worker` process, looked after by a thread. It also ends by itself once its parent is not there."""

    def __init__(self, app: Flask) -> None:
        self._first = _Forked(target=_work, args=(app, os.getpid()))
        self._process: Process = self._first
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._look_after, daemon=True)

    def start(self) -> None:
        """Start the worker, and look after it."""
        self._first.start()
        self._thread.start()

    def stop(self) -> None:
        """Let the worker finish the row it is at, and end."""
        self._stopping.set()
        if self._thread.ident is None:  # it was never started
            return
        self._process.terminate()
        self._thread.join(STOP_WITHIN)
        if self._thread.is_alive():
            self._process.kill()
            self._thread.join(1)

    def _look_after(self) -> None:
        while True:
            code = self._process.wait()
            if self._stopping.is_set():
                return
            log.error("worker_died", code=code)
            if self._stopping.wait(AGAIN_AFTER):
                return
            self._process = _spawned()


class _Forked(ForkProcess):
    """The first worker: it begins with all that is loaded here."""

    def wait(self) -> int | None:
        """Wait for its end; returns how it ended."""
        self.join()
        return self.exitcode


def _work(app: Flask, parent: int) -> None:
    from center.app.wiring import SWEEPS  # which this process has loaded, or it would have no app

    with app.app_context():
        worker.run(app, SWEEPS, parent=parent)


def _spawned() -> Process:
    """A new worker process.

    Without `close_fds` Python spawns instead of forking. A fork would wait for the end of a pipe which a server
    process, forked at the same moment, holds open for as long as it lives.
    """
    command = [*COMMAND, str(os.getpid())]
    return subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=False)  # noqa: S603
