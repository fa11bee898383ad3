"""Reads a file that somebody sent in a process of its own: limited in time and memory, one of a kind at a time.

Decoders of pictures, calendars and spreadsheets can be kept busy for minutes by a few hundred bytes. What reads them is
a program that knows nothing of the site; it gets the file, gives back what it found, and ends.
"""

import os
import subprocess
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from center.kernel.errors import Busy
from center.kernel.i18n import lazy_gettext as _l
from center.kernel.logs import log

SECONDS = 1.8  # of processor time
MEGABYTES = 170
PATIENCE = 30  # seconds on the clock, where the machine has other things to do
WAIT, LOOK_AGAIN = 10.0, 0.05  # seconds
IN_LINE = 2  # files of one kind in one server process: one that is read, one that waits
KEPT = (
    "LANG",
    "LC_ALL",
    "LD_LIBRARY_PATH",
    "PATH",
    "PYTHONTZPATH",
    "SYSTEMROOT",
    "TZ",
)  # nothing secret is among these
LAUNCHER = Path(__file__).with_name("limited.py")
OTHERS_FIRST = _l("Other files are being read at this moment. Please send yours again in a little while.")

_lines: defaultdict[Path, threading.BoundedSemaphore] = defaultdict(lambda: threading.BoundedSemaphore(IN_LINE))


class ReaderEndedError(Exception):
    """The reader ended without an answer: the file was too much for it, or broke it."""


def read_apart(program: Path, *arguments: str, content: bytes) -> bytes:
    """What a program of ours finds in a file. Raises ReaderEndedError, and Busy where too many files wait."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ}
    with _turn(program):
        try:
            done = subprocess.run(  # noqa: S603
                command_of(program, *arguments),
                input=content,
                capture_output=True,
                timeout=PATIENCE,
                check=True,
                env=environment,
            )
        except subprocess.SubprocessError as error:
            log.warning("file_unreadable", reader=program.stem, ended=str(getattr(error, "returncode", "too late")))
            raise ReaderEndedError(program.stem) from error
    return done.stdout


def command_of(program: Path, *arguments: str) -> list[str]:
    """How the program is started with its limits."""
    return [sys.executable, "-I", "-B", str(LAUNCHER), str(SECONDS), str(MEGABYTES), str(program), *arguments]


@contextmanager
def _turn(program: Path) -> Iterator[None]:
    """Around the reading of one file of a kind: a second one waits, further ones are sent away at once."""
    line = _lines[program]
    if not line.acquire(blocking=False):
        raise Busy(OTHERS_FIRST)
    try:
        with _alone_on_this_machine(program):
            yield
    finally:
        line.release()


@contextmanager
def _alone_on_this_machine(program: Path) -> Iterator[None]:
    """Hold the program's own file locked, which all server processes of a machine share."""
    try:
        import fcntl
    except ImportError:  # Windows
        yield
        return
    until = time.monotonic() + WAIT
    with program.open("rb") as lock:
        while True:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                if time.monotonic() > until:
                    raise Busy(OTHERS_FIRST) from None
                time.sleep(LOOK_AGAIN)
        yield
