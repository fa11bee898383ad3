"""The site as its users meet it: a real server with worker processes, on a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from flask import Flask

from center.kernel.config import ROOT
from tests.conftest import make_app
from tests.engines import dispose

PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Site:
    """A running site: its address, and an app on the same database for building what a test is about."""

    address: str
    app: Flask
    log: Path
    process: "subprocess.Popen[bytes]"

    def stop(self) -> None:
        """Take the server away while the test goes on."""
        _stop(self.process)


def environment(url: str, folder: Path, port: int, *, workers: int, **settings: str) -> dict[str, str]:
    """The environment of a site on the database at `url`, with its files in `folder`."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("CENTER_")}
    return {
        **plain,
        "CENTER_PRIVATE_RECEIVERS": "127.0.0.1",
        **{f"CENTER_{name.upper()}": value for name, value in settings.items()},
        "CENTER_SECOND_FACTOR": "0",
        "CENTER_DATABASE_URL": url,
        "CENTER_DATA_DIR": str(folder),
        "CENTER_SECRET_KEY": "t" * 32,
        "CENTER_PORT": str(port),
        "CENTER_WORKERS": str(workers),
    }


@contextmanager
def serve(url: str, folder: Path, *, workers: int = 2, with_worker: bool = False, **settings: str) -> Iterator[Site]:
    """Serve the site on the database at `url`; settings are CENTER_* by their short names, such as clock_start.

    What falls due is left alone unless asked for `with_worker`.
    """
    port = free_port()
    environ = environment(url, folder, port, workers=workers, **settings)
    log = folder / f"server-{port}.log"
    with log.open("wb") as out:
        command = [str(Path(sys.executable).with_name("center")), "run", *([] if with_worker else ["--no-worker"])]
        process = subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True)
    app = make_app(url)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(process, address, log)
        yield Site(address, app, log, process)
    finally:
        dispose(app)
        _stop(process)


def free_port() -> int:
    """A port that nobody listens on."""
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running(Protocol):
    """A process that can be asked whether it has ended."""

    def poll(self) -> int | None: ...


def wait_until_ready(process: Running, address: str, log: Path) -> None:
    """Return once the site answers; fails with the end of its log when it does not."""
    opener = build_opener(ProxyHandler({}))
    began = time.monotonic()
    while time.monotonic() - began < PATIENCE and process.poll() is None:
        try:
            with opener.open(f"{address}/healthz", timeout=5):
                return
        except (URLError, OSError):
            time.sleep(0.1)
    raise AssertionError(f"the server did not come up:\n{log.read_text()[-4000:]}")


def _stop(process: subprocess.Popen[bytes]) -> None:
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
