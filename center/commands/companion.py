"""The worker that `center run` starts beside the server: begun anew when it dies, gone when the server is gone."""

import os
import subprocess
import sys
import threading

from center.logs import log

AGAIN_AFTER = 5.0  # seconds
STOP_WITHIN = 20.0  # seconds
COMMAND = (sys.executable, "-c", "from center.cli import main; main()", "worker", "--parent")


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
        self._thread.join(1)

    def _look_after(self) -> None:
        while not self._stopping.is_set():
            self._process = subprocess.Popen([*COMMAND, str(os.getpid())], stdin=subprocess.DEVNULL)  # noqa: S603
            code = self._process.wait()
            if not self._stopping.is_set():
                log.error("worker_died", code=code)
            self._stopping.wait(AGAIN_AFTER)
