"""What only the owner of this installation may read: its data folder, its database, and all that it writes."""

import os
import stat
from contextlib import suppress
from pathlib import Path

from center.kernel.config import ROOT, Settings

OTHERS = stat.S_IRWXG | stat.S_IRWXO
FOLDER, FILE = 0o700, 0o600


def write_for_the_owner() -> None:
    """From now on this process and those it starts make files for their owner alone."""
    os.umask(OTHERS)


def tighten(settings: Settings) -> None:
    """Take from others what earlier versions let them read. A folder that is not this site's alone is left as it is."""
    folder = settings.data_dir
    if folder == ROOT / "var" or (folder / "secret.key").exists():
        _close(folder, FOLDER)
    for file in (folder / "secret.key", folder / "data-keys.json", *database_files(settings)):
        _close(file, FILE)


def database_files(settings: Settings) -> list[Path]:
    """The SQLite database and what SQLite writes beside it."""
    if not settings.is_sqlite or ":memory:" in settings.database_url:
        return []
    file = Path(settings.database_url.removeprefix("sqlite:///"))
    return [file.with_name(file.name + more) for more in ("", "-wal", "-shm", "-journal")] if file.name else []


def open_to_others(settings: Settings) -> list[Path]:
    """What others may read although they should not."""
    keys = (settings.data_dir / "secret.key", settings.data_dir / "data-keys.json")
    found = (settings.data_dir, *keys, *database_files(settings))
    return [path for path in found if path.exists() and stat.S_IMODE(path.stat().st_mode) & OTHERS]


def _close(path: Path, mode: int) -> None:
    with suppress(OSError):  # not there, or somebody else's: `center doctor` says so
        if stat.S_IMODE(path.stat().st_mode) & OTHERS:
            path.chmod(mode)
