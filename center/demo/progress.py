"""How far the loading is: a bar on a terminal, plain lines elsewhere, and nothing without a console."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

COLUMNS = (TextColumn("{task.description:<10}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())


class Steps:
    """Somebody to tell how far the loading is."""

    def __init__(self, console: Console | None = None, bars: Progress | None = None) -> None:
        self._console, self._bars = console, bars
        self._task: Any = None

    def start(self, label: str, total: int) -> None:
        """Begin a step of so many pieces."""
        if self._bars:
            self._task = self._bars.add_task(label, total=total)
        elif self._console:
            self._console.print(f"{label}: {total:,}", highlight=False)

    def advance(self, count: int) -> None:
        """Say that so many more of them are done."""
        if self._bars:
            self._bars.advance(self._task, count)


@contextmanager
def shown_on(console: Console) -> Iterator[Steps]:
    """Steps shown as suits what the console writes to."""
    if not console.is_terminal:
        yield Steps(console)
        return
    with Progress(*COLUMNS, console=console) as bars:
        yield Steps(bars=bars)


def batches(rows: Sequence[Any], size: int) -> Iterator[Sequence[Any]]:
    """The rows in runs of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
