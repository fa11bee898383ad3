"""`center worker`, except that it tells mail gateways and webhooks its name, so that a storm can say who sent what."""

import os
import socket
import subprocess
import sys
from pathlib import Path

from apprise import Apprise, AppriseAsset

from center.commands.cli import main
from tests.processes import at_once

Apprise.instantiate("json://localhost")  # loads what Apprise knows, once for all workers


class NamedWorker:
    """A worker as a process, with what a storm asks of a `subprocess.Popen`."""

    def __init__(self, environ: dict[str, str], log: Path) -> None:
        self._process = at_once().Process(target=_work, args=(environ, log))
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid is not None
        return self._process.pid

    def poll(self) -> int | None:
        return self._process.exitcode

    def terminate(self) -> None:
        self._process.terminate()

    def kill(self) -> None:
        self._process.kill()

    def wait(self, timeout: float | None = None) -> int:
        self._process.join(timeout)
        if self._process.exitcode is None:
            raise subprocess.TimeoutExpired("worker", timeout or 0)
        return self._process.exitcode


def _work(environ: dict[str, str], log: Path) -> None:
    os.environ.clear()
    os.environ.update(environ)
    with log.open("ab") as out:
        os.dup2(out.fileno(), sys.stdout.fileno())
        os.dup2(out.fileno(), sys.stderr.fileno())
    called = environ["CENTER_TEST_NAME"]
    socket.getfqdn = lambda name="": called  # what smtplib says in EHLO
    AppriseAsset.app_id = called  # what Apprise says in User-Agent
    sys.argv = ["center", "worker", "--every", "0.5"]
    main()
