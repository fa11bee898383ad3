"""How far the loading is: a bar on a terminal, plain lines elsewhere."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Protocol

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn


class Steps(Protocol):
    """Somebody to tell how far the loading is."""

    def start(self, label: str, total: int) -> None:
        """Begin a step of so many pieces."""

    def advance(self, count: int) -> None:
        """Say that so many more of them are done."""


class Silent:
    """Tells nobody."""

    def start(self, label: str, total: int) -> None: ...
    def advance(self, count: int) -> None: ...


class Lines:
    """One line a step."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def start(self, label: str, total: int) -> None:
        self._console.print(f"{label}: {total:,}", highlight=False)

    def advance(self, count: int) -> None: ...


class Bars:
    """A bar a step."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._task: Any = None

    def start(self, label: str, total: int) -> None:
        self._task = self._progress.add_task(label, total=total)

    def advance(self, count: int) -> None:
        self._progress.advance(self._task, count)


@contextmanager
def shown_on(console: Console) -> Iterator[Steps]:
    """Steps shown as suits what the console writes to."""
    if not console.is_terminal:
        yield Lines(console)
        return
    columns = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console) as progress:
        yield Bars(progress)


def batches(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The rows in runs of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
