"""What is aimed at, and what was measured beside it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bench import report

HEAD = ("work", "measured", "aim", "")
GROWTH_HEAD = ("work", "with a year", "with {years} years", "times as dear")
MOST_GROWTH = 1.2  # times as dear with a long history


@dataclass(frozen=True)
class Aim:
    """What one figure should reach with SQLite and with PostgreSQL: at least, or for a waiting time at most."""

    sqlite: float
    postgresql: float
    unit: str = "/s"
    is_most: bool = False

    def of(self, engine: str) -> float:
        return self.sqlite if engine == "sqlite" else self.postgresql

    def is_met(self, engine: str, value: float) -> bool:
        return value <= self.of(engine) if self.is_most else value >= self.of(engine)


def _rate(sqlite: float, postgresql: float) -> Aim:
    return Aim(sqlite, postgresql)


def _most(sqlite: float, postgresql: float | None = None, unit: str = "ms") -> Aim:
    return Aim(sqlite, sqlite if postgresql is None else postgresql, unit, is_most=True)


AIMS: Mapping[str, Aim] = {
    "board, every drawing new": _rate(400, 300),
    "board, signed in": _rate(1200, 800),
    "board, 5 unrelated commits a second": _rate(2300, 1300),
    "find a room": _rate(250, 180),
    "desk": _rate(250, 180),
    "/me": _rate(250, 180),
    "home, signed in": _rate(250, 180),
    "an activity, of 50": _rate(800, 500),
    "an activity, of 5,000": _rate(800, 500),
    "list of activities, of 50": _rate(1000, 600),
    "list of activities, of 5,000": _rate(1000, 600),
    "centre's calendar, kept, p50": _most(5),
    "centre's calendar, not changed (304), p50": _most(1),
    "booking, one client": _rate(60, 45),
    "booking, 16 at once": _rate(80, 70),
    "booking, 16 at once: save p99": _most(300),
    "booking, 8 others read: save p99": _most(150, 200),
    "rush": _rate(200, 150),
    "scan at the door, p99": _most(50),
    "200 stored entries at once": _most(1000),
    "roll of 40, p99": _most(300),
    "after-school day of 40: bytes": _most(60, unit="kB"),
    "desk's search, slowest p99": _most(100),
    "readiness of 40 pieces, worst": _most(50),
    "best weekly times of a room, p50": _most(300),
    "best weekly times of a room, of the processor": _most(100),
    "a programme of 40 pieces, printed, worst": _most(1000),
    "allocation of 17 × 60": _most(10),
    "allocation of 1,700 × 6,000": _most(2000),
    "publishing an allocation of 240 dates": _most(800),
    "evidence pack of 200 photographs": _most(10, unit="s"),
    "40 children go home": _most(600, unit="s"),
    "memory after load (PSS)": _most(350, unit="MB"),
    "first visit of the board": _most(60, unit="kB"),
    "next page: requests": _most(1, unit=""),
}


@dataclass
class Figures:
    """What was measured on one engine with so many years of bookings, by what it is; not all of it has an aim."""

    engine: str
    years: int
    found: dict[str, float] = field(default_factory=dict)
    failed: list[str] = field(default_factory=list)  # scenes that broke off

    def note(self, what: str, value: float) -> None:
        self.found[what] = value

    def told(self) -> str:
        """A table of what has an aim."""
        return report.table(HEAD, self._rows())

    def _rows(self) -> Iterator[list[str]]:
        for what, aim in AIMS.items():
            if what in self.found:
                value, sign = self.found[what], "≤" if aim.is_most else "≥"
                aimed = f"{sign} {aim.of(self.engine):,g} {aim.unit}".strip()
                is_met = aim.is_met(self.engine, value)
                yield [what, f"{shown(value)} {aim.unit}".strip(), aimed, "met" if is_met else "MISSED"]


def growth(short: Figures, long: Figures) -> str:
    """What the long history makes dearer: how many times as long it takes, or as few are done a second."""
    rows = []
    for what in (each for each in short.found if each in long.found and short.found[each] and long.found[each]):
        is_rate = not (AIMS[what].is_most if what in AIMS else what.endswith("ms"))
        was, is_now = short.found[what], long.found[what]
        times = was / is_now if is_rate else is_now / was
        met = "met" if times <= MOST_GROWTH else "MISSED"
        rows.append([what, shown(was), shown(is_now), f"{times:.2f} (aim {MOST_GROWTH:g}): {met}"])
    return report.table([each.format(years=long.years) for each in GROWTH_HEAD], rows)


def shown(value: float) -> str:
    """A figure with as many digits as it is worth."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
