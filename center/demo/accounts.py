"""The demonstration's sign-ins: made once, kept in a file that only this machine's owner can read."""

import os
import secrets
from pathlib import Path

CONSONANTS, VOWELS = "bdfghjkmnprstvz", "aeiou"


def new_password() -> str:
    """A password that can be read out: four groups such as tavo-niku."""
    return "-".join("".join(secrets.choice(CONSONANTS) + secrets.choice(VOWELS) for _ in range(2)) for _ in range(4))


def keep(file: Path, passwords: dict[str, str]) -> None:
    """Write the passwords down, readable by their owner only."""
    file.parent.mkdir(parents=True, exist_ok=True)
    fresh = file.with_suffix(".new")
    fresh.unlink(missing_ok=True)
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as out:
        out.writelines(f"{login}\t{password}\n" for login, password in passwords.items())
    fresh.replace(file)


def kept(file: Path) -> dict[str, str]:
    """The passwords written down before; none where there is no file."""
    if not file.exists():
        return {}
    return dict(line.split("\t", 1) for line in file.read_text(encoding="utf-8").splitlines() if "\t" in line)
