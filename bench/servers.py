"""The servers that are measured, each with worker processes of its own, on a free port of this machine."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from center.kernel.config import ROOT
from tests.servers import free_port

WORKERS = 2
PATIENCE = 180  # seconds: a start is not what is measured, also where the machine is busy
SITE = ("-c", "from center.commands.cli import main; main()", "run")
FLOOR = ("-m", "bench.floor")


@dataclass(frozen=True)
class Server:
    """Where it listens, and the process that leads all of its processes."""

    port: int
    process: int


@contextmanager
def running(program: tuple[str, ...], url: str, folder: Path) -> Iterator[Server]:
    """Let the site or the floor run on the database at `url`."""
    port = free_port()
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CENTER_")}
    settings = {
        "CENTER_DATABASE_URL": url,
        "CENTER_DATA_DIR": str(folder),
        "CENTER_SECRET_KEY": "t" * 32,
        "CENTER_PORT": str(port),
        "CENTER_WORKERS": str(WORKERS),
        "CENTER_SECOND_FACTOR": "0",  # a clerk of the load has no telephone that shows numbers
    }
    with (folder / f"server-{port}.log").open("wb") as log:
        command = [sys.executable, *program]
        server = subprocess.Popen(
            command, cwd=ROOT, env=plain | settings, stdout=log, stderr=log, start_new_session=True
        )
    try:
        _wait_until_ready(server, port)
        yield Server(port, server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:
            os.killpg(server.pid, signal.SIGKILL)


def _wait_until_ready(server: subprocess.Popen[bytes], port: int) -> None:
    opener, began = build_opener(ProxyHandler({})), time.monotonic()
    while time.monotonic() - began < PATIENCE and server.poll() is None:
        try:
            with opener.open(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise RuntimeError(f"the server did not come up on port {port}")
