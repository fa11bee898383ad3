"""What memory the site takes: all its processes together, each page of it that several share counted in parts (PSS)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)


@dataclass(frozen=True)
class Process:
    """One process: what it was started as, its memory in megabytes, and how many threads it has."""

    command: str
    megabytes: float
    threads: int


def of_session(leader: int) -> list[Process]:
    """The processes of the session that this one leads: the server, its workers, and the worker beside them."""
    return [_looked_at(folder) for folder in _folders(leader)]


def told(found: list[Process]) -> str:
    """In a line."""
    each = ", ".join(f"{one.megabytes:.0f} ({one.command}, {one.threads} threads)" for one in found)
    return f"Memory (PSS) of {len(found)} processes: {sum(one.megabytes for one in found):.0f} MB: {each}."


def _folders(leader: int) -> Iterator[Path]:
    for folder in sorted(Path("/proc").glob("[0-9]*"), key=lambda each: int(each.name)):
        try:
            if int((folder / "stat").read_text().rpartition(")")[2].split()[3]) == leader:
                yield folder
        except (OSError, IndexError):
            continue  # it has just ended


def _looked_at(folder: Path) -> Process:
    words = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode().split()
    known = [each for each in words if each in {"run", "worker", "--multiprocessing-fork"}]
    found = PSS.search((folder / "smaps_rollup").read_text())
    kilobytes = int(found[1]) if found else 0
    called = (folder / "comm").read_text().strip()
    name = known[0].strip("-") if known and called.startswith("python") else called
    return Process(name, kilobytes / 1000, len(list((folder / "task").iterdir())))
