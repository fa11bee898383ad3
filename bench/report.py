"""What was measured, as tables that read as they are and in Markdown."""

import os
import platform
import sys
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import version
from statistics import median

from bench.load import Outcome
from center.kernel import sqlite

PACKAGES = ("flask", "sqlalchemy", "granian", "psycopg")
ROUNDS = 1_000_000
HEAD = ("", "requests/s", "floor's requests/s", "ratio", "p50 ms", "p99 ms", "queries")


@dataclass
class Measured:
    """A scene and the floor, measured in turn, round by round."""

    name: str
    queries: int
    rounds: Sequence[tuple[Outcome, Outcome]]  # the scene's, the floor's

    @property
    def ratio(self) -> float:
        """The median over the rounds of the scene's share of the floor's rate."""
        return median(scene.rate / floor.rate for scene, floor in self.rounds)

    @property
    def rate(self) -> float:
        """Answers a second over all rounds."""
        return sum((scene for scene, _floor in self.rounds), Outcome()).rate

    def cells(self) -> list[str]:
        """A row of the table."""
        scene = sum((scene for scene, _floor in self.rounds), Outcome())
        floor = sum((floor for _scene, floor in self.rounds), Outcome())
        failures = f" ({scene.failures} FAILED)" if scene.failures else ""
        times = (f"{scene.percentile(share):.1f}" for share in (0.5, 0.99))
        return [
            self.name,
            f"{scene.rate:.0f}{failures}",
            f"{floor.rate:.0f}",
            f"{self.ratio:.2f}",
            *times,
            str(self.queries),
        ]


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table whose columns stand below each other."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(head))]
    padded = [[cell.ljust(width) for cell, width in zip(line, widths, strict=True)] for line in lines]
    rule = ["-" * width for width in widths]
    return "\n".join(f"| {' | '.join(line)} |" for line in [padded[0], rule, *padded[1:]])


def machine(postgres: str) -> str:
    """What it was measured on."""
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    return (
        f"{_processor()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}; "
        f"Python {sys.version.split()[0]}, {packages}; SQLite {sqlite.VERSION}, PostgreSQL {postgres}"
    )


def conditions() -> str:
    """How it is on the machine at this moment: what was measured is worth as much as it is quiet."""
    free = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / 1e9
    load = ", ".join(f"{each:.1f}" for each in os.getloadavg())
    when = f"{datetime.now(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{when}, load of the last 1, 5 and 15 minutes {load}, {free:.1f} GB free, {speed()}"


def speed() -> str:
    """How fast the processor is just now: shared machines differ by half from one hour to the next."""
    began = time.perf_counter()
    for _n in range(ROUNDS):
        pass
    return f"a loop of a million rounds {(time.perf_counter() - began) * 1000:.0f} ms"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo") as lines:
            return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()
