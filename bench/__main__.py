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
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import Flask

from bench import history, report
from bench.aims import Figures, growth
from bench.floor import PRESSES
from bench.load import CONNECTIONS
from bench.programme import OF_HISTORY, SCENES
from bench.servers import FLOOR, SITE, WORKERS, running
from bench.stage import Stage, do_what_is_due
from center.kernel.config import ROOT
from center.kernel.db import db
from tests.conftest import make_app
from tests.engines import ENGINES, Engines, dispose

DURABLE = "-c max_connections=200"  # otherwise as PostgreSQL comes: what is committed is on the disk


def main() -> None:
    """Measure what was asked for and print it."""
    asked = _asked()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))  # so that nothing is left behind then, either
    os.environ["CENTER_TEST_POSTGRES_OPTIONS"] = DURABLE
    home = Path(tempfile.mkdtemp(prefix="qinghe-bench-", dir=asked.folder))
    home.chmod(0o755)
    failed: list[str] = []
    engines, began = Engines(home), time.monotonic()
    try:
        postgres = engines.postgres().version if "postgresql" in asked.engines else "not measured"
        print(f"{report.machine(postgres)}\n{report.conditions()}")
        print(f"{WORKERS} workers, {CONNECTIONS} connections, {asked.rounds} rounds of ", end="")
        print(f"{asked.seconds:g} s for each page and the floor\n")
        for engine in asked.engines:
            short, *longer = [measure(engines, engine, years, asked) for years in sorted({1, *asked.history})]
            for long in longer:
                print(f"### {engine}, {long.years} years beside one\n\n{growth(short, long)}\n", flush=True)
            failed += [f"{each.engine}, {each.years}: {name}" for each in (short, *longer) for name in each.failed]
        print(f"All of it took {(time.monotonic() - began) / 60:.1f} minutes. {report.conditions()}")
    finally:
        engines.stop()
        shutil.rmtree(home, ignore_errors=True)
    if failed:
        sys.exit(f"Scenes that failed: {'; '.join(failed)}")


def measure(engines: Engines, engine: str, years: int, asked: argparse.Namespace) -> Figures:
    """One engine with so many years of history."""
    url, folder = engines.new_url(engine, f"bench{years}"), engines.home / f"{engine}-{years}"
    folder.mkdir()
    figures = Figures(engine, years)
    with _app(url.replace("postgresql://", "postgresql+psycopg://"), folder, years) as app:
        print(f"### {engine}, {_count(app):,} bookings; load {os.getloadavg()[0]:.1f}\n", flush=True)
        with running(SITE, url, folder) as site, running(FLOOR, url, folder) as floor:
            stage = Stage(app, site, floor, asked, figures)
            for name in (each for each in SCENES if each in asked.scene and (years == 1 or each in OF_HISTORY)):
                _play(stage, name)
        print(f"\n{figures.told()}\n", flush=True)
    return figures


def _play(stage: Stage, name: str) -> None:
    """One scene, how long it took, and how busy the machine was; one that fails does not stop the others."""
    began = time.monotonic()
    try:
        for line in SCENES[name](stage):
            print(line if line.startswith("|") else f"- {line}", flush=True)
    except Exception as error:
        traceback.print_exc()
        stage.figures.failed.append(name)
        print(f"- {name} FAILED: {type(error).__name__}: {error}", flush=True)
    took = f"{time.monotonic() - began:.0f} s, load {os.getloadavg()[0]:.1f}"
    print(f"- *{name}: {took}, {report.speed()}*\n", flush=True)


@contextmanager
def _app(url: str, folder: Path, years: int) -> Iterator[Flask]:
    """An app on a database with the demonstration and so many years of what it leaves behind."""
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
        do_what_is_due(app)
        yield app
    finally:
        dispose(app)


def _count(app: Flask) -> int:
    with app.app_context():
        return int(db.session.connection().exec_driver_sql("SELECT count(*) FROM bookings").scalar_one())


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--engines", nargs="+", choices=ENGINES, default=list(ENGINES), metavar="ENGINE")
    parser.add_argument("--scene", nargs="+", choices=SCENES, default=list(SCENES), metavar="SCENE", help=_scenes())
    years = "years of history to measure as well, such as 10 100"
    parser.add_argument("--history", nargs="+", type=int, default=[1], help=years)
    parser.add_argument("--seconds", type=float, default=2.0, help="of each round, for each page and for the floor")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--rush", type=int, default=2000, help="people who sign up at once for one activity")
    parser.add_argument("--people", type=int, default=1, help="times as many to search among as well, such as 100")
    parser.add_argument("--folder", default="/tmp", help="where the databases are made, and removed afterwards")
    return parser.parse_args()


def _scenes() -> str:
    again = ", ".join(OF_HISTORY)
    return f"only these: {', '.join(SCENES)}; with a long history no others than {again}"


if __name__ == "__main__":
    main()
