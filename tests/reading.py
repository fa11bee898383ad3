"""Files of closures read in the test's own process: to start another takes longer than to read most files.

`tests/test_bombs.py` starts the readers as the site does, and so do some tests of each page that takes a file.
"""

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from center.kernel.apart import ReaderEndedError
from center.rooms import calendar_file, table_file
from tests.fuzz.cases import within

SECONDS = 2  # on the clock


def _calendar(content: bytes, zone: str, today: str) -> Any:
    return calendar_file.read(content, zone=ZoneInfo(zone), today=date.fromisoformat(today))


READERS: dict[str, Callable[..., Any]] = {"calendar_file": _calendar, "table_file": table_file.read}
UNREADABLE = (calendar_file.Unreadable, table_file.Unreadable)


def read_here(program: Path, *arguments: str, content: bytes) -> bytes:
    """What the program would answer, in place of `center.kernel.apart.read_apart`; it ends where that would."""
    try:
        with within(SECONDS):
            return json.dumps({"lines": READERS[program.stem](content, *arguments)}).encode()
    except UNREADABLE as refused:
        return json.dumps({"refused": refused.args[0]}).encode()
    except Exception as error:  # the process would have ended
        raise ReaderEndedError(program.stem) from error
