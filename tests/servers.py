"""The site as its users meet it: a real server with worker processes, on a database of its own."""

import multiprocessing
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol
from urllib.error import URLError
from urllib.request import ProxyHandler, build_opener

from flask import Flask

from center.commands.cli import main
from center.kernel.config import ROOT
from tests.conftest import COMPILED, compiled_templates, make_app
from tests.engines import dispose
from tests.processes import Forked, become

PATIENCE = 60  # seconds


@dataclass(frozen=True)
class Site:
    """A running site: its address, and an app on the same database for building what a test is about."""

    address: str
    app: Flask
    log: Path
    process: "Process"

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


class Process(Protocol):
    """A process that serves, however it was started."""

    @property
    def pid(self) -> int: ...

    def poll(self) -> int | None: ...

    def terminate(self) -> None: ...

    def kill(self) -> None: ...

    def wait(self, timeout: float | None = None) -> int: ...


@contextmanager
def serve(
    url: str, folder: Path, *, workers: int = 2, with_worker: bool = False, anew: bool = False, **settings: str
) -> Iterator[Site]:
    """Serve the site on the database at `url`; settings are CENTER_* by their short names, such as clock_start.

    What falls due is left alone unless asked for `with_worker`. It is served by a process that has imported the site
    already, or `anew` by the program as people start it.
    """
    port = free_port()
    environ = environment(url, folder, port, workers=workers, **settings)
    log = folder / f"server-{port}.log"
    words = ("run", *([] if with_worker else ["--no-worker"]))
    process: Process = _start_anew(words, environ, log) if anew else Forked(run, words, environ, log)
    app = make_app(url)
    try:
        address = f"http://127.0.0.1:{port}"
        wait_until_ready(process, address, log)
        yield Site(address, app, log, process)
    finally:
        dispose(app)
        _stop(process)


def _start_anew(words: Sequence[str], environ: dict[str, str], log: Path) -> "subprocess.Popen[bytes]":
    command = [str(Path(sys.executable).with_name("center")), *words]
    with log.open("ab") as out:
        return subprocess.Popen(command, cwd=ROOT, env=environ, stdout=out, stderr=out, start_new_session=True)


def run(words: Sequence[str], environ: dict[str, str], log: Path) -> None:
    """Be the program `center`, in a process group of its own, with the templates that were compiled before."""
    os.setsid()
    os.chdir(ROOT)
    become(environ, log, "center", *words)
    multiprocessing.set_start_method("fork", force=True)  # what the program's own processes come from
    COMPILED.directory = str(compiled_templates())
    Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": COMPILED}
    main()


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(process: Process, address: str, log: Path) -> None:
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


def _stop(process: Process) -> None:
    if process.poll() is None:
        process.terminate()
        with suppress(subprocess.TimeoutExpired):
            process.wait(timeout=10)
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait(timeout=10)
