"""The database of version 0.1.0: its tables, part by part, and what they refuse. None of it ever changes again."""

import re

from migrations.first import (
    accounts,
    activities,
    bookings,
    centre,
    guards_postgresql,
    guards_sqlite,
    notices,
    organisations,
    people,
    rooms,
    rulebook,
    signups,
    trails,
)
from migrations.first.columns import tables

__all__ = ["PARTS", "guards", "tables"]

PARTS = (
    centre,
    people,
    accounts,
    organisations,
    rooms,
    rulebook,
    bookings,
    activities,
    signups,
    notices,
    trails,
)


def guards(engine: str) -> list[str]:
    """The statements after which the tables refuse what they must, on this engine."""
    found = {"sqlite": guards_sqlite.GUARDS, "postgresql": guards_postgresql.GUARDS}[engine]
    return [each for some in found for each in re.split(r"\n\n(?=CREATE|ALTER)", some.strip())]
