"""`center demo`: loads the demonstration once, and says how to sign in."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.table import Table

from center.demo import accounts, load, state
from center.demo.cast import PARTS
from center.demo.progress import shown_on

ACCOUNTS_FILE = "demo-accounts.txt"
LOGINS = tuple(part.key for part in PARTS if part.signs_in)
HINTS = (
    ("3-2-301", "周桂珍, 76, lives alone; by building, staircase and door"),
    ("zgz", "the same, by the first letters of her name, which a few share"),
    ("0009", "by the last digits of a phone that many share; 查卫国 (zwg), who uses a wheelchair, is one of them"),
)


@dataclass(frozen=True)
class Demo:
    """The demonstration in the database at hand; its passwords are in a file in the data folder."""

    data_dir: Path
    console: Console

    @property
    def file(self) -> Path:
        """Where the accounts and passwords of the demonstration are written down."""
        return self.data_dir / ACCOUNTS_FILE

    def load(self, *, now: datetime) -> None:
        """Load it into an empty database. Raises NotEmptyError."""
        passwords = self._new_passwords()
        began = perf_counter()
        with shown_on(self.console) as steps:
            loaded = load.load(passwords, now=now, steps=steps)
        accounts.keep(self.file, passwords)
        self._say(
            f"Loaded {loaded.people:,} people, {loaded.rooms} rooms, {loaded.organisations} organisations and "
            f"{loaded.bookings:,} bookings around today in {perf_counter() - began:.1f} s."
        )

    def renew_passwords(self, *, now: datetime) -> None:
        """New passwords for all sign-ins of the demonstration."""
        passwords = self._new_passwords()
        state.renew_passwords(passwords, now=now)
        accounts.keep(self.file, passwords)

    def show(self, address: str) -> None:
        """How to sign in, and whom to look for."""
        self._say("\nThis is demonstration data: its people, phones and bookings are invented.\n")
        passwords = accounts.kept(self.file)
        if not passwords:
            self._say(f"{self.file} is gone. Run `center demo --new-passwords` to make new ones.")
            return
        table = Table("Sign-in name", "Password", "Who", title=f"Sign in at {address}sign-in", title_justify="left")
        for part in PARTS:
            if part.signs_in:
                table.add_row(part.key, passwords.get(part.key, "?"), f"{part.name}, {part.says}")
        self.console.print(table)
        self._say("At the desk (as clerk), search for:")
        for typed, finds in HINTS:
            self._say(f"  {typed:<8} {finds}")

    def _new_passwords(self) -> dict[str, str]:
        return {login: accounts.new_password() for login in LOGINS}

    def _say(self, text: str) -> None:
        self.console.print(text, highlight=False, markup=False, soft_wrap=True)
