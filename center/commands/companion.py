"""The worker that `center run` starts beside the server: begun anew when it dies, gone when the server is gone."""

import os
import subprocess
import sys
import threading

from center.kernel.logs import log

AGAIN_AFTER = 5.0  # seconds
STOP_WITHIN = 20.0  # seconds
COMMAND = (sys.executable, "-c", "from center.commands.cli import main; main()", "worker", "--parent")


class Companion:
    """A `center worker` process, looked after by a thread. It also ends by itself once its parent is not there."""

    def __init__(self) -> None:
        self._stopping = threading.Event()
        self._process: subprocess.Popen[bytes] | None = None
        self._thread = threading.Thread(target=self._look_after, daemon=True)

    def start(self) -> None:
        """Start the worker, and look after it."""
        self._thread.start()

    def stop(self) -> None:
        """Let the worker finish the row it is at, and end."""
        self._stopping.set()
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_WITHIN)
            except subprocess.TimeoutExpired:
                self._process.kill()
        if self._thread.ident is not None:  # it was started
            self._thread.join(1)

    def _look_after(self) -> None:
        while not self._stopping.is_set():
            self._process = self._spawned()
            code = self._process.wait()
            if not self._stopping.is_set():
                log.error("worker_died", code=code)
            self._stopping.wait(AGAIN_AFTER)

    def _spawned(self) -> subprocess.Popen[bytes]:
        """A new worker process.

        Without `close_fds` Python spawns instead of forking. A fork would wait for the end of a pipe which a server
        process, forked at the same moment, holds open for as long as it lives.
        """
        command = [*COMMAND, str(os.getpid())]
        return subprocess.Popen(command, stdin=subprocess.DEVNULL, close_fds=False)  # noqa: S603
