"""Where a list that is read from its latest entry goes on: a moment, and what tells entries of one moment apart."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Self

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, order=True)
class Mark:
    """Where an entry stands in a list. `rank` says of which table it is, where several are listed together."""

    at: datetime
    rank: int
    id: int

    def __str__(self) -> str:
        return f"{(self.at - _EPOCH) // timedelta(microseconds=1)}-{self.rank}-{self.id}"

    @classmethod
    def read(cls, text: str, *, ranks: int = 1) -> Self | None:
        """The mark that was written like this, of one of so many tables; None for anything else."""
        parts = text.split("-")
        if len(parts) != 3 or not all(p.isascii() and p.isdigit() and len(p) < 17 for p in parts):
            return None
        micros, rank, number = map(int, parts)
        if rank >= ranks or not 0 < number < 2**31:
            return None
        return cls(_EPOCH + timedelta(microseconds=micros), rank, number)
