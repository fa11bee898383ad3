"""Measure the site beside the floor, on both engines: `python -m bench --help`.

The site and the floor are measured in turn, round by round, with the same connections, so that whatever else the
machine does meets both. Nothing is written outside a temporary folder, and PostgreSQL runs with its usual settings.
"""

import argparse
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from bench import (
    activities,
    children,
    desk,
    door,
    errands,
    evening,
    evidence,
    history,
    matching,
    readiness,
    report,
    rush,
    storm,
    weekly,
    weights,
)
from bench.floor import PRESSES
from bench.load import CONNECTIONS, Outcome, put_load, request
from bench.report import Measured
from bench.scenes import Scene, count_queries, scenes
from bench.servers import FLOOR, SITE, WORKERS, running
from center.app.wiring import SWEEPS
from center.commands import worker
from center.kernel.config import ROOT
from center.kernel.db import db
from tests.conftest import make_app
from tests.engines import ENGINES, Engines, dispose

READERS, READING = 8, 20.0  # people who read while one books, and for how many seconds
DURABLE = "-c max_connections=200"  # otherwise as PostgreSQL comes: what is committed is on the disk


def main() -> None:
    """Measure what was asked for and print it."""
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left behind then, either
    os.environ["CENTER_TEST_POSTGRES_OPTIONS"] = DURABLE
    home = Path(tempfile.mkdtemp(prefix="qinghe-bench-", dir=asked.folder))
    home.chmod(0o755)
    engines = Engines(home)
    try:
        postgres = engines.postgres().version if "postgresql" in asked.engines else "not measured"
        print(
            f"{report.machine(postgres)}\n{WORKERS} workers, {CONNECTIONS} connections, {asked.rounds} rounds of ",
            end="",
        )
        print(f"{asked.seconds:g} s for each page and the floor\n")
        for engine in asked.engines:
            for years in sorted({1, asked.history}):
                measure(engines, engine, years, asked)
    finally:
        engines.stop()
        shutil.rmtree(home, ignore_errors=True)


def measure(engines: Engines, engine: str, years: int, asked: argparse.Namespace) -> None:
    """One engine with so many years of bookings."""
    url, folder = engines.new_url(engine, f"bench{years}"), engines.home / f"{engine}-{years}"
    folder.mkdir()
    with _app(url.replace("postgresql://", "postgresql+psycopg://"), folder, years) as app:
        print(f"### {engine}, {_count(app):,} bookings\n", flush=True)
        with running(SITE, url, folder) as site, running(FLOOR, url, folder) as floor:
            rows = [_measured(app, scene, site, floor, asked).cells() for scene in scenes(app)]
            for number in activities.NUMBERS if years == 1 else ():
                there = activities.fill(app, number)
                _do_what_is_due(app)
                rows += [
                    _measured(app, scene, site, floor, asked).cells()
                    for scene in activities.activity_scenes(app, there)
                ]
            print(report.table(report.HEAD, rows), flush=True)
            print(f"\n- {weights.weigh(site).told()}", flush=True)
            print(f"- {readiness.play().told()}", flush=True)
            wanted = errands.hours(app, storm.CONTENDERS * storm.EACH)
            print(f"- {_told('bookings', storm.raise_storm(site, wanted))}", flush=True)
            if years == 1:
                print(f"- {_among_readers(app, site, there)}", flush=True)
            wanted = errands.series(app, storm.CONTENDERS * 2)
            print(f"- {_told(f'series of {errands.DATES} dates', storm.raise_storm(site, wanted))}", flush=True)
            rushed = rush.raise_rush(app, site, floor, people=asked.rush, seconds=asked.seconds)
            print(f"- {rushed.told()}", flush=True)
            if years == 1:
                print(f"- {door.open_door(app, site, floor, seconds=asked.seconds).told()}", flush=True)
                for each in matching.allocate():
                    print(f"- {each.told()}", flush=True)
                for ranked in weekly.rank(app):
                    print(f"- {ranked.told()}", flush=True)
                print(f"- {children.open_day(app, site, floor, seconds=asked.seconds).told()}", flush=True)
                print(f"- {evidence.make_pack(app).told()}", flush=True)
                gone = evening.hand_all_over(app, site)
                print(f"- {gone.told() if gone else 'No browser: children going home not measured.'}\n", flush=True)
                print(_searched(app, site, asked), flush=True)
            print(flush=True)


def _searched(app: Flask, site: int, asked: argparse.Namespace) -> str:
    """The desk's search among the people that there are, and among so many times as many."""
    clerk = desk.clerk_of(app)
    rows = list(desk.measured(app, site, clerk, seconds=asked.seconds))
    if asked.people > 1:
        desk.multiply(app, asked.people)
        rows += desk.measured(app, site, clerk, seconds=asked.seconds)
    return desk.told(rows)


def _measured(app: Flask, scene: Scene, site: int, floor: int, asked: argparse.Namespace) -> Measured:
    wanted, bare = scene.requests(), [request("/")]
    put_load(site, wanted, seconds=asked.seconds / 2)  # to be warm
    put_load(floor, bare, seconds=asked.seconds / 2)
    rounds: list[tuple[Outcome, Outcome]] = []
    for _round in range(asked.rounds):
        of_floor = put_load(floor, bare, seconds=asked.seconds)
        rounds.append((put_load(site, wanted, seconds=asked.seconds), of_floor))
    return Measured(scene.name, count_queries(app, scene), rounds)


def _among_readers(app: Flask, site: int, there: int) -> str:
    """How long one person's bookings take while others do nothing but read pages of activities."""
    pages = next(each for each in activities.activity_scenes(app, there) if each.name.startswith("an activity"))
    wanted = errands.hours(app, storm.EACH)
    with ThreadPoolExecutor(1) as pool:
        reading = pool.submit(put_load, site, pages.requests(), seconds=READING, connections=READERS)
        raised = storm.raise_storm(site, wanted, at_once=1)
        read = reading.result()
    whole = "" if raised.seconds < READING else f" (the readers were done before it, after {READING:g} s)"
    return (
        f"Among {READERS} readers, who had {read.rate:.0f} pages/s and {read.failures} failures{whole}: "
        f"{_told('bookings', raised, people=1)}"
    )


def _told(what: str, raised: storm.Storm, *, people: int = storm.CONTENDERS) -> str:
    booking, errand = Outcome(1, raised.booking), Outcome(1, raised.errand)
    return (
        f"{len(raised.booking)} {what} through the form by {people} people at once: the booking itself "
        f"p50 {booking.percentile(0.5):.0f} ms, p99 {booking.percentile(0.99):.0f} ms; open, check and book "
        f"p50 {errand.percentile(0.5):.0f} ms, p99 {errand.percentile(0.99):.0f} ms; "
        f"{len(raised.booking) / raised.seconds:.1f} such errands/s; {raised.failures} not made."
    )


@contextmanager
def _app(url: str, folder: Path, years: int) -> Iterator[Flask]:
    """An app on a database with the demonstration and so many years of its bookings."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CENTER_")}
    own = {"CENTER_DATABASE_URL": url, "CENTER_DATA_DIR": str(folder)}
    command = [sys.executable, "-c", "from center.commands.cli import main; main()", "demo"]
    subprocess.run(command, cwd=ROOT, env=environ | own, check=True, stdout=subprocess.DEVNULL)
    app = make_app(url)
    try:
        with app.app_context(), db.engine.connect() as connection:
            PRESSES.create(connection)
            connection.commit()
            began = time.monotonic()
            for year in history.add_years(connection, years - 1):
                if year % 10 == 0:
                    print(f"{year} years loaded after {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
        _do_what_is_due(app)
        yield app
    finally:
        dispose(app)


def _do_what_is_due(app: Flask) -> None:
    """A site that runs all the time has nothing left from yesterday, and sends no hundreds of reminders at once."""
    if failures := worker.run_once(app, SWEEPS):
        raise RuntimeError(f"{failures} things could not be done")


def _count(app: Flask) -> int:
    with app.app_context():
        return int(db.session.connection().exec_driver_sql("SELECT count(*) FROM bookings").scalar_one())


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES), metavar="ENGINE")
    parser.add_argument("--history", type=int, default=1, help="years of bookings to measure as well, such as 100")
    parser.add_argument("--seconds", type=float, default=3.0, help="of each round, for each page and for the floor")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rush", type=int, default=2000, help="people who sign up at once for one activity")
    parser.add_argument("--people", type=int, default=1, help="times as many to search among as well, such as 100")
    parser.add_argument("--folder", default="/tmp", help="where the databases are made, and removed afterwards")
    return parser.parse_args()


if __name__ == "__main__":
    main()
