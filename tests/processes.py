"""Processes of a test that begin at once: they come from one that has imported the whole site, and made it once."""

import multiprocessing
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from multiprocessing.context import ForkServerContext
from pathlib import Path
from typing import Any

IMPORTED = ["center.commands.cli", "tests.builders", "tests.named_worker", "tests.servers", "tests.warm"]


def at_once() -> ForkServerContext:
    """Where such processes come from; the first one of all waits for the imports."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(IMPORTED)
    return context


class Forked:
    """Such a process, with what is asked of a `subprocess.Popen`."""

    def __init__(self, task: Callable[..., Any], *args: object) -> None:
        self._process = at_once().Process(target=task, args=args)
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
            raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        return self._process.exitcode


def become(environ: Mapping[str, str], log: Path, *words: str) -> None:
    """Be in this process what a shell would start with these words: in this environment, and with a log."""
    os.environ.clear()
    os.environ.update(environ)
    with log.open("ab") as out:
        os.dup2(out.fileno(), sys.stdout.fileno())
        os.dup2(out.fileno(), sys.stderr.fileno())
    sys.argv = list(words)
