"""What every scene plays on: the site and the floor at work on one database, and what was measured so far."""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass

from flask import Flask

from bench import activities, report
from bench.aims import Figures
from bench.load import Outcome, put_load, request
from bench.report import Measured
from bench.scenes import Scene, count_queries
from bench.servers import Server
from center.app.wiring import SWEEPS
from center.commands import worker


@dataclass(frozen=True)
class Stage:
    """One engine with so many years of bookings."""

    app: Flask
    site: Server
    floor: Server
    asked: argparse.Namespace
    figures: Figures

    def pages(self, scenes: Sequence[Scene]) -> str:
        """A table of pages, each measured with the floor in turn."""
        return report.table(report.HEAD, [self._measured(scene).cells() for scene in scenes])

    def activities(self, number: int) -> list[Scene]:
        """Pages of activities, of which there are so many then."""
        there = activities.fill(self.app, number)
        do_what_is_due(self.app)
        return activities.activity_scenes(self.app, there)

    def _measured(self, scene: Scene) -> Measured:
        wanted, bare = scene.requests(), [request("/")]
        site, floor, seconds = self.site.port, self.floor.port, self.asked.seconds
        put_load(site, wanted, seconds=seconds / 2)  # to be warm
        put_load(floor, bare, seconds=seconds / 2)
        rounds: list[tuple[Outcome, Outcome]] = []
        for _round in range(self.asked.rounds):
            of_floor = put_load(floor, bare, seconds=seconds)
            rounds.append((put_load(site, wanted, seconds=seconds), of_floor))
        measured = Measured(scene.name, count_queries(self.app, scene), rounds)
        self.figures.note(scene.name, measured.rate)
        return measured


def do_what_is_due(app: Flask) -> None:
    """A site that runs all the time has nothing left from yesterday, and sends no hundreds of reminders at once."""
    if failures := worker.run_once(app, SWEEPS):
        raise RuntimeError(f"{failures} things could not be done")
