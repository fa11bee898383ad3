"""How long the worker takes to find out that nothing is due: one look of every sweep, as it looks every two seconds."""

import time
from dataclasses import dataclass
from statistics import median

from flask import Flask

from center.app.wiring import SWEEPS
from center.kernel import clock
from center.kernel.db import db
from center.kernel.sweeps import Sweep

ROUNDS = 7
NAMED = 3  # of the slowest


@dataclass(frozen=True)
class Pass:
    """The median of the rounds for each sweep, in milliseconds."""

    milliseconds: dict[str, float]

    @property
    def whole(self) -> float:
        return sum(self.milliseconds.values())

    def told(self) -> str:
        """In a line, with those that take longest."""
        slowest = sorted(self.milliseconds.items(), key=lambda each: -each[1])[:NAMED]
        named = ", ".join(f"{name} {taken:.1f}" for name, taken in slowest)
        return f"The worker's {len(self.milliseconds)} sweeps look once in {self.whole:.1f} ms; longest: {named}."


def look(app: Flask) -> Pass:
    """Let every sweep look for what is due."""
    return Pass({sweep.name: median(_timed(app, sweep) for _round in range(ROUNDS)) for sweep in SWEEPS})


def _timed(app: Flask, sweep: Sweep) -> float:
    with app.app_context():
        db.session.connection()
        began = time.perf_counter()
        if sweep.receivers is not None:
            sweep.receivers.of_due(clock.now())
        else:
            sweep.due(clock.now())
        return (time.perf_counter() - began) * 1000
